/**
 * Ties bringing servers in to the running app: what was shown is what is written, keys go to its secrets, and afterwards it
 * is told which entries of which client's file Gatehouse serves as well. Holds nothing open.
 */
import { createHash } from 'node:crypto';
import type { ImportableView, ImportSource, Replaceable } from '../preload/views/import.ts';
import type { ImportDeps } from './api/import.ts';
import type { Found } from './clients/found.ts';
import type { Importable } from './clients/import.ts';
import type { ClientSpec } from './clients/spec.ts';
import type { System } from './clients/system.ts';
import { changedMeanwhile } from './clients/target.ts';
import { problemOf } from './protocol/error.ts';
import type { SecretStore } from './secrets/secrets.ts';

/** What is needed. */
export interface ImportRoomDeps {
  readonly system: System;
  readonly configFile: string;
  secrets(): Promise<Pick<SecretStore, 'list' | 'set'>>;
}

/** The commands; with the parsers that they need only when they are used. */
export function openImportRoom({ system, configFile, secrets }: ImportRoomDeps): ImportDeps {
  const find = async (files: readonly string[]): Promise<Importable & { readonly labels: Labels }> => {
    const [{ findImportable }, { CLIENTS }] = await Promise.all([
      import('./clients/import.ts'),
      import('./clients/table.ts'),
    ]);
    return { ...(await findImportable(system, { sources: files }, configFile)), labels: labelsOf(CLIENTS) };
  };
  return {
    async 'import.find'({ files }) {
      const { servers, problems, labels } = await find(files);
      return {
        servers: servers.map((found) => viewOf(found, labels)),
        problems: problems.map(({ source, file, problem }) => ({
          label: labels.get(source) ?? source,
          file,
          problem: problemOf(problem),
        })),
      };
    },
    async 'import.apply'({ files, servers, keepKeys }) {
      const { bringIn } = await import('./clients/import.ts');
      const found = await find(files);
      const chosen = servers.map(({ name, digest }) => {
        const one = found.servers.find((server) => server.name === name);
        if (one === undefined || digestOf(one) !== digest) throw changedMeanwhile();
        return one;
      });
      const store = keepKeys || chosen.every(({ keys }) => keys.length === 0) ? null : await secrets();
      const keeper =
        store === null
          ? null
          : { taken: await store.list(), set: (name: string, value: string) => store.set(name, value) };
      await bringIn(configFile, chosen, keeper);
      return { imported: chosen.length, replaceable: replaceable(chosen, found.labels) };
    },
  };
}

type Labels = ReadonlyMap<string, string>;

function labelsOf(clients: readonly ClientSpec[]): Labels {
  return new Map(clients.map(({ id, label }) => [id, label]));
}

function viewOf(found: Found, labels: Labels): ImportableView {
  const { name, from, entry, keys, enabled } = found;
  const isAddress = entry.url !== undefined;
  return {
    name,
    digest: digestOf(found),
    from: from.map((one): ImportSource => ({ ...one, label: labels.get(one.source) ?? one.source })),
    kind: isAddress ? 'address' : 'program',
    what: isAddress ? hostOf(entry.url ?? '') : (entry.command ?? ''),
    keys,
    enabled,
  };
}

function digestOf({ entry, enabled, from }: Found): string {
  return createHash('sha256')
    .update(JSON.stringify([entry, enabled, from]))
    .digest('hex');
}

/** Only clients: files that were named are nobody's settings. */
function replaceable(chosen: readonly Found[], labels: Labels): readonly Replaceable[] {
  const byFile = new Map<string, Replaceable>();
  for (const { source, file, name } of chosen.flatMap(({ from }) => from)) {
    const label = labels.get(source);
    if (label === undefined) continue;
    const id = JSON.stringify([source, file]);
    const known = byFile.get(id);
    byFile.set(id, { client: source, label, file, names: [...(known?.names ?? []), name] });
  }
  return [...byFile.values()];
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}
