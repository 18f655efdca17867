/** The engine of a test file. It ends after the last file, by itself (`engine.setup.ts`). */
import { inject } from 'vitest';
import type { EngineHost } from '../host/container-engine.ts';

/** One that no other file uses meanwhile; or the reason why there is none. */
export function engine(): { readonly host: EngineHost | null; readonly absent: string } {
  const { hosts, absent } = inject('engines');
  // Its worker's number among those that work at a time, from 1.
  const at = Number(process.env.VITEST_POOL_ID) - 1;
  const host = hosts?.[at] ?? null;
  if (hosts !== null && host === null)
    throw new Error(`no engine for worker ${at + 1}: there are ${hosts.length}`);
  return { host, absent };
}
