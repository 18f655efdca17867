/**
 * Servers out of a file that somebody else wrote, to be added to our own configuration: each held back until the user
 * has looked at it, and without what would open a way in. Pure.
 */
import { type Adopted, adopt } from './dialects/adopt.ts';
import type { Surroundings } from './dialects/dialect.ts';
import { createNames } from './dialects/names.ts';
import { isObject } from './dialects/reader.ts';
import type { ReportLine } from './dialects/report.ts';
import { parseConfigTree } from './tree.ts';

/** One server to be added. */
export interface ImportedServer {
  readonly name: string;
  /** Its entry for `mcpServers`; always `"quarantined": true`. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** What a file offers. */
export interface Imported {
  readonly dialect: Adopted['dialect'];
  readonly servers: readonly ImportedServer[];
  readonly report: readonly ReportLine[];
}

/** Keys that decide about our own door, about approvals or about the limits of a container: not for others to say. */
const NOT_TAKEN = ['authTokens', 'quarantined', 'required', 'route', 'trust'];

/**
 * The servers of a file of any dialect, quarantined.
 *
 * @param taken names that are in use; a server of such a name gets another one
 * @throws ConfigError as `adopt` does
 */
export function importServers(
  text: string,
  file: string,
  surroundings: Surroundings,
  taken: Iterable<string>,
): Imported {
  const adopted = adopt(text, file, surroundings);
  const names = createNames(taken);
  const report: ReportLine[] = [...adopted.report];
  const servers = entriesIn(adopted.text, file).map(([written, found]): ImportedServer => {
    const entry = Object.fromEntries(Object.entries(found).filter(([key]) => !NOT_TAKEN.includes(key)));
    const { isolation } = entry;
    if (isObject(isolation) && isolation.unsafe === true) entry.isolation = { ...isolation, unsafe: false };
    const name = names.take(written);
    const left = NOT_TAKEN.filter((key) => key in found && key !== 'quarantined');
    if (left.length > 0)
      report.push(line(written, 'dropped', `Not taken over by an import: ${left.join(', ')}.`));
    if (name !== written)
      report.push(line(written, 'changed', `It is called "${name}", since the other name is taken.`));
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
