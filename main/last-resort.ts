/**
 * The last resort of the headless app: a fault in the handling of one message must not end the process that all servers
 * live in. It is logged with its place, never with its message, which may quote what it failed on.
 */
import type { Logger } from './logger.ts';

/** Catches what nobody else did. Returns the way to stop. */
export function catchTheRest(log: Logger): () => void {
  const fault = (error: unknown): void => {
    try {
      log.error({ fault: placeOf(error) }, 'a fault that nobody handled; the app goes on');
    } catch {
      // Where nothing can be logged any more there is nobody to tell.
    }
  };
  process.on('uncaughtException', fault);
  process.on('unhandledRejection', fault);
  return () => {
    process.off('uncaughtException', fault);
    process.off('unhandledRejection', fault);
  };
}

function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [error.name, ...frames.slice(0, 8)].join('\n');
}
