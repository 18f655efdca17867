/**
 * The connection to the engine: found when it is first needed, kept until it is gone, and looked for again while servers
 * wait for it. Closing stops the looking.
 */
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { type EngineProbe, type FoundEngine, findEngine } from './engine.ts';

/** A usable engine. */
export type Engine = FoundEngine;

/** See above. */
export interface EngineLink {
  /** Rejects with an `isolation.engine_...` error or `isolation.bad_engine`. */
  get(): Promise<Engine>;
  /** It does not answer any more: the next `get` looks for it anew. */
  lost(): void;
  /** Calls back once, when an engine answers. */
  whenBack(back: () => void): void;
  /** What was found last; null before the first look. */
  readonly last: EngineProbe | null;
  close(): void;
}

export interface EngineLinkOptions {
  /** What the configuration says about the engine now. */
  configured(): string | null;
  readonly clock: Clock;
  /** Called with every engine that is found, before anybody uses it. */
  found(engine: Engine): Promise<void>;
  changed(): void;
}

const LOOK_MS = 3_000;
/** Milliseconds for an engine to say what it is. Podman looks through the system's packages for that, which takes seconds. */
const ANSWER_MS = 15_000;

/** Makes it; looks for nothing yet. */
export function createEngineLink(options: EngineLinkOptions): EngineLink {
  const { clock } = options;
  let current: Promise<Engine> | null = null;
  let currentFor: string | null = null;
  let last: EngineProbe | null = null;
  const waiting = new Set<() => void>();
  let cancel: CancelTimer | null = null;
  let closed = false;

  const look = async (configured: string | null): Promise<Engine> => {
    const found = await findEngine({ configured, timeoutMs: ANSWER_MS });
    last = found.probe;
    options.changed();
    if (found.engine === null) throw found.problem;
    await options.found(found.engine);
    return found.engine;
  };
  const get = (): Promise<Engine> => {
    const configured = options.configured();
    if (current !== null && currentFor === configured) return current;
    const mine = look(configured);
    current = mine;
    currentFor = configured;
    mine.catch(() => {
      if (current === mine) current = null;
    });
    return mine;
  };
  const watch = (): void => {
    cancel ??= clock.after(LOOK_MS, () => {
      cancel = null;
      if (closed || waiting.size === 0) return;
      get().then(
        () => {
          const all = [...waiting];
          waiting.clear();
          for (const back of all) back();
        },
        () => watch(),
      );
    });
  };
  return {
    get,
    lost() {
      current = null;
    },
    whenBack(back) {
      waiting.add(back);
      watch();
    },
    get last() {
      return last;
    },
    close() {
      closed = true;
      waiting.clear();
      cancel?.();
    },
  };
}
