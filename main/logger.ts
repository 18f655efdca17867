/**
 * The app's own log: JSON lines on stderr, never on stdout, which belongs to the launcher contract and to MCP.
 */
import pino from 'pino';

/** What rooms may log: facts, never contents of messages, never secrets. */
export interface Logger {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** Logs to stderr at `level` (a pino level name). Fields that could hold a secret by mistake are blanked. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ['token', 'authorization', 'headers', 'env', '*.token', '*.authorization'],
        censor: 'hidden',
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
