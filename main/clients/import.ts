/**
 * Bringing servers from clients into our configuration: what is there is shown, keys go to the keychain where that is
 * wished, and everything is quarantined until its owner approves it. Clients' own files are only read.
 */
import { parsersFor } from '../config/dialects/adopt.ts';
import type { ReportLine } from '../config/dialects/report.ts';
import { editText } from '../config/edit.ts';
import { type KeyToKeep, withoutKeys } from '../config/entry-keys.ts';
import { readText, replace } from '../config/file.ts';
import { offeredServers } from '../config/offered.ts';
import { parseConfig } from '../config/read.ts';
import { readOffered, shownSource } from '../config/source.ts';
import { GatehouseError } from '../protocol/error.ts';
import { editorOf } from './change.ts';
import { type Found, type FoundFile, findServers, selfOf } from './found.ts';
import { locate, type System } from './system.ts';
import { CLIENTS } from './table.ts';
import { look, textOf } from './target.ts';

/** What there is to bring in, and which files could not be read. */
export interface Importable {
  readonly servers: readonly Found[];
  /** What became of each key, file by file; of the files of clients only what is not as it was. */
  readonly reports: readonly { readonly file: string; readonly lines: readonly ReportLine[] }[];
  readonly problems: readonly {
    readonly source: string;
    readonly file: string;
    readonly problem: GatehouseError;
  }[];
}

/** How sources that somebody names are read. */
export interface Extra {
  /** Absolute paths and http(s) addresses of files of any program. */
  readonly sources: readonly string[];
  /** For addresses. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Reads the files of all clients, and the named sources.
 *
 * @throws ConfigError when a named source, or the configuration, cannot be read
 */
export async function findImportable(
  system: System,
  { sources, headers = {} }: Extra,
  configFile: string,
): Promise<Importable> {
  const env = (name: string): string | undefined => system.env[name];
  const files: FoundFile[] = [];
  const reports: Importable['reports'][number][] = [];
  const problems: Importable['problems'][number][] = [];
  for (const source of sources) {
    const { servers, report } = await readOffered(source, { env, headers });
    const file = shownSource(source);
    files.push({ source: file, file, servers });
    reports.push({ file, lines: report });
  }
  for (const spec of CLIENTS) {
    for (const file of locate(spec, system).files) {
      try {
        const seen = await look(file);
        const text = seen.exists ? textOf(seen).text : '';
        if (text.trim() === '') continue;
        const parsers = await parsersFor(text, file);
        const { servers, report } = offeredServers(
          text,
          file,
          { env, beside: () => null, parsers },
          'client',
        );
        files.push({ source: spec.id, file, servers });
        reports.push({ file, lines: report.filter(isWorthSaying) });
      } catch (error) {
        if (!(error instanceof GatehouseError)) throw error;
        problems.push({ source: spec.id, file, problem: error });
      }
    }
  }
  const config = parseConfig(await readText(configFile), configFile);
  const known = new Set(
    config.servers.map(({ transport }) =>
      selfOf(
        transport.kind === 'stdio'
          ? { command: transport.command, args: transport.args }
          : { url: transport.url },
      ),
    ),
  );
  const found = findServers(
    files,
    config.servers.map(({ name }) => name),
  );
  return { servers: found.filter(({ entry }) => !known.has(selfOf(entry))), reports, problems };
}

/** Not what is as it was, nor the settings of the client itself, which are nobody's loss. */
function isWorthSaying({ kind, key, fault }: ReportLine): boolean {
  return fault || (kind !== 'understood' && /[.[]/.test(key));
}

/** Where keys go. */
export interface KeyKeeper {
  /** Names that are in use: they get no other value. */
  readonly taken: readonly string[];
  set(name: string, value: string): Promise<void>;
}

/**
 * Writes servers into the configuration, quarantined. With `keep`, values of likely keys go there first, and the file only
 * refers to them.
 *
 * @throws ConfigError when the configuration is broken; GatehouseError `clients.changed_meanwhile` when it changed under us
 */
export async function bringIn(
  configFile: string,
  servers: readonly Found[],
  keep: KeyKeeper | null,
): Promise<void> {
  const before = await readText(configFile);
  let text = before;
  const secrets: KeyToKeep[] = [];
  for (const found of servers) {
    const entry =
      keep === null ? found.entry : withoutKeys(found.name, found.entry, secrets, new Set(keep.taken));
    const whole = { ...entry, ...(found.enabled ? {} : { enabled: false }), quarantined: true };
    text = added(text, found.name, whole);
  }
  // What would not be read again must not be written.
  parseConfig(text, configFile);
  for (const [name, value] of secrets) await keep?.set(name, value);
  if (!(await replace(configFile, before, text))) {
    throw new GatehouseError({
      code: 'clients.changed_meanwhile',
      message: 'The file changed since you looked.',
      remedy: 'Look at the new difference and decide again.',
    });
  }
}

function added(text: string, name: string, entry: object): string {
  const servers = (editorOf('json').parse(text.replace(/^\ufeff/, '')) as { mcpServers?: unknown } | null)
    ?.mcpServers;
  if (!Array.isArray(servers)) return editText(text, ['mcpServers', name], entry);
  return editText(text, ['mcpServers', servers.length], { name, ...entry });
}
