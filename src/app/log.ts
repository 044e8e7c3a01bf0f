import { pino, type Logger } from 'pino';
import type { Log } from '../kernel/log.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * The log of the process, on standard error so that a command's output stays clean: lines for a person on a terminal,
 * JSON for a machine. Whatever looks like a secret is cut out, should a field ever carry one.
 */
export function createLog(level: LogLevel): Log {
  const options = {
    level,
    base: null,
    redact: { paths: ['*.password', '*.secret', '*.token', '*.authorization', '*.cookie'], censor: '[removed]' },
  };
  const logger: Logger = process.stderr.isTTY
    ? pino({
        ...options,
        transport: { target: 'pino-pretty', options: { destination: 2, translateTime: 'HH:MM:ss', ignore: 'pid' } },
      })
    : pino(options, pino.destination(2));
  return logger;
}
