/**
 * `trust.json` on disk: what the user has switched off or holds back. The last good file is kept as a copy, since a
 * tool that was switched off must not come back because a file broke.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';

/** Version of the file's shape. */
const VERSION = 1;

const fileSchema = z.object({
  version: z.literal(VERSION),
  servers: z.array(
    z.object({
      name: z.string(),
      trust: z.enum(['trusted', 'quarantined']).optional(),
      disabledTools: z.array(z.string()).optional(),
    }),
  ),
});

/** What is kept of one server; names of servers that the configuration no longer has are kept as well. */
export interface ServerDecisions {
  /** null when nothing was decided. */
  readonly trust: 'trusted' | 'quarantined' | null;
  readonly disabledTools: ReadonlySet<string>;
}

/** Everything that was decided. */
export type Decisions = ReadonlyMap<string, ServerDecisions>;

/** What was read, and what was wrong with the file. */
export interface TrustFile {
  readonly decisions: Decisions;
  readonly problem: GatehouseError | null;
}

/**
 * Reads `file`. A damaged one is set aside as `<file>.damaged-<time>` and the copy of the last good one is used.
 *
 * @throws GatehouseError `trust.unreadable` when neither can be used: to go on would switch everything on
 */
export async function readTrust(file: string, clock: Clock): Promise<TrustFile> {
  const main = await load(file);
  if (main.kind === 'good') return { decisions: main.decisions, problem: null };
  const copy = await load(copyOf(file));
  if (main.kind === 'missing' && copy.kind === 'missing') return { decisions: new Map(), problem: null };
  if (copy.kind !== 'good') throw unreadable(file, main.kind === 'bad' ? main.cause : undefined);
  const aside = `${file}.damaged-${clock.now()}`;
  if (main.kind === 'bad') await rename(file, aside).catch(() => undefined);
  return {
    decisions: copy.decisions,
    problem: new GatehouseError({
      code: 'trust.file_restored',
      message: `The file of tool switches ${main.kind === 'bad' ? 'was damaged' : 'was gone'}; its last good copy is in use.`,
      remedy: 'Check the switches that you changed last.',
    }),
  };
}

/**
 * Writes both files, the copy first: whatever is acknowledged lies in both, and at every moment one of them is whole.
 *
 * @throws GatehouseError `trust.write_failed`
 */
export async function writeTrust(file: string, next: Decisions): Promise<void> {
  const text = render(next);
  try {
    await writeDurably(copyOf(file), text);
    await writeDurably(file, text);
  } catch (cause) {
    throw new GatehouseError({
      code: 'trust.write_failed',
      message: 'The change could not be saved.',
      remedy: 'Check that the data directory is writable and that the disk has room; then try again.',
      cause,
    });
  }
}

type Loaded =
  | { readonly kind: 'good'; readonly decisions: Decisions }
  | { readonly kind: 'missing' }
  | { readonly kind: 'bad'; readonly cause: unknown };

async function load(file: string): Promise<Loaded> {
  try {
    const { servers } = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return {
      kind: 'good',
      decisions: new Map(
        servers.map((server) => [
          server.name,
          { trust: server.trust ?? null, disabledTools: new Set(server.disabledTools) },
        ]),
      ),
    };
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return missing ? { kind: 'missing' } : { kind: 'bad', cause };
  }
}

function render(decisions: Decisions): string {
  const servers = [...decisions].map(([name, { trust, disabledTools }]) => ({
    name,
    ...(trust === null ? {} : { trust }),
    ...(disabledTools.size === 0 ? {} : { disabledTools: [...disabledTools].sort() }),
  }));
  return `${JSON.stringify({ version: VERSION, servers }, null, 2)}\n`;
}

function copyOf(file: string): string {
  return `${file}.backup`;
}

/** The library would write with one write(2) and not notice a short one on a full disk; its hook gets the bytes in. */
async function writeDurably(file: string, text: string): Promise<void> {
  await writeFileAtomic(file, '', {
    mode: 0o600,
    tmpfileCreated: (temporary) => writeFile(temporary, text),
  });
}

function unreadable(file: string, cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'trust.unreadable',
    message: `The file of tool switches ${file} is damaged, and so is its copy.`,
    remedy: 'Put one of them back from a backup. Deleting both switches every tool on again.',
    cause,
  });
}
