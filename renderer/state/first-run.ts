/**
 * The first steps: bringing servers in, choosing where they run, connecting a client. Each can be skipped, and none is
 * needed. What has been done is remembered as long as the steps are shown. `close()` lets later answers fall.
 */
import type { Api, Problem, Result } from '../../preload/contract.ts';
import type { ImportView } from '../../preload/views/import.ts';
import type { EngineView } from '../../preload/views/isolation.ts';
import { isChangedMeanwhile } from './clients.ts';

/** The steps, in their order. */
export const firstSteps = ['servers', 'place', 'client'] as const;
export type FirstStep = (typeof firstSteps)[number];

/** Where servers may run. */
export type Place = 'host' | 'container';

/** What is shown. Replaced whole on each change. */
export interface FirstRunState {
  readonly step: FirstStep | 'end';
  /** What clients have; null until it was looked at. */
  readonly found: ImportView | null;
  readonly chosen: ReadonlySet<string>;
  /** Null until it was looked for. */
  readonly engine: EngineView | null;
  readonly place: Place;
  readonly busy: 'bring-in' | 'sample' | 'place' | 'engine' | null;
  /** Why the last act did not succeed. */
  readonly problem: Problem | null;
  readonly done: {
    /** Servers that were brought in; null when none were. */
    readonly brought: number | null;
    /** The name of the sample server. */
    readonly sample: string | null;
    readonly place: Place | null;
    /** Clients that were connected, by their names. */
    readonly clients: readonly string[];
  };
}

/** See above. None rejects. */
export interface FirstRun {
  /** Reads the files of the clients, and looks for a container engine. */
  begin(): Promise<void>;
  choose(names: readonly string[], wanted: boolean): void;
  bringIn(): Promise<void>;
  trySample(): Promise<void>;
  lookForEngine(): Promise<void>;
  pick(place: Place): void;
  keepPlace(): Promise<void>;
  connected(client: string): void;
  /** To the next step, with nothing done. */
  skip(): void;
  go(step: FirstStep): void;
  close(): void;
}

/** Before anything is known. */
export const firstState: FirstRunState = {
  ...{ step: 'servers', found: null, chosen: new Set<string>(), engine: null, place: 'host' },
  ...{ busy: null, problem: null },
  done: { brought: null, sample: null, place: null, clients: [] },
};

/** @param changed called with the new state on every change */
export function openFirstRun(api: Api, changed: (state: FirstRunState) => void): FirstRun {
  let state = firstState;
  let open = true;
  /** A person has chosen the place: what is found later changes it no more. */
  let picked = false;

  const put = (part: Partial<FirstRunState>): void => {
    state = { ...state, ...part };
    if (open) changed(state);
  };
  const skip = (): void => {
    const at = state.step === 'end' ? firstSteps.length : firstSteps.indexOf(state.step);
    put({ step: firstSteps[at + 1] ?? 'end', problem: null });
  };
  const during = async <T>(
    busy: NonNullable<FirstRunState['busy']>,
    run: () => Promise<Result<T>>,
    took: (value: T) => void,
  ): Promise<Problem | null> => {
    if (state.busy !== null) return null;
    put({ busy, problem: null });
    const answer = await run();
    put({ busy: null, problem: answer.ok ? null : answer.error });
    if (!answer.ok) return answer.error;
    took(answer.value);
    return null;
  };
  const look = async (): Promise<void> => {
    const answer = await api.command('import.find', { files: [] });
    if (answer.ok) {
      put({ found: answer.value, chosen: new Set(answer.value.servers.map(({ name }) => name)) });
    } else {
      put({ found: { servers: [], problems: [] }, problem: answer.error });
    }
  };
  const tellEngine = (engine: EngineView): void => {
    put({ engine, ...(picked ? {} : { place: engine.state === 'ready' ? 'container' : 'host' }) });
  };
  return {
    async begin() {
      const engine = api.command('engine.find', {}).then((answer) => {
        const absent = { state: 'absent', version: null, endpoint: null } as const;
        tellEngine(answer.ok ? answer.value : { ...absent, problem: answer.error });
      });
      await Promise.all([look(), engine]);
    },
    choose(names, wanted) {
      const chosen = new Set(state.chosen);
      for (const name of names) {
        if (wanted) chosen.add(name);
        else chosen.delete(name);
      }
      put({ chosen });
    },
    async bringIn() {
      const servers = (state.found?.servers ?? [])
        .filter(({ name }) => state.chosen.has(name))
        .map(({ name, digest }) => ({ name, digest }));
      const fault = await during(
        'bring-in',
        () => api.command('import.apply', { files: [], servers, keepKeys: false }),
        ({ imported }) => {
          put({ done: { ...state.done, brought: (state.done.brought ?? 0) + imported } });
          skip();
        },
      );
      // The files are others than were shown: they are shown anew, and the reason stays.
      if (fault !== null && isChangedMeanwhile(fault)) {
        await look();
        put({ problem: fault });
      }
    },
    async trySample() {
      await during(
        'sample',
        () => api.command('sample.add', {}),
        ({ server }) => {
          put({ done: { ...state.done, sample: server } });
          skip();
        },
      );
    },
    async lookForEngine() {
      await during('engine', () => api.command('engine.find', {}), tellEngine);
    },
    pick(place) {
      picked = true;
      put({ place });
    },
    async keepPlace() {
      const { place } = state;
      await during(
        'place',
        () => api.command('settings.set', { change: { key: 'isolation.mode', to: place } }),
        () => {
          put({ done: { ...state.done, place } });
          skip();
        },
      );
    },
    connected(client) {
      put({ done: { ...state.done, clients: [...new Set([...state.done.clients, client])] } });
    },
    skip,
    go: (step) => put({ step, problem: null }),
    close() {
      open = false;
    },
  };
}

/** Names of servers that stand in several places with the same settings, and are brought in once. */
export function mergedOf(found: ImportView | null): readonly string[] {
  return (found?.servers ?? []).filter(({ from }) => from.length > 1).map(({ name }) => name);
}

/** Servers that are there before anything is brought in; at most so many are named. */
export const MOST_HERE = 6;

/** How many clients have any of it. */
export function clientsIn(found: ImportView): number {
  return new Set(found.servers.flatMap(({ from }) => from.map(({ source }) => source))).size;
}
