/** Calls for the tests of the activity log. */
import type { ActivityLog } from '../../main/activity/activity.ts';
import type { ActivityEntry } from '../../main/activity/entry.ts';
import type { NewEntry } from '../../main/activity/unpack.ts';

/** A plausible call; `changes` are laid over it. */
export function call(changes: Partial<ActivityEntry> = {}): ActivityEntry {
  return {
    at: 1_700_000_000_000,
    client: 'claude-desktop',
    session: '5f0c2a54-3f0e-4f0e-9a53-0c1f6a1f2b3d',
    server: 'files',
    tool: 'read_text_file',
    method: 'tools/call',
    outcome: 'ok',
    errorCode: null,
    durationMs: 12,
    requestBytes: 180,
    responseBytes: 2_048,
    ...changes,
  };
}

/** The same on the log's own thread. */
export function stored(changes: Partial<NewEntry> = {}): NewEntry {
  return {
    at: 1_700_000_000_000,
    facet: 1,
    session: '5f0c2a54-3f0e-4f0e-9a53-0c1f6a1f2b3d',
    target: null,
    durationMs: 12,
    requestBytes: 180,
    responseBytes: 2_048,
    details: null,
    skipped: false,
    ...changes,
  };
}

/** Records a call without arguments and result. */
export function put(log: ActivityLog, changes: Partial<ActivityEntry> = {}): void {
  log.record(call(changes), null, null);
}

/** A request as the gateway has it. */
export function request(args: object, name = 'read_text_file'): Buffer {
  return Buffer.from(
    JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name, arguments: args } }),
  );
}

/** An answer as the gateway has it. */
export function answer(text: string): Buffer {
  return Buffer.from(
    JSON.stringify({ jsonrpc: '2.0', id: 7, result: { content: [{ type: 'text', text }] } }),
  );
}
