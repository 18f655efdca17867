/**
 * Adding a server: reading what is pasted while it is typed, what the user decides about it, and the two steps of adding
 * it. Nothing here is a component; the clock and the core are given.
 */
import type { Api, Problem } from '../../preload/contract.ts';
import type {
  AddingChoice,
  PasteView,
  ProposedCheck,
  ProposedOrigin,
  ProposedServer,
} from '../../preload/views/adding.ts';
import type { Words } from '../i18n/words.ts';

/** What is known of the text in the field. */
export type Reading =
  | { readonly state: 'empty' }
  /** The text is newer than what is known of it. */
  | { readonly state: 'reading' }
  | { readonly state: 'read'; readonly text: string; readonly paste: PasteView }
  | { readonly state: 'refused'; readonly problem: Problem };

/** From the last key to reading, in milliseconds. */
const QUIET_MS = 150;

/** Reads texts, the newest only. */
export interface Reader {
  read(text: string): void;
  close(): void;
}

/** @param later runs something after some milliseconds; gives what takes that back */
export function openReader(
  api: Pick<Api, 'command'>,
  later: (ms: number, run: () => void) => () => void,
  changed: (reading: Reading) => void,
): Reader {
  let cancel = (): void => {};
  let newest = 0;
  return {
    read(text) {
      cancel();
      newest += 1;
      const mine = newest;
      if (text.trim() === '') {
        changed({ state: 'empty' });
        return;
      }
      changed({ state: 'reading' });
      cancel = later(QUIET_MS, () => {
        void api.command('adding.read', { text }).then((answer) => {
          if (mine !== newest) {
            return;
          }
          changed(
            answer.ok
              ? { state: 'read', text, paste: answer.value }
              : { state: 'refused', problem: answer.error },
          );
        });
      });
    },
    close() {
      newest += 1;
      cancel();
    },
  };
}

/** How much a container may do with a path. */
export type PathRight = 'none' | 'read' | 'write';

/** What the user decides about one server. */
export interface Draft {
  readonly name: string;
  readonly place: 'container' | 'host';
  readonly paths: Readonly<Record<string, PathRight>>;
  /** What was typed, by place. */
  readonly values: Readonly<Record<string, string>>;
  readonly keepKeys: boolean;
}

/** Where a draft begins: as safe as the server can be, and with the folders that its own line names. */
export function draftOf(server: ProposedServer): Draft {
  return {
    name: server.name,
    place: server.place === 'container' ? 'container' : 'host',
    paths: Object.fromEntries(server.paths.map((path) => [path, 'read'])),
    values: {},
    keepKeys: true,
  };
}

/** What the core is told. */
export function choiceOf(text: string, paste: PasteView, index: number, draft: Draft): AddingChoice {
  const { name, place, paths, values, keepKeys } = draft;
  return {
    ...{ text, digest: paste.digest, index, name, place, values, keepKeys },
    mounts:
      place === 'container'
        ? Object.entries(paths)
            .filter(([, right]) => right !== 'none')
            .map(([path, right]) => ({ path, write: right === 'write' }))
        : [],
  };
}

/** What became of adding. `added`: it stands in the configuration, whatever came after. */
export type Added =
  | { readonly ok: true; readonly server: string }
  | { readonly ok: false; readonly added: boolean; readonly server: string; readonly problem: Problem };

/** Writes the server into the configuration, then starts it for a look; nobody else sees it before it is approved. */
export async function addServer(
  api: Pick<Api, 'command'>,
  choice: AddingChoice,
  onadded: (server: string) => void,
): Promise<Added> {
  const answer = await api.command('adding.add', choice);
  if (!answer.ok) {
    return { ok: false, added: false, server: choice.name, problem: answer.error };
  }
  const { server } = answer.value;
  onadded(server);
  return lookAt(api, server, choice.place);
}

/** The second step alone. */
export async function lookAt(
  api: Pick<Api, 'command'>,
  server: string,
  where: 'container' | 'host',
): Promise<Added> {
  const seen = await api.command('server.inspect', { server, where });
  return seen.ok ? { ok: true, server } : { ok: false, added: true, server, problem: seen.error };
}

/** "An npm package, started with npx": what the text was taken for. */
export function readWords({ t }: Words, { kind, servers }: PasteView): string {
  const [first] = servers;
  if (first === undefined || servers.length > 1) {
    return t('adding.several', { count: servers.length });
  }
  return kind === 'command' || kind === 'address'
    ? t(`adding.is.${first.origin.kind}`)
    : t(`adding.is_settings`, { what: t(`adding.origin.${first.origin.kind}`) });
}

/** What is said of its version; null where it has none. */
export function versionWords({ t }: Words, { kind, version }: ProposedOrigin): string | null {
  if (kind === 'file' || kind === 'program' || kind === 'address') {
    return null;
  }
  return version === null ? t('adding.any_version') : t('adding.version', { version });
}

/** A sentence and what follows from it. */
export interface CheckWords {
  readonly title: string;
  readonly more: string;
}

/** What a check of something pasted says, and what that means. */
export function checkWords({ t }: Words, { id, what }: ProposedCheck): CheckWords {
  switch (id) {
    case 'report':
      return { title: what, more: '' };
    case 'shell':
      return { title: t('adding.check.shell'), more: t('adding.check.shell.more') };
    case 'pinned':
      return { title: t('adding.check.pinned'), more: '' };
    case 'unpinned':
      return { title: t('adding.check.unpinned'), more: t('adding.check.unpinned.more', { what }) };
    case 'no-tls':
      return { title: t('adding.check.no-tls'), more: t('adding.check.no-tls.more', { what }) };
    case 'uses-secret':
      return { title: t('adding.check.uses-secret', { what }), more: t('adding.check.uses-secret.more') };
    case 'uses-variable':
      return { title: t('adding.check.uses-variable', { what }), more: t('adding.check.uses-secret.more') };
    case 'own-network':
      return { title: t('adding.check.own-network'), more: t('adding.check.own-network.more', { what }) };
    case 'same':
      return { title: t('adding.check.same', { what }), more: t('adding.check.same.more') };
    case 'no-program':
      return { title: t('adding.check.no-program', { what }), more: t('adding.check.no-program.more') };
    case 'placeholder':
      return { title: t('adding.check.placeholder', { what }), more: t('adding.check.placeholder.more') };
    case 'missing':
      return { title: t('adding.check.missing', { what }), more: t('adding.check.missing.more') };
    case 'container-flags':
      return {
        title: t('adding.check.container-flags', { what }),
        more: t('adding.check.container-flags.more'),
      };
  }
}

/** Checks that still hold, given what was typed and where it will run. */
export function checksNow(server: ProposedServer, draft: Draft): readonly ProposedCheck[] {
  const typed = new Set(
    server.values.filter(({ place }) => (draft.values[place] ?? '') !== '').map(({ name }) => name),
  );
  return server.checks.filter(
    ({ id, what }) =>
      !(id === 'missing' && typed.has(what)) && !(id === 'no-program' && draft.place === 'container'),
  );
}
