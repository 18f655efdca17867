/**
 * What the activity log is told beside calls: decisions that somebody took through a command, and what changes in the
 * state of servers, configuration and endpoint. Pure but for what it is given.
 */
import type { CoreCommandName } from '../preload/contract.ts';
import type { Actor } from '../preload/views/trust.ts';
import type { ActivityNote } from './activity/entry.ts';
import type { GatehouseConfig } from './config/schema.ts';
import { changesOf } from './config-changes.ts';
import type { AppEvent } from './state/state.ts';

/** Commands that only look. */
const LOOKS =
  /^(?:snapshot\.|activity\.(?:query|detailed|entry|stats)$|.*\.(?:get|list|show|entry|preview|tools|log|containment|run|awaitSignIn|waiting|rules|filter|findings|history|keys|installOutput|schema)$|engine\.find$|adding\.read$)/;
/** Arguments that are secrets themselves: a key, the address with the code of a sign-in, what was pasted and typed. */
const SECRET_ARGUMENTS: ReadonlySet<string> = new Set(['value', 'address', 'text', 'values']);
/** What another room tells itself: decisions of the trust room, with what was decided about; calls by hand; terminals. */
const TOLD = /^(?:approvals\.|server\.(?:quarantine|release)$|terminal\.|tool\.(?:try|cancelTry)$)/;

/** Notes each decision with its arguments (redacted by the log) and what came of it. */
export function noteDecisions(
  note: (note: ActivityNote) => void,
): (name: CoreCommandName, args: unknown, by: Actor, failure: string | null) => void {
  return (name, args, by, failure) => {
    if (LOOKS.test(name) || TOLD.test(name)) return;
    const { server, tool } = namesIn(args);
    note({
      kind: 'decision',
      action: name,
      client: by,
      ...(server === null ? {} : { server }),
      ...(tool === null ? {} : { tool }),
      outcome: failure === null ? 'ok' : 'error',
      errorCode: failure,
      detail: JSON.stringify(args ?? {}, (key, value: unknown) =>
        SECRET_ARGUMENTS.has(key) ? '[hidden]' : value,
      ),
    });
  };
}

/**
 * Notes what an event of the state says about servers and the configuration. Remembers the state of each server and what
 * it has told of the configuration last.
 *
 * @param config the configuration that is in force
 */
export function eventNotes(
  note: (note: ActivityNote) => void,
  config: () => GatehouseConfig,
): (event: AppEvent) => void {
  const states = new Map<string, string>();
  let told: { readonly config: GatehouseConfig; readonly fault: string } | null = null;
  return (event) => {
    switch (event.kind) {
      case 'server-status': {
        const { name, state, problem } = event;
        const now = `${state} ${problem?.code ?? ''}`;
        if (states.get(name) === now) return;
        states.set(name, now);
        note({
          kind: 'connection',
          action: `server.${state}`,
          server: name,
          outcome: problem === null ? 'ok' : 'error',
          errorCode: problem?.code ?? null,
          ...(problem === null ? {} : { detail: problem.message }),
        });
        return;
      }
      case 'config': {
        const { state, problem, line, file } = event.config;
        const now = config();
        const fault = JSON.stringify([state, line, problem?.message ?? null]);
        const changes = told === null ? [] : changesOf(told.config, now);
        // It is put in force anew for many reasons.
        if (told !== null && changes.length === 0 && told.fault === fault) return;
        note({
          kind: 'config',
          action: told === null ? 'configuration.read' : 'configuration.changed',
          client: 'file',
          outcome: state === 'ok' ? 'ok' : 'error',
          errorCode: problem?.code ?? null,
          detail: JSON.stringify({ file, line, problem: problem?.message ?? null, changes }),
        });
        told = { config: now, fault };
        return;
      }
      case 'servers':
      case 'server-tools':
      case 'calls':
      case 'calls-reset':
      case 'endpoint':
      case 'sessions':
      case 'secrets':
      case 'activity':
      case 'paused':
        return;
      default:
        return;
    }
  };
}

function namesIn(args: unknown): { readonly server: string | null; readonly tool: string | null } {
  const found = typeof args === 'object' && args !== null ? (args as Readonly<Record<string, unknown>>) : {};
  const text = (key: string): string | null => (typeof found[key] === 'string' ? found[key] : null);
  return { server: text('server'), tool: text('tool') };
}
