/**
 * What engines answer when something goes wrong, in words that say what to do. Pure.
 */
import { GatehouseError } from '../protocol/error.ts';

/** The HTTP status of an engine's refusal; null when it did not answer. */
export function statusOf(error: unknown): number | null {
  const status = (Object(error) as { statusCode?: unknown }).statusCode;
  return typeof status === 'number' ? status : null;
}

/** The engine's own sentence, without what the client library puts around it; one line. */
export function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const bare = text
    .replace(/^\(HTTP code \d+\) [^-]*- /, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return bare.slice(0, 300);
}

/** Whether this says that the engine itself is not there any more. */
export function isEngineGone(error: unknown): boolean {
  if (error instanceof GatehouseError) return /^isolation\.engine_/.test(error.code);
  const code = (Object(error) as { code?: unknown }).code;
  if (['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT'].includes(String(code)))
    return true;
  return statusOf(error) === null && /socket hang up|connect E/.test(sentenceOf(error));
}

/** Why a container could not be made or started. */
export function startFailed(image: string, error: unknown): GatehouseError {
  const why = sentenceOf(error);
  const seccomp = /seccomp|operation not permitted/i.test(why);
  return new GatehouseError({
    code: 'isolation.start_failed',
    message: 'The container engine could not start a container of "{image}": {why}',
    ...(seccomp
      ? {
          form: 'rights',
          remedy:
            'The engine may lack rights of its own on this computer; try `docker run --rm IMAGE` in a terminal.',
        }
      : { remedy: 'Try `docker run --rm IMAGE` in a terminal; its error tells more.' }),
    values: { image, why },
    cause: error,
  });
}

/** The connection to the engine broke while something ran in it. */
export function engineLost(cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'isolation.engine_lost',
    message: 'The container engine went away.',
    remedy: 'Start Docker or Podman again; the server starts by itself then.',
    cause,
  });
}
