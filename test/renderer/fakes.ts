/** What the tests of the screens share: a transport whose answers a test gives by hand, and plain values. */
import type {
  ApiTransport,
  CommandName,
  EventName,
  Problem,
  Result,
  ServerView,
  Snapshot,
} from '../../preload/contract.ts';
import type { ToolView } from '../../preload/views/servers.ts';
import { en } from '../../renderer/i18n/en.ts';
import { createWords } from '../../renderer/i18n/words.ts';

export const words = createWords('en-US', en);

export const problem: Problem = { code: 'test.refused', message: 'It was refused.', remedy: 'Ask again.' };
export const ok: Result<null> = { ok: true, value: null };
export const refused: Result<never> = { ok: false, error: problem };

/** A question that waits for its answer. */
export interface Question {
  readonly name: CommandName;
  readonly args: unknown;
  answer(result: Result<unknown>): Promise<void>;
}

/** A transport that a test plays by hand. */
export interface HandTransport extends ApiTransport {
  readonly questions: readonly Question[];
  /** The newest question of that name; fails when there is none. */
  last(name: CommandName): Question;
  emit(name: EventName, payload: unknown): void;
  /** How many listen to an event. */
  heardBy(name: EventName): number;
}

export function handTransport(): HandTransport {
  const questions: Question[] = [];
  const listeners = new Map<EventName, Set<(payload: unknown) => void>>();
  const of = (name: EventName): Set<(payload: unknown) => void> => {
    const set = listeners.get(name) ?? new Set();
    listeners.set(name, set);
    return set;
  };
  return {
    questions,
    last(name) {
      const found = questions.findLast((question) => question.name === name);
      if (found === undefined) {
        throw new Error(`nobody asked ${name}`);
      }
      return found;
    },
    invoke: (name, args) =>
      new Promise((resolve) => {
        questions.push({
          name,
          args,
          async answer(result) {
            resolve(result);
            await settled();
          },
        });
      }),
    on(name, listener) {
      of(name).add(listener);
      return () => void of(name).delete(listener);
    },
    emit(name, payload) {
      for (const listener of of(name)) {
        listener(payload);
      }
    },
    heardBy: (name) => of(name).size,
  };
}

/** Lets everything run that waits for a promise which is already kept. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) {
    await Promise.resolve();
  }
}

export function server(name: string, part: Partial<ServerView> = {}): ServerView {
  return {
    name,
    transport: 'stdio',
    source: `${name}-mcp 1.0.0`,
    runsIn: 'container',
    containment: null,
    enabled: true,
    state: 'ready',
    since: 0,
    problem: null,
    nextRetry: null,
    asleep: false,
    toolsOn: 2,
    toolsTotal: 3,
    toolsRevision: 1,
    waiting: 0,
    callsToday: 0,
    signIn: null,
    ...part,
  };
}

export function snapshot(
  revision: number,
  servers: readonly ServerView[],
  part: Partial<Snapshot> = {},
): Snapshot {
  return {
    revision,
    version: '0.1.0',
    mode: 'desktop',
    platform: 'linux',
    dataDir: '/data',
    paused: false,
    endpoint: {
      state: 'listening',
      url: 'http://127.0.0.1:4180/mcp',
      problem: null,
      tokenRequired: true,
      sessions: 1,
    },
    config: {
      file: '/data/config.json',
      state: 'ok',
      problem: null,
      line: null,
      column: null,
      dialect: null,
      notAsWritten: 0,
      needsRestart: [],
      plainKeys: 0,
    },
    secrets: { store: 'keychain', description: 'the system keychain', problem: null },
    activity: { state: 'recording', problem: null, rows: 0, bytes: 0 },
    waiting: { items: 0, servers: 0, signIns: 0, all: 0 },
    servers,
    callsWaiting: { count: 0, revision: 0 },
    configRevision: 0,
    clientsRevision: 0,
    ...part,
  };
}

export function tool(name: string, part: Partial<ToolView> = {}): ToolView {
  return {
    name,
    title: null,
    description: `Does ${name}`,
    exposedName: `srv__${name}`,
    enabled: true,
    approval: 'approved',
    offered: true,
    effect: 'reads',
    openWorld: false,
    asks: false,
    askRule: null,
    tokens: 100,
    ...part,
  };
}
