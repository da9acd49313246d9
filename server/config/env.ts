/** The only place that reads the environment. */
export const readEnv = (): Record<string, string | undefined> => process.env;
