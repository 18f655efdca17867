/** Clients as their page shows them: their order, how each stands, and short paths. Pure. */
import type { Problem } from '../../preload/contract.ts';
import type { ClientChange, ClientView } from '../../preload/views/clients.ts';
import type { PlainKey, Words } from '../i18n/words.ts';
import { ageWords } from './ages.ts';
import type { Sign } from './signs.ts';

/** What is to be done about a client first. */
export type ClientVerb = 'connect' | 'repair';

const byState: Readonly<Record<ClientView['state'], Sign>> = {
  connected: { icon: 'circle-check', word: 'client.connected', tone: 'ok' },
  waiting: { icon: 'hourglass', word: 'client.waiting', tone: 'work' },
  gone: { icon: 'triangle-alert', word: 'client.gone', tone: 'warn' },
  'not-connected': { icon: 'circle-minus', word: 'client.not-connected', tone: 'quiet' },
  'not-installed': { icon: 'circle-minus', word: 'client.not-installed', tone: 'off' },
};
const outdated: Sign = { icon: 'triangle-alert', word: 'client.outdated', tone: 'warn' };
const unreadable: Sign = { icon: 'octagon-alert', word: 'client.unreadable', tone: 'bad' };

/** How a client stands; trouble comes before what would be so without it. */
export function clientSign(client: ClientView): Sign {
  if (client.problem !== null) return unreadable;
  return client.outdated ? outdated : byState[client.state];
}

/** The proof of it, or what is known instead. */
export function proofOf(words: Words, client: ClientView, now: number): string {
  if (client.problem !== null) return words.said(client.problem).message;
  if (client.lastSeen !== null) {
    const age = ageWords(words, client.lastSeen, now);
    return words.t(client.here ? 'client.here' : 'client.seen', { age });
  }
  switch (client.state) {
    case 'connected':
    case 'waiting':
    case 'gone':
      return words.t('client.never_seen');
    case 'not-connected':
      return words.t('client.installed');
    case 'not-installed':
      return words.t('client.not_found');
  }
}

/** The button of its row; null where nothing is to be done. */
export function verbOf(client: ClientView): ClientVerb | null {
  if (client.problem !== null) return null;
  if (client.state === 'gone' || client.outdated) return 'repair';
  return client.present || client.state === 'connected' ? null : 'connect';
}

/** Those that are here, with what needs a person first; and those of which nothing was found. */
export function grouped(clients: readonly ClientView[]): {
  readonly here: readonly ClientView[];
  readonly absent: readonly ClientView[];
} {
  const here = clients.filter(({ state, problem }) => state !== 'not-installed' || problem !== null);
  const rank = (client: ClientView): number =>
    client.problem !== null || client.state === 'gone' || client.outdated
      ? 0
      : client.present || client.state === 'connected'
        ? 1
        : 2;
  return {
    here: [...here].sort((a, b) => rank(a) - rank(b)),
    absent: clients.filter((client) => !here.includes(client)),
  };
}

/** The file is another one than was looked at: nothing was written, and it has to be looked at anew. */
export function isChangedMeanwhile({ code }: Problem): boolean {
  return code.endsWith('.changed_meanwhile');
}

/** A path for a narrow place: the home folder as `~`, and folders left out of its middle where it is long. */
export function shortPath(path: string, longest = 46): string {
  const short = path.replace(
    /^(?:\/home\/[^/]+|\/Users\/[^/]+|\/root|[A-Za-z]:\\Users\\[^\\]+)(?=[\\/])/,
    '~',
  );
  if (short.length <= longest) return short;
  const mark = short.includes('\\') ? '\\' : '/';
  const parts = short.split(mark);
  for (let left = 2; parts.length - left > 2; left += 1) {
    const cut = [...parts.slice(0, 2), '…', ...parts.slice(left + 1)].join(mark);
    if (cut.length <= longest) return cut;
  }
  return [parts[0], '…', ...parts.slice(-1)].join(mark);
}

/** Letters for its tile. */
export function clientLetters(label: string): string {
  const [first = '', second = ''] = label.split(/\s+/);
  return second === '' ? first.slice(0, 2) : first.slice(0, 1) + second.slice(0, 1);
}

/** The words of a change's dialog. */
export interface ChangeWords {
  readonly verb: PlainKey;
  readonly ing: PlainKey;
  readonly help: PlainKey;
  readonly title: 'client.connect_one' | 'client.repair_one' | 'client.disconnect_one' | 'change.replace_one';
}

const changes: Readonly<Record<ClientChange['action'] | 'repair' | 'replace', ChangeWords>> = {
  connect: {
    verb: 'client.connect',
    ing: 'client.connecting',
    help: 'change.connect_help',
    title: 'client.connect_one',
  },
  repair: {
    verb: 'client.repair',
    ing: 'client.repairing',
    help: 'change.repair_help',
    title: 'client.repair_one',
  },
  disconnect: {
    verb: 'client.disconnect',
    ing: 'client.disconnecting',
    help: 'change.disconnect_help',
    title: 'client.disconnect_one',
  },
  replace: {
    verb: 'change.replace',
    ing: 'change.replacing',
    help: 'change.replace_help',
    title: 'change.replace_one',
  },
};

/** The words of the dialog about a change; `repairs` when there is an entry already. */
export function changeWords(action: ClientChange['action'] | 'replace', repairs: boolean): ChangeWords {
  return changes[action === 'connect' && repairs ? 'repair' : action];
}

/** What makes the client notice; one key for all that need its name. */
export function reloadWords(words: Words, client: Pick<ClientView, 'reload' | 'label'>): string {
  switch (client.reload) {
    case 'automatic':
      return words.t('client.reload.automatic');
    case 'new-session':
      return words.t('client.reload.new-session');
    case 'restart':
    case 'refresh-servers':
    case 'reload-window':
      return words.t(`client.reload.${client.reload}`, { name: client.label });
  }
}
