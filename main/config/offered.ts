/**
 * What a file that somebody else wrote has to offer: its servers in our own words, each held back until the user has looked
 * at it, and without what would open a way in. Pure.
 */
import { dirname, resolve } from 'node:path';
import { type Adopted, type Author, adopt } from './dialects/adopt.ts';
import type { Surroundings } from './dialects/dialect.ts';
import { isObject } from './dialects/reader.ts';
import type { ReportLine } from './dialects/report.ts';
import { parseConfigTree } from './tree.ts';

/** One server to be added. */
export interface OfferedServer {
  readonly name: string;
  /** Its entry for `mcpServers`; always `"quarantined": true`. A relative `cwd` has become an absolute one. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** What a file offers. */
export interface Offered {
  readonly dialect: Adopted['dialect'];
  readonly servers: readonly OfferedServer[];
  readonly report: readonly ReportLine[];
}

/** Keys that decide about our own door, about approvals or about the limits of a container: not for others to say. */
const NOT_TAKEN = ['authTokens', 'quarantined', 'required', 'route', 'trust'];

/**
 * The servers of a file of any dialect, quarantined.
 *
 * @throws ConfigError as `adopt` does
 */
export function offeredServers(
  text: string,
  file: string,
  surroundings: Surroundings,
  author: Author = 'anybody',
): Offered {
  const adopted = adopt(text, file, surroundings, author);
  const report: ReportLine[] = [...adopted.report];
  const servers = entriesIn(adopted.text, file).map(([name, found]): OfferedServer => {
    const entry = Object.fromEntries(Object.entries(found).filter(([key]) => !NOT_TAKEN.includes(key)));
    const { isolation, cwd } = entry;
    if (isObject(isolation) && isolation.unsafe === true) entry.isolation = { ...isolation, unsafe: false };
    // It will be read from another file, and counts from there.
    if (typeof cwd === 'string' && !cwd.startsWith('${')) entry.cwd = resolve(dirname(file), cwd);
    const left = NOT_TAKEN.filter((key) => key in found && key !== 'quarantined');
    if (left.length > 0)
      report.push(line(name, 'dropped', `Not taken over by an import: ${left.join(', ')}.`));
    return { name, entry: { ...entry, quarantined: true } };
  });
  return { dialect: adopted.dialect, servers, report };
}

function entriesIn(text: string, file: string): [string, Record<string, unknown>][] {
  const { value } = parseConfigTree(text.replace(/^\uFEFF/, ''), file);
  const servers = isObject(value) ? value.mcpServers : undefined;
  if (Array.isArray(servers)) {
    return servers.filter(isObject).map(({ name, ...entry }) => [String(name), entry]);
  }
  return isObject(servers)
    ? Object.entries(servers).filter((one): one is [string, Record<string, unknown>] => isObject(one[1]))
    : [];
}

function line(name: string, kind: ReportLine['kind'], text: string): ReportLine {
  return { kind, fault: false, line: 1, column: 1, key: `mcpServers.${name}`, text };
}
