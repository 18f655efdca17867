/**
 * The activity log on the screen: what is asked for, how one row reads, and how pages and new rows become one list. Pure.
 */
import type {
  ActivityDetail,
  ActivityFilter,
  ActivityKind,
  ActivityRow,
} from '../../preload/views/activity.ts';
import type { PlainKey, Words } from '../i18n/words.ts';
import { startOfDay } from './approvals.ts';
import type { Sign } from './signs.ts';

/** How far back is looked. */
export type Span = 'hour' | 'today' | 'week' | 'month' | 'all';
export const SPANS = ['hour', 'today', 'week', 'month', 'all'] as const satisfies readonly Span[];

/** What kind of thing. */
export type Kind = ActivityKind | 'all';
export const KINDS = ['call', 'decision', 'connection', 'config', 'all'] as const satisfies readonly Kind[];

/** How it ended. */
export type Ending = 'any' | 'failed' | 'ok' | 'tool-error' | 'error' | 'refused' | 'cancelled';
export const ENDINGS = [
  ...(['any', 'failed', 'ok', 'tool-error', 'error', 'refused', 'cancelled'] as const),
] as const satisfies readonly Ending[];

/** What is chosen above the table; empty texts are anything. */
export interface Wish {
  readonly text: string;
  readonly span: Span;
  readonly kind: Kind;
  readonly client: string;
  readonly server: string;
  readonly ending: Ending;
}

/** Calls of today. */
export const usual: Wish = { text: '', span: 'today', kind: 'call', client: '', server: '', ending: 'any' };

const HOUR = 3_600_000;

/** The earliest moment of a span, epoch milliseconds; null for no bound. */
export function sinceOf(span: Span, now: number): number | null {
  switch (span) {
    case 'hour':
      return now - HOUR;
    case 'today':
      return startOfDay(now);
    case 'week':
      return now - 7 * 24 * HOUR;
    case 'month':
      return now - 30 * 24 * HOUR;
    case 'all':
      return null;
  }
}

/** The question for the core. */
export function filterOf({ text, span, kind, client, server, ending }: Wish, now: number): ActivityFilter {
  const since = sinceOf(span, now);
  const words = text.trim();
  return {
    ...(words === '' ? {} : { text: words }),
    ...(since === null ? {} : { since }),
    ...(kind === 'all' ? {} : { kind }),
    ...(client === '' ? {} : { client }),
    ...(server === '' ? {} : { server }),
    ...(ending === 'any' ? {} : { outcome: ending }),
  };
}

/** True when something is chosen that leaves rows out which are shown at the beginning. */
export function isNarrowed(wish: Wish, first: Wish = usual): boolean {
  return JSON.stringify({ ...wish, text: wish.text.trim() }) !== JSON.stringify(first);
}

const endings: Readonly<Record<ActivityRow['outcome'], Sign>> = {
  ok: { icon: 'circle-check', word: 'activity.ending.ok', tone: 'ok' },
  'tool-error': { icon: 'octagon-alert', word: 'activity.ending.tool-error', tone: 'bad' },
  error: { icon: 'octagon-alert', word: 'activity.ending.error', tone: 'bad' },
  refused: { icon: 'shield-x', word: 'activity.ending.refused', tone: 'warn' },
  cancelled: { icon: 'circle-minus', word: 'activity.ending.cancelled', tone: 'off' },
};

/** How a row ended. */
export function endingSign({ outcome }: Pick<ActivityRow, 'outcome'>): Sign {
  return endings[outcome];
}

/** What a row is about, where it is no call of a tool: the method, or what happened. */
export function subjectOf({ tool, action }: Pick<ActivityRow, 'tool' | 'action'>): string {
  return tool === '' ? action : tool;
}

/** The ways in which the refusal of a call can be mended by looking at what waits. */
export function isForReview({ errorCode }: Pick<ActivityRow, 'errorCode'>): boolean {
  return errorCode !== null && ['trust.changed', 'trust.pending', 'trust.blocked'].includes(errorCode);
}

/** "9 ms", "1.21 s", "3 min". */
export function tookWords(words: Words, milliseconds: number): string {
  if (milliseconds < 999.5) {
    return words.t('activity.milliseconds', { number: Math.round(milliseconds) });
  }
  const seconds = milliseconds / 1_000;
  return seconds < 120
    ? words.t('activity.seconds', { number: words.number(Number(seconds.toPrecision(3))) })
    : words.t('wait.minutes', { minutes: Math.round(seconds / 60) });
}

