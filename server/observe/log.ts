import pino, { type Logger } from "pino";

export type { Logger };

/**
 * Structured logs, one JSON line each. They carry ids and codes, never names, texts, phones, addresses or
 * tokens: whoever runs a city's courtyards must be able to share a log.
 */
export const createLogger = (level: string): Logger =>
  pino({
    level,
    base: undefined,
    redact: {
      paths: ["*.token", "*.password", "*.code", "*.text", "*.displayName", "*.contact"],
      remove: true,
    },
  });
