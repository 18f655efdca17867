/**
 * What the configuration says of the activity log: schema and checked form. Pure.
 */
import { z } from 'zod';

/** What is recorded and how long it is kept. */
export interface ActivityConfig {
  readonly enabled: boolean;
  /** Whether arguments, and results, are kept with a call (redacted). */
  readonly arguments: boolean;
  readonly results: boolean;
  readonly days: number;
  readonly rows: number;
  readonly bytes: number;
  /** Names under which values are secret, beside the usual ones. */
  readonly secretNames: readonly string[];
}

const MEGABYTE = 1024 * 1024;

/** `activity` in the file. */
export const activitySchema = z
  .strictObject({
    enabled: z.boolean().optional().describe('Whether anything is recorded. Default `true`.'),
    arguments: z
      .boolean()
      .optional()
      .describe(
        'Whether the arguments of calls are kept, with secrets hidden, up to 16 KiB each. Default `true`.',
      ),
    results: z.boolean().optional().describe('The same for their results. Default `true`.'),
    days: z.int().min(1).max(3_650).optional().describe('Days that a row is kept. Default 30.'),
    rows: z.int().min(1_000).max(10_000_000).optional().describe('Rows that are kept. Default 1000000.'),
    megabytes: z
      .int()
      .min(8)
      .max(65_536)
      .optional()
      .describe('Size on disk that the log may take, in MiB; the oldest rows go first. Default 256.'),
    secretNames: z
      .array(z.string().min(2).max(64))
      .max(100)
      .optional()
      .describe('Names of arguments whose values are secret, beside the usual ones such as `password`.'),
  })
  .optional()
  .describe('What the activity log keeps.');

/** The checked `activity`. */
export function readActivity(activity: z.infer<typeof activitySchema>): ActivityConfig {
  return {
    enabled: activity?.enabled ?? true,
    arguments: activity?.arguments ?? true,
    results: activity?.results ?? true,
    days: activity?.days ?? 30,
    rows: activity?.rows ?? 1_000_000,
    bytes: (activity?.megabytes ?? 256) * MEGABYTE,
    secretNames: activity?.secretNames ?? [],
  };
}
