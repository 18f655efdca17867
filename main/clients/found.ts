/**
 * Servers of many files, as entries of our own configuration: the same server of several files once, each with a name of
 * its own. Pure; what comes out is to be quarantined.
 */
import { createNames } from '../config/dialects/names.ts';
import { findEntryKeys } from '../config/keys.ts';
import type { OfferedServer } from '../config/offered.ts';
import { OUR_NAME } from './entries.ts';

/** One server as our configuration has it; what is not named here stays as it is. */
export interface FoundEntry {
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** One server that could be brought in. */
export interface Found {
  /** Fit for our configuration, and unique among all that were found. */
  readonly name: string;
  /** Where it stands, and what it is called there. */
  readonly from: readonly { readonly source: string; readonly file: string; readonly name: string }[];
  readonly entry: FoundEntry;
  /** False when it is switched off in all of these places. */
  readonly enabled: boolean;
  /** What holds likely keys: names of variables and headers, else places such as `args[1]`. */
  readonly keys: readonly string[];
}

/** The servers of one file. */
export interface FoundFile {
  readonly source: string;
  readonly file: string;
  readonly servers: readonly OfferedServer[];
}

/** All servers of all files, in their order. `taken` are names that must not be used again. */
export function findServers(files: readonly FoundFile[], taken: Iterable<string> = []): readonly Found[] {
  const names = createNames(taken);
  const bySelf = new Map<string, Found>();
  for (const { source, file, servers } of files) {
    for (const { name, entry: offered } of servers) {
      if (name === OUR_NAME) continue;
      const { enabled: switched, ...entry }: FoundEntry = offered;
      const enabled = switched !== false;
      const self = selfOf(entry);
      const same = bySelf.get(self);
      if (same === undefined) {
        const from = [{ source, file, name }];
        bySelf.set(self, { name: names.take(name), from, entry, enabled, keys: keysOf(entry) });
        continue;
      }
      const both = merged(same.entry, entry);
      const from = [...same.from, { source, file, name }];
      bySelf.set(self, { ...same, from, entry: both, enabled: same.enabled || enabled, keys: keysOf(both) });
    }
  }
  return [...bySelf.values()];
}

/** What makes two entries the same server, whatever their names and keys. */
export function selfOf({ command, args, url }: FoundEntry): string {
  return JSON.stringify(url === undefined ? [command, args ?? []] : [url.replace(/\/+$/, '')]);
}

/** What one place knows and the other does not, such as a key, counts; where both know, the first. */
function merged(a: FoundEntry, b: FoundEntry): FoundEntry {
  const env = { ...b.env, ...a.env };
  const headers = { ...b.headers, ...a.headers };
  return {
    ...b,
    ...a,
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

/** Names of variables and headers, and the places of other keys. */
function keysOf(entry: FoundEntry): readonly string[] {
  return [...new Set(findEntryKeys('', entry).map(({ path, place }) => labelOf(path, place)))];
}

function labelOf([group, name]: readonly (string | number)[], place: string): string {
  return (group === 'env' || group === 'headers') && typeof name === 'string' ? name : place;
}
