/**
 * What the app records and how it is read again: the activity log with its settings, its state for the screens, and its
 * exports. `close` has everything written.
 */
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActivityAppended, ActivityStatus } from '../preload/views/activity.ts';
import { type ActivityLog, type ActivityState, openActivity } from './activity/activity.ts';
import type { ActivityEntry, ActivityFilter, ActivityNote } from './activity/entry.ts';
import { type ExportFormat, exportHead, exportLine } from './activity/export.ts';
import type { LogSettings } from './activity/messages.ts';
import { startLogThread } from './activity/thread.ts';
import type { ActivityDeps } from './api/activity.ts';
import type { ActivityConfig } from './config/recording.ts';
import type { Logger } from './logger.ts';
import type { Clock } from './protocol/clock.ts';
import { GatehouseError } from './protocol/error.ts';

/** What recording needs. */
export interface RecordingDeps {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: ActivityConfig;
  changed(status: ActivityStatus): void;
}

/** The record of it all. */
export interface Recording extends ActivityDeps {
  /** Takes a finished call; on the way of every call, so it does next to nothing. */
  record(entry: ActivityEntry, request: Buffer | null, answer: Buffer | null): void;
  /** Takes anything else that happened. Texts may hold secrets: they are redacted. */
  note(note: ActivityNote): void;
  /** Puts changed settings in force. */
  configure(config: ActivityConfig): void;
  /** A secret that has been used, so that it is recognized where it turns up. */
  hideSecret(value: string): void;
  onActivity(listener: (appended: ActivityAppended) => void): () => void;
  readonly opened: Promise<void>;
  callsSince(epochMs: number): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

/** Rows that an export reads at once. */
const EXPORT_ROWS = 500;
/** Secrets that are remembered. */
const MOST_SECRETS = 1_000;

/** Opens the log in the background and returns at once. */
export function openRecording({ dataDir, clock, log, config, changed }: RecordingDeps): Recording {
  let current = config;
  let closed = false;
  const secrets = new Set<string>();
  const listeners = new Set<(appended: ActivityAppended) => void>();
  const tell = (): void => changed(current.enabled ? statusOf(activity.state) : OFF);
  const activity: ActivityLog = openActivity({
    file: join(dataDir, 'activity.db'),
    clock,
    startThread: startLogThread,
    settings: settingsOf(config),
    onProblem: (problem) => log.warn({ code: problem.code }, 'activity'),
    onState(state) {
      // What is closed while it opens is no fault.
      if (state.state === 'unavailable' && !closed)
        log.error({ code: state.problem.code }, 'no activity log');
      tell();
    },
  });

  const exportTo = async (
    format: ExportFormat,
    filter: ActivityFilter,
  ): Promise<{ file: string; rows: number }> => {
    const folder = join(dataDir, 'exports');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const stamp = new Date(clock.now()).toISOString().replace(/[:.]/g, '-');
    const file = join(folder, `activity-${stamp}.${format}`);
    // 'wx': never over anything, and never through a link that somebody has put there.
    const handle = await open(file, 'wx', 0o600);
    let rows = 0;
    try {
      await handle.write(exportHead(format));
      for (let before: number | undefined; ; ) {
        if (closed) throw new Error('Gatehouse is closing');
        const page = await activity.detailed({ filter, limit: EXPORT_ROWS, before });
        await handle.write(page.map((row) => exportLine(format, row)).join(''));
        rows += page.length;
        before = page.at(-1)?.id;
        if (page.length < EXPORT_ROWS) return { file, rows };
      }
    } finally {
      await handle.close();
    }
  };

  return {
    record(entry, request, answer) {
      if (!current.enabled) return;
      activity.record(entry, current.arguments ? request : null, current.results ? answer : null);
    },
    note(note) {
      if (current.enabled) activity.note(note);
    },
    configure(next) {
      if (JSON.stringify(next) === JSON.stringify(current)) return;
      current = next;
      activity.configure(settingsOf(next));
      tell();
    },
    hideSecret(value) {
      if (value.length < 4 || secrets.has(value) || secrets.size >= MOST_SECRETS) return;
      secrets.add(value);
      activity.setSecrets([...secrets]);
    },
    onActivity(listener) {
      listeners.add(listener);
      if (listeners.size === 1) {
        activity.watch((rows, missed) => {
          for (const one of [...listeners]) one({ rows, missed });
        });
      }
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) activity.watch(null);
      };
    },
    opened: activity.opened,
    callsSince: (epochMs) => activity.callsSince(epochMs),
    page: (query) => activity.page(query),
    detailed: (query) => activity.detailed(query),
    entry: (id) => activity.entry(id),
    stats(query) {
      if (query.until <= query.since) throw emptyTime();
      return activity.stats(query);
    },
    async export(format, filter) {
      try {
        return await exportTo(format, filter);
      } catch (cause) {
        if (cause instanceof GatehouseError) throw cause;
        throw exportFailed(cause);
      }
    },
    clear: () => activity.clear(),
    close() {
      closed = true;
      return activity.close();
    },
  };
}

const OFF: ActivityStatus = { state: 'off', problem: null, rows: 0, bytes: 0 };

function statusOf(state: ActivityState): ActivityStatus {
  return {
    state: state.state,
    problem: 'problem' in state ? state.problem : null,
    rows: 'rows' in state ? state.rows : 0,
    bytes: 'bytes' in state ? state.bytes : 0,
  };
}

function settingsOf({
  arguments: requests,
  results: responses,
  secretNames,
  days,
  rows,
  bytes,
}: ActivityConfig): LogSettings {
  return { limits: { days, rows, bytes }, requests, responses, secretNames };
}

function emptyTime(): GatehouseError {
  return new GatehouseError({
    code: 'activity.bad_time',
    message: 'The time that is asked for ends before it begins.',
    remedy: 'Choose an end after the beginning.',
  });
}

function exportFailed(cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'activity.export_failed',
    message: 'The export could not be written.',
    remedy: 'Check that the disk of the data directory has room and can be written to.',
    cause,
  });
}
