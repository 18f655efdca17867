/**
 * What servers listed when they ran last, kept in files, one for each server: so that one that starts slowly, or not at
 * all, or only with the first call, is listed all the same. Only what a server of exactly this configuration listed counts.
 * Files hold what any client may see, and no secrets. Ends with `close`.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Clock } from '../protocol/clock.ts';
import { problemOf } from '../protocol/error.ts';
import { LIST_KINDS, type ListedItem, readItem, type ServerListing } from '../protocol/listing.ts';
import type { ListingMemory, UpstreamSpec } from './ports.ts';

/** Milliseconds after the last change of a list before it is written. */
const QUIET_MS = 500;
/** Bytes of one file; a larger one is not kept. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What keeps them. */
export interface FileMemory extends ListingMemory {
  /** Writes what is not written yet. Idempotent; never rejects. */
  close(): Promise<void>;
}

/** A file as it is: items are texts, exactly as the server sent them. */
interface Kept {
  readonly mark?: unknown;
  readonly listing?: Omit<ServerListing, 'tools'>;
  readonly items?: Readonly<Record<string, unknown>>;
}

/** Opens nothing yet. `dir` is an absolute path of ours alone; it is made when it is needed. */
export function openMemory(
  dir: string,
  clock: Clock,
  log: { warn(fields: object, text: string): void },
): FileMemory {
  /** What is to be written, by server. */
  const due = new Map<string, { readonly spec: UpstreamSpec; readonly listing: ServerListing }>();
  let cancel: (() => void) | null = null;
  let writing: Promise<void> = Promise.resolve();

  const file = (name: string): string => join(dir, `${name}.json`);
  const write = (): Promise<void> => {
    cancel?.();
    cancel = null;
    writing = writing.then(async () => {
      for (const [name, { spec, listing }] of [...due]) {
        due.delete(name);
        try {
          await mkdir(dir, { recursive: true, mode: 0o700 });
          const text = textOf(spec, listing);
          if (text.length <= MOST_BYTES)
            await writeFileAtomic(file(name), text, { mode: 0o600, fsync: false });
        } catch (error) {
          log.warn({ server: name, code: problemOf(error).code }, 'what it lists is not kept');
        }
      }
    });
    return writing;
  };
  return {
    async recall(spec) {
      try {
        return listingIn(await readFile(file(spec.name), 'utf8'), spec);
      } catch {
        // There is none, or it was written by somebody else: the server is asked when it runs.
        return null;
      }
    },
    keep(spec, listing) {
      due.set(spec.name, { spec, listing });
      cancel ??= clock.after(QUIET_MS, () => void write());
    },
    forget(name) {
      due.delete(name);
      writing = writing.then(() => rm(file(name), { force: true }).catch(() => undefined));
    },
    close: () => write(),
  };
}

/** What makes it another server: what is run or asked, not how it is kept running. References stand unresolved. */
function markOf({ transport, session, protocol }: UpstreamSpec): string {
  return createHash('sha256')
    .update(JSON.stringify([transport, session, protocol]))
    .digest('hex');
}

function textOf(spec: UpstreamSpec, listing: ServerListing): string {
  const { tools, prompts, resources, resourceTemplates, ...rest } = listing;
  const items = Object.fromEntries(
    Object.entries({ tools, prompts, resources, resourceTemplates }).map(([kind, list]) => [
      kind,
      list.map(({ bytes }) => bytes.toString('utf8')),
    ]),
  );
  return JSON.stringify({ mark: markOf(spec), listing: rest, items });
}

function listingIn(text: string, spec: UpstreamSpec): ServerListing | null {
  const kept = Object(JSON.parse(text)) as Kept;
  if (kept.mark !== markOf(spec) || typeof kept.listing !== 'object' || kept.listing === null) return null;
  const lists = LIST_KINDS.map((kind) => {
    const texts = kept.items?.[kind];
    const items: ListedItem[] = [];
    for (const one of Array.isArray(texts) ? texts : []) {
      const item = typeof one === 'string' ? readItem(kind, Buffer.from(one, 'utf8')) : null;
      if (item !== null) items.push(item);
    }
    return [kind, items] as const;
  });
  return { ...kept.listing, ...Object.fromEntries(lists) } as ServerListing;
}
