/**
 * Clients that have registered (RFC 7591), kept in a file. Anybody on this computer may register, so there is room for so
 * many only and so many a minute; what nobody was ever let in as goes after a day, and first of all when room is wanted.
 * One write after the other; `close` waits for the last.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Clock } from '../../protocol/clock.ts';
import { createBucket } from './bucket.ts';
import type { Registration } from './documents.ts';
import { Fault } from './fault.ts';
import type { KnownClient } from './ports.ts';

/** Registrations at most. */
export const MOST_REGISTRATIONS = 200;
/** How many a minute in the long run, and at once. */
const PER_MINUTE = 20;
const AT_ONCE = 40;
const DAY_MS = 24 * 60 * 60_000;
/** How long one that was let in once is kept after its last sign-in has ended. */
const KEPT_MS = 90 * DAY_MS;

const stored = z.strictObject({
  id: z.string(),
  name: z.string().nullable(),
  redirects: z.array(z.string()),
  at: z.number().int(),
  /** When it was let in last; null when it never was. */
  usedAt: z.number().int().nullable(),
});
const fileSchema = z.strictObject({ version: z.literal(1), registrations: z.array(stored) });
type Stored = z.infer<typeof stored>;

/** See above. */
export interface Registrations {
  find(clientId: string): KnownClient | null;
  /** Rejects with a Fault when there are too many. `inUse` are ids that somebody has a sign-in with, or waits with. */
  register(registration: Registration, inUse: ReadonlySet<string>): Promise<{ id: string; at: number }>;
  /** It was let in. */
  used(clientId: string): void;
  close(): Promise<void>;
}

/** Reads the file. One that cannot be read holds nobody: clients then register anew. */
export async function openRegistrations(
  file: string,
  clock: Clock,
  unreadable: () => void,
): Promise<Registrations> {
  let all = new Map((await load(file, unreadable)).map((one) => [one.id, one]));
  const mayRegister = createBucket(clock, PER_MINUTE, AT_ONCE);
  let writing: Promise<void> = Promise.resolve();
  const save = (): Promise<void> => {
    const run = writing.then(() =>
      writeFileAtomic(
        file,
        `${JSON.stringify({ version: 1, registrations: [...all.values()] }, null, 2)}\n`,
        {
          mode: 0o600,
        },
      ),
    );
    writing = run.catch(() => undefined);
    return run;
  };
  const forget = (inUse: ReadonlySet<string>): void => {
    const now = clock.now();
    const isOld = ({ id, at, usedAt }: Stored): boolean =>
      !inUse.has(id) && (usedAt === null ? now - at > DAY_MS : now - usedAt > KEPT_MS);
    all = new Map([...all].filter(([, one]) => !isOld(one)));
    if (all.size < MOST_REGISTRATIONS) return;
    // Those that nobody was let in as, and of these the oldest.
    const last = [...all.values()]
      .filter(({ id }) => !inUse.has(id))
      .sort((a, b) => (a.usedAt ?? 0) - (b.usedAt ?? 0) || a.at - b.at)[0];
    if (last !== undefined) all.delete(last.id);
  };
  return {
    find(clientId) {
      const one = all.get(clientId);
      return one === undefined
        ? null
        : { clientId, name: one.name, redirects: one.redirects, isDocument: false };
    },
    async register({ name, redirects }, inUse) {
      if (!mayRegister()) throw tooOften();
      forget(inUse);
      if (all.size >= MOST_REGISTRATIONS) throw tooOften();
      const id = `client-${randomBytes(12).toString('base64url')}`;
      const at = clock.now();
      all.set(id, { id, name, redirects: [...redirects], at, usedAt: null });
      try {
        await save();
      } catch {
        all.delete(id);
        throw new Fault('server_error', 'The registration could not be saved.', 500);
      }
      return { id, at };
    },
    used(clientId) {
      const one = all.get(clientId);
      if (one === undefined) return;
      all.set(clientId, { ...one, usedAt: clock.now() });
      // Only how long it is kept hangs on that; the client has its tokens already.
      save().catch(() => undefined);
    },
    close: () => writing,
  };
}

async function load(file: string, unreadable: () => void): Promise<readonly Stored[]> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).registrations;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) unreadable();
    return [];
  }
}

function tooOften(): Fault {
  return new Fault('temporarily_unavailable', 'Too many clients register.', 429, { 'Retry-After': '30' });
}
