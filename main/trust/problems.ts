/** What can go wrong with decisions, in words; and how clients are refused what is held. */
import { GatehouseError } from '../protocol/error.ts';
import type { ApprovalState } from './approval.ts';

/** A decision that could not be written, and so does not count. */
export function writeFailed(cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'trust.write_failed',
    message: 'The change could not be saved.',
    remedy: 'Check that the data directory is writable and that the disk has room; then try again.',
    cause,
  });
}

/** A decision that came after the end. */
export function closedError(): GatehouseError {
  return new GatehouseError({
    code: 'trust.closed',
    message: 'Gatehouse is closing, so the change was not made.',
    remedy: 'Make it again after the next start.',
  });
}

/** The copy of a damaged file is in use: told, not thrown. */
export function restored(server: string): GatehouseError {
  return new GatehouseError({
    code: 'trust.file_restored',
    message: 'The file of approvals of "{server}" was damaged or gone; its last good copy is in use.',
    remedy: 'Check what you approved or blocked last.',
    values: { server },
  });
}

/** Neither the file nor its copy can be read: all of the server waits again. */
export function lost(server: string, file: string, cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'trust.approvals_lost',
    message: 'The approvals of "{server}" cannot be read, so all that it offers waits for you again.',
    remedy: 'Approve it anew, or put {file} back from a backup and restart.',
    values: { server, file },
    cause,
  });
}

/** The refusal of anything of a server that the user has not let in. */
export function serverQuarantined(server: string): GatehouseError {
  return new GatehouseError({
    code: 'trust.server_quarantined',
    message: 'The server "{server}" is held back: its user has not approved it yet.',
    remedy: 'Only its user can release it, in Gatehouse or with: gatehouse server release.',
    values: { server },
  });
}

const WORDS: Readonly<Record<Exclude<ApprovalState, 'approved'>, readonly [string, string]>> = {
  pending: ['trust.pending', 'is new and waits for approval'],
  changed: ['trust.changed', 'has changed since it was approved, and waits for approval'],
  blocked: ['trust.blocked', 'is blocked'],
};

/** The refusal of a tool or prompt that is held. */
export function held(server: string, key: string, state: Exclude<ApprovalState, 'approved'>): GatehouseError {
  const [code, words] = WORDS[state];
  return new GatehouseError({
    code,
    message: `"${key.slice(0, 200)}" of "${server}" ${words}.`,
    remedy: 'Only its user can let it through, in Gatehouse or with: gatehouse approvals.',
  });
}

/** The refusal of a tool that the user has switched off. */
export function toolOff(server: string, tool: string): GatehouseError {
  return new GatehouseError({
    code: 'trust.tool_off',
    message: `The tool "${tool.slice(0, 200)}" of "${server}" is switched off.`,
    remedy: 'Its owner can switch it on in Gatehouse.',
  });
}

/** The refusal of a tool that a filter keeps from this client, or from everybody. */
export function toolFiltered(server: string, tool: string): GatehouseError {
  return new GatehouseError({
    code: 'trust.tool_filtered',
    message: `The tool "${tool.slice(0, 200)}" of "${server}" is not offered here.`,
    remedy:
      "Its owner can change what is offered: the server's filter, the profile, or what this client may use.",
  });
}
