/**
 * What is remembered of clients between starts: which are connected and how, when each was last seen, and files that the
 * user chose. Kept in `connected-clients.json`; a damaged one begins anew, since files and sessions tell the rest. `close`
 * writes what is not written yet.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Clock } from '../protocol/clock.ts';

/** Being seen happens with every session; the file need not follow each. Milliseconds. */
const WRITE_AFTER_MS = 2_000;

const fileSchema = z.object({
  version: z.literal(1),
  connections: z.record(
    z.string(),
    z.object({
      file: z.string(),
      at: z.number(),
      via: z.enum(['http', 'bridge']),
      /** How often its entry had gone and was put back. */
      repaired: z.number().default(0),
    }),
  ),
  seen: z.record(
    z.string(),
    z.object({ at: z.number(), name: z.string().nullable(), version: z.string().nullable() }),
  ),
  chosen: z.record(z.string(), z.string()),
});
type Remembered = z.infer<typeof fileSchema>;

/** A client that we connected and did not disconnect. */
export type Connection = Remembered['connections'][string];
/** The last request of a client: when it came, and what its session calls itself. */
export type Sighting = Remembered['seen'][string];

/** See above. */
export interface Memory {
  connection(client: string): Connection | null;
  /** Null forgets it. Settles when it is written. */
  setConnection(client: string, connection: Connection | null): Promise<void>;
  sighting(client: string): Sighting | null;
  saw(client: string, sighting: Sighting): void;
  /** A client that was seen has sent a request then, epoch milliseconds. What is older than what is known changes nothing. */
  used(client: string, at: number): void;
  chosen(client: string): string | null;
  /** Null goes back to the usual place. Settles when it is written. */
  choose(client: string, file: string | null): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Reads the file; a missing or damaged one is empty. */
export async function openMemory(file: string, clock: Clock): Promise<Memory> {
  let state = (await load(file)) ?? { version: 1, connections: {}, seen: {}, chosen: {} };
  let cancel: (() => void) | null = null;
  let writing: Promise<void> = Promise.resolve();

  const write = (): Promise<void> => {
    cancel?.();
    cancel = null;
    writing = writing
      .catch(() => undefined)
      .then(async () => {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        await writeFileAtomic(file, JSON.stringify(state, null, 2), { mode: 0o600 });
      });
    return writing;
  };
  const change = async (edit: (now: Remembered) => Remembered): Promise<void> => {
    // The command line writes too, while the app runs.
    const disk = (await load(file)) ?? state;
    state = edit({ ...disk, seen: newer(disk.seen, state.seen) });
    await write();
  };

  const saw = (client: string, sighting: Sighting): void => {
    state = { ...state, seen: { ...state.seen, [client]: sighting } };
    // That it was seen is told by the next session again: no error is worth it.
    cancel ??= clock.after(WRITE_AFTER_MS, () => void change((now) => now).catch(() => undefined));
  };

  return {
    connection: (client) => state.connections[client] ?? null,
    setConnection: (client, connection) =>
      change((now) => ({ ...now, connections: withKey(now.connections, client, connection) })),
    sighting: (client) => state.seen[client] ?? null,
    saw,
    used(client, at) {
      const sighting = state.seen[client];
      if (sighting !== undefined && sighting.at < at) saw(client, { ...sighting, at });
    },
    chosen: (client) => state.chosen[client] ?? null,
    choose: (client, path) => change((now) => ({ ...now, chosen: withKey(now.chosen, client, path) })),
    async close() {
      if (cancel !== null) await change((now) => now).catch(() => undefined);
      await writing.catch(() => undefined);
    },
  };
}

/** Null where there is none that can be read: what is in memory counts then, and is not lost with the next write. */
async function load(file: string): Promise<Remembered | null> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

function withKey<T>(map: Readonly<Record<string, T>>, key: string, value: T | null): Record<string, T> {
  const { [key]: _old, ...rest } = map;
  return value === null ? rest : { ...rest, [key]: value };
}

function newer(a: Remembered['seen'], b: Remembered['seen']): Remembered['seen'] {
  const merged = { ...a };
  for (const [client, sighting] of Object.entries(b)) {
    if ((merged[client]?.at ?? 0) < sighting.at) merged[client] = sighting;
  }
  return merged;
}
