import pino, { type Logger } from "pino";

export type { Logger };

/** PostgreSQL's errors quote the row they are about; a log must not. */
function withoutData(error: Error): object {
  const {
    detail: _detail,
    where: _where,
    ...told
  } = pino.stdSerializers.err(error) as object & {
    detail?: unknown;
    where?: unknown;
  };
  return told;
}

/**
 * Structured logs, one JSON line each. They carry ids and codes, never names, texts, phones, addresses or
 * tokens: whoever runs a city's courtyards must be able to share a log.
 */
export const createLogger = (level: string): Logger =>
  pino({
    level,
    base: undefined,
    serializers: { err: withoutData },
    redact: {
      paths: ["*.token", "*.password", "*.code", "*.text", "*.displayName", "*.contact"],
      remove: true,
    },
  });
