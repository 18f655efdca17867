/** Calls for the tests of the activity log. */
import type { ActivityEntry } from '../../main/activity/activity.ts';

/** A plausible call; `changes` are laid over it. */
export function call(changes: Partial<ActivityEntry> = {}): ActivityEntry {
  return {
    id: 0,
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
