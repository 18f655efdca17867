/**
 * The tools of one server: asked for whenever its `toolsRevision` grows, with the switches that are on their way laid
 * over them. `close()` lets later answers fall.
 */
import type { Api, Problem } from '../../preload/contract.ts';
import type { ToolView } from '../../preload/views/servers.ts';
import { createSwitches, noSwitches, type SwitchState, shown } from './optimistic.ts';
import { share } from './share.ts';

/** What the page shows. Replaced whole on each change. */
export interface ToolListState {
  /** Null until the first answer. */
  readonly tools: readonly ToolView[] | null;
  /** Why the last question had no answer; tools that are there stay. */
  readonly problem: Problem | null;
  readonly switches: SwitchState;
}

/** The tools of one server. */
export interface ToolList {
  /** Tells the server's newest `toolsRevision`; asks again when it is another one. */
  sync(revision: number): void;
  /** Asks again whatever the revision. */
  reload(): Promise<void>;
  /** @returns the problem, or null when the core agreed or the switch was busy */
  setEnabled(tool: string, enabled: boolean): Promise<Problem | null>;
  /** Forgets that a switch failed, when that has been seen. */
  forget(tool: string): void;
  close(): void;
}

/** Before the first answer. */
export const noTools: ToolListState = { tools: null, problem: null, switches: noSwitches };

/** @param changed called with the new state on every change */
export function openToolList(api: Api, server: string, changed: (state: ToolListState) => void): ToolList {
  let state = noTools;
  let seen: number | null = null;
  let question = 0;
  let open = true;
  const put = (part: Partial<ToolListState>): void => {
    if (open) {
      state = { ...state, ...part };
      changed(state);
    }
  };
  const switches = createSwitches(
    (next) => put({ switches: next }),
    (tool) => state.tools?.find((one) => one.name === tool)?.enabled,
  );
  const reload = async (): Promise<void> => {
    question += 1;
    const mine = question;
    const answer = await api.command('server.tools', { server });
    // An older answer than one on its way would only bring back what has changed since.
    if (mine !== question) {
      return;
    }
    if (answer.ok) {
      put({ tools: share(state.tools, answer.value), problem: null });
      switches.heard();
    } else {
      put({ problem: answer.error });
    }
  };
  return {
    sync(revision) {
      if (revision !== seen) {
        seen = revision;
        void reload();
      }
    },
    reload,
    setEnabled: (tool, enabled) =>
      switches.set(tool, enabled, () => api.command('tool.setEnabled', { server, tool, enabled })),
    forget: (tool) => switches.forget(tool),
    close() {
      open = false;
      question += 1;
    },
  };
}

/** How many tools are on and what they cost, with the switches that are on their way counted as wished. */
export function countTools(state: ToolListState): {
  readonly on: number;
  readonly off: number;
  readonly tokens: number;
} {
  const tools = state.tools ?? [];
  const on = tools.filter((tool) => shown(state.switches, tool.name, tool.enabled));
  return {
    on: on.length,
    off: tools.length - on.length,
    tokens: on.reduce((sum, tool) => sum + tool.tokens, 0),
  };
}
