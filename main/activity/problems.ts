/**
 * Problems of the log that both of its threads tell.
 */
import type { LogProblem } from './messages.ts';

/** Rows that found no place. */
export function lostProblem(lost: number): LogProblem {
  return {
    code: 'activity.calls_lost',
    ...(lost === 1 ? { form: 'one' } : { values: { count: String(lost) } }),
    message: `${lost} ${lost === 1 ? 'call was' : 'calls were'} not recorded: the disk could not keep up.`,
    remedy:
      'Calls themselves were not affected. Check that the disk of the data directory has room and is not very busy.',
  };
}
