/**
 * How a server is kept running, in the configuration file: when it starts and stops, what a call may take, and how much
 * at once. Schemas, types and the rules that a schema cannot say. Pure.
 */
import { z } from 'zod';
import type { ConfigPath } from './error.ts';
import type { ConfigTree } from './tree.ts';

/** See above. */
export interface UpkeepConfig {
  /** `on-demand`: listed as it was seen last, started by the first call. */
  readonly start: 'always' | 'on-demand';
  /** Milliseconds without a call after which it is stopped; null means never. */
  readonly idleStopMs: number | null;
  /** Milliseconds for the answer to the first question. */
  readonly startTimeoutMs: number;
  /** Longest wait for the answer to one call, in milliseconds. */
  readonly callTimeoutMs: number;
  /** The same for single tools, by the server's own name of the tool. */
  readonly toolTimeoutsMs: Readonly<Record<string, number>>;
  /** Calls under way at once; null means no bound but that of the connection. */
  readonly maxConcurrentCalls: number | null;
  /** Calls that may wait for their turn; more are refused. */
  readonly maxQueuedCalls: number;
  /** Bytes of one answer; null means the bound of the transport (256 MiB). */
  readonly maxResultBytes: number | null;
  /** Milliseconds of silence after which a server is asked for a sign of life; 0 means never. */
  readonly healthCheckMs: number;
}

/** What a call may take unless the file says otherwise, in milliseconds. */
const CALL_TIMEOUT_MS = 120_000;
/** First starts download packages. */
const START_TIMEOUT_MS = 120_000;
/** One day. */
const LONGEST_MS = 86_400_000;
const QUEUED_CALLS = 100;
const HEALTH_CHECK_SECONDS = 60;

const milliseconds = z.int().min(1).max(LONGEST_MS);

/** The keys of one server. */
export const upkeepShape = {
  start: z
    .enum(['always', 'on-demand'])
    .optional()
    .describe(
      'When it starts: with Gatehouse, or with the first call; until then its tools are listed as they were seen last. Default `always`.',
    ),
  idleStop: z
    .number()
    .min(0.1)
    .max(10_080)
    .optional()
    .describe(
      'Minutes without a call after which it is stopped; the next call starts it again. Default: it is never stopped.',
    ),
  startTimeoutMs: milliseconds
    .optional()
    .describe(
      `Longest wait for its first answer after it was started, in milliseconds. Default ${START_TIMEOUT_MS}: first starts download packages.`,
    ),
  callTimeoutMs: milliseconds
    .optional()
    .describe(
      `Longest wait for the answer to one call, in milliseconds; progress that the server reports begins it anew. Default ${CALL_TIMEOUT_MS}.`,
    ),
  toolTimeoutsMs: z
    .record(z.string().min(1), milliseconds)
    .optional()
    .describe("`callTimeoutMs` for single tools, by the server's own names of them."),
  maxConcurrentCalls: z
    .int()
    .min(1)
    .max(65_536)
    .optional()
    .describe('Calls to it under way at once; further ones wait for their turn. Default: no such bound.'),
  maxQueuedCalls: z
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe(
      `Calls that may wait for their turn; more are refused with an error that says to try again. Default ${QUEUED_CALLS}.`,
    ),
  maxResultBytes: z
    .int()
    .min(1024)
    .max(256 * 1024 * 1024)
    .optional()
    .describe('Longest answer that is accepted, in bytes. Default 268435456 (256 MiB).'),
  healthCheckSeconds: z
    .int()
    .min(0)
    .max(86_400)
    .optional()
    .describe(
      `Seconds of silence after which it is asked whether it is still there; after three checks without an answer it is started again. 0 never asks. Default ${HEALTH_CHECK_SECONDS}.`,
    ),
};

/** One entry's part of these keys. */
type UpkeepEntry = { [K in keyof typeof upkeepShape]?: z.infer<(typeof upkeepShape)[K]> };

/**
 * The checked keys.
 *
 * @throws ConfigError `config.invalid_value` where one means nothing without another
 */
export function readUpkeep(tree: ConfigTree, path: ConfigPath, entry: UpkeepEntry): UpkeepConfig {
  if (entry.maxQueuedCalls !== undefined && entry.maxConcurrentCalls === undefined) {
    throw tree.fault(
      [...path, 'maxQueuedCalls'],
      'config.invalid_value',
      '"maxQueuedCalls" means nothing without "maxConcurrentCalls".',
      'Add "maxConcurrentCalls", or remove it.',
    );
  }
  return {
    start: entry.start ?? 'always',
    idleStopMs: entry.idleStop === undefined ? null : Math.round(entry.idleStop * 60_000),
    startTimeoutMs: entry.startTimeoutMs ?? START_TIMEOUT_MS,
    callTimeoutMs: entry.callTimeoutMs ?? CALL_TIMEOUT_MS,
    toolTimeoutsMs: { ...entry.toolTimeoutsMs },
    maxConcurrentCalls: entry.maxConcurrentCalls ?? null,
    maxQueuedCalls: entry.maxQueuedCalls ?? QUEUED_CALLS,
    maxResultBytes: entry.maxResultBytes ?? null,
    healthCheckMs: (entry.healthCheckSeconds ?? HEALTH_CHECK_SECONDS) * 1_000,
  };
}