/** "182 B", "18.4 KB", "2.1 MB". */
export function sizeWords(words: Words, bytes: number): string {
  const units = ['activity.bytes', 'activity.kilobytes', 'activity.megabytes'] as const;
  const unit = bytes < 1_000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const value = bytes / 1_000 ** unit;
  return words.t(units[unit] ?? units[2], {
    number: words.number(unit === 0 ? value : Number(value.toFixed(1))),
  });
}

/**
 * The list with a newer first page laid on top. Null when there is a gap between them: then only the page is known.
 *
 * @param page newest first, `limit` rows at most
 */
export function withNewest(
  rows: readonly ActivityRow[],
  page: readonly ActivityRow[],
  limit: number,
): readonly ActivityRow[] | null {
  const newest = rows[0]?.id ?? 0;
  const fresh = page.filter(({ id }) => id > newest);
  if (fresh.length === 0) {
    return rows;
  }
  return rows.length > 0 && fresh.length === limit ? null : [...fresh, ...rows];
}

/** A row as JSON for the clipboard, indented. */
export function asJson(row: ActivityDetail): string {
  return `${JSON.stringify(row, null, 2)}\n`;
}

/** JSON with line breaks and indents; anything else as it is. Numbers and the order of keys stay as they were written. */
export function prettyJson(text: string): string {
  let out = '';
  let depth = 0;
  let quoted = false;
  const line = (): string => `\n${'  '.repeat(Math.min(depth, 40))}`;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quoted) {
      out += char;
      if (char === '\\') {
        at += 1;
        out += text.charAt(at);
      } else if (char === '"') {
        quoted = false;
      }
    } else if (char === '"') {
      quoted = true;
      out += char;
    } else if (char === '{' || char === '[') {
      depth += 1;
      out += /^\s*[}\]]/.test(text.slice(at + 1, at + 40)) ? char : char + line();
    } else if (char === '}' || char === ']') {
      depth = Math.max(0, depth - 1);
      out += /[{[]$/.test(out) ? char : line() + char;
    } else if (char === ',') {
      out += char + line();
    } else if (char === ':') {
      out += ': ';
    } else if (!/\s/.test(char)) {
      out += char;
    }
  }
  return /^\s*[{[]/.test(text) ? out : text;
}

/** Words of the choices above the table. */
export const spanWord = (span: Span): PlainKey => `activity.span.${span}`;
export const kindWord = (kind: Kind): PlainKey => `activity.kind.${kind}`;
export const endingWord = (ending: Ending): PlainKey => `activity.ending.${ending}`;

/** Who called: one that has a name here by that; else, in quotes, by what it calls itself, where it says so. */
export function whoOf(words: Words, row: Pick<ActivityRow, 'client' | 'clientName'>): string {
  const name = unproven(row);
  return name === null ? row.client : words.t('activity.client_said', { name });
}

/** What stands beside a name in quotes; absent for others. */
export function saysItself(
  words: Words,
  row: Pick<ActivityRow, 'client' | 'clientName'>,
): string | undefined {
  return unproven(row) === null ? undefined : words.t('activity.client_said_help', { client: row.client });
}

/** Of a client that has no name here: several may share a token, and none is asked for in some set-ups. */
function unproven({ client, clientName }: Pick<ActivityRow, 'client' | 'clientName'>): string | null {
  return client === 'local' || client.startsWith('token-') ? clientName : null;
}

/** Clients that were seen, each with what it called itself where it has no name here. */
export type SeenClients = ReadonlyMap<string, ReadonlySet<string>>;

/** Those of some rows besides; the same ones when there is nothing new in them. */
export function withClients(
  seen: SeenClients,
  rows: readonly Pick<ActivityRow, 'client' | 'clientName'>[],
): SeenClients {
  const all = new Map(seen);
  let news = false;
  for (const row of rows) {
    if (row.client === '') continue;
    const names = all.get(row.client);
    const name = unproven(row);
    if (names !== undefined && (name === null || names.has(name))) continue;
    all.set(row.client, new Set([...(names ?? []), ...(name === null ? [] : [name])]));
    news = true;
  }
  return news ? all : seen;
}

/** Clients to choose from, in order of what is read: one that is known by its own word alone by that, in quotes. */
export function clientChoices(
  words: Words,
  seen: SeenClients,
): readonly { readonly id: string; readonly label: string }[] {
  const choices = [...seen].map(([id, names]) => {
    // Of those that share a token there is no telling who is meant.
    const [clientName = null] = names.size === 1 ? names : [];
    return { id, label: whoOf(words, { client: id, clientName }) };
  });
  return choices.sort((a, b) => a.label.localeCompare(b.label));
}

/** How wide a text stands among figures, in figures: a letter of Chinese or Japanese is as wide as two. */
export function columnsOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter >= '\u2e80' ? 2 : 1), 0);
}
