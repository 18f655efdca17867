/**
 * Sign-ins that wait for a person. Each belongs to a browser page that holds its ticket and hears of the decision, and is
 * denied when nobody decides in time. What is shown of one never changes: a decision names it, and so is bound to that.
 * `close` denies whatever waits.
 */
import { createHash, randomInt } from 'node:crypto';
import type { CancelTimer, Clock } from '../../protocol/clock.ts';
import { GatehouseError } from '../../protocol/error.ts';
import type { SignInChoice } from '../sign-in-tokens.ts';
import { hashOf, secret } from '../token-text.ts';
import type { Consent, KnownClient } from './ports.ts';
import type { Asked } from './requests.ts';

/** How long one waits. Milliseconds. */
export const WAIT_MS = 5 * 60_000;
/** How long its browser may take to hear of the decision. Milliseconds. */
const FETCH_MS = 2 * 60_000;
/** Sign-ins that wait at once, and of one client. */
const MOST = 8;
const MOST_OF_CLIENT = 3;
/** How long a request that was decided is known again. Milliseconds. */
const KNOWN_MS = 15 * 60_000;
/** How many of them. */
const MOST_KNOWN = 200;
/** Letters of an id: none that are taken for others. */
const LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

/** What became of it. */
export type Outcome =
  | { readonly kind: 'allowed'; readonly choice: SignInChoice }
  | { readonly kind: 'denied'; readonly by: 'person' | 'time' | 'newer' };

/** One of them, for its browser. */
export interface Pending {
  readonly consent: Consent;
  readonly asked: Asked;
  readonly client: KnownClient;
  /** Null while it waits. */
  readonly outcome: Outcome | null;
}

/** See above. */
export interface WaitingRoom {
  /** `over` when this very request was decided already, `full` when too many wait. */
  open(
    asked: Asked,
    client: KnownClient,
  ): { readonly ticket: string; readonly consent: Consent } | 'over' | 'full';
  list(): readonly Consent[];
  find(id: string): Consent | null;
  /** Throws `identity.sign_in_not_waiting`. */
  decide(id: string, outcome: Outcome): void;
  /** Settles when it was decided, after `ms`, or when `gone` ends. */
  settled(ticket: string, ms: number, gone: AbortSignal): Promise<void>;
  /** Null when no such ticket is known any more. */
  look(ticket: string): Pending | null;
  /** Its browser has heard of it. */
  forget(ticket: string): void;
  /** The ids of the clients that wait. */
  clientIds(): ReadonlySet<string>;
  close(): void;
}

interface Entry extends Pending {
  outcome: Outcome | null;
  readonly ticket: string;
  readonly print: string;
  readonly listeners: Set<() => void>;
  cancel: CancelTimer;
}

/** @param ended told of each decision */
export function createWaitingRoom(
  clock: Clock,
  changed: () => void,
  ended: (pending: Pending, outcome: Outcome) => void,
): WaitingRoom {
  /** By the hash of the ticket. */
  const entries = new Map<string, Entry>();
  const tickets = new Map<string, string>();
  const over = new Map<string, number>();

  const waiting = (): readonly Entry[] => [...entries.values()].filter(({ outcome }) => outcome === null);
  const drop = (entry: Entry): void => {
    entry.cancel();
    entries.delete(entry.ticket);
    tickets.delete(entry.print);
  };
  const settle = (entry: Entry, outcome: Outcome): void => {
    entry.cancel();
    entry.outcome = outcome;
    tickets.delete(entry.print);
    if (over.size >= MOST_KNOWN) over.delete(over.keys().next().value ?? '');
    over.set(entry.print, clock.now() + KNOWN_MS);
    entry.cancel = clock.after(FETCH_MS, () => drop(entry));
    ended(entry, outcome);
    for (const listener of [...entry.listeners]) listener();
    changed();
  };
  const newId = (): string => {
    for (;;) {
      const id = Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
      if (![...entries.values()].some(({ consent }) => consent.id === id)) return id;
    }
  };

  return {
    open(asked, client) {
      const print = printOf(asked, client);
      const before = tickets.get(print);
      const same = before === undefined ? undefined : entries.get(hashOf(before));
      // The page was loaded once more.
      if (before !== undefined && same !== undefined) return { ticket: before, consent: same.consent };
      if ((over.get(print) ?? 0) > clock.now()) return 'over';
      const older = waiting().filter((entry) => entry.client.clientId === client.clientId);
      for (const entry of older)
        if (entry.asked.redirect === asked.redirect && entry.asked.resource === asked.resource)
          settle(entry, { kind: 'denied', by: 'newer' });
      const left = waiting();
      const ofClient = left.filter((entry) => entry.client.clientId === client.clientId).length;
      if (left.length >= MOST || ofClient >= MOST_OF_CLIENT) return 'full';
      const since = clock.now();
      const { redirect, resource, scope, asks } = asked;
      const ticket = secret();
      const entry: Entry = {
        consent: { id: newId(), client, redirect, resource, scope, asks, since, until: since + WAIT_MS },
        ...{ asked, client, print, ticket: hashOf(ticket), outcome: null },
        listeners: new Set(),
        cancel: () => undefined,
      };
      entry.cancel = clock.after(WAIT_MS, () => settle(entry, { kind: 'denied', by: 'time' }));
      entries.set(entry.ticket, entry);
      tickets.set(print, ticket);
      changed();
      return { ticket, consent: entry.consent };
    },
    list: () => waiting().map(({ consent }) => consent),
    find: (id) => waiting().find(({ consent }) => consent.id === id)?.consent ?? null,
    decide(id, outcome) {
      const entry = waiting().find(({ consent }) => consent.id === id);
      if (entry === undefined) throw notWaiting(id);
      settle(entry, outcome);
    },
    settled(ticket, ms, gone) {
      const entry = entries.get(hashOf(ticket));
      if (entry === undefined || entry.outcome !== null || gone.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const done = (): void => {
          cancel();
          entry.listeners.delete(done);
          gone.removeEventListener('abort', done);
          resolve();
        };
        const cancel = clock.after(ms, done);
        entry.listeners.add(done);
        gone.addEventListener('abort', done, { once: true });
      });
    },
    look: (ticket) => entries.get(hashOf(ticket)) ?? null,
    forget(ticket) {
      const entry = entries.get(hashOf(ticket));
      if (entry !== undefined) drop(entry);
    },
    clientIds: () => new Set([...entries.values()].map(({ client }) => client.clientId)),
    close() {
      for (const entry of waiting()) settle(entry, { kind: 'denied', by: 'time' });
      for (const entry of [...entries.values()]) drop(entry);
    },
  };
}

/** What makes two requests the same one. */
function printOf(asked: Asked, { clientId }: KnownClient): string {
  const { redirect, state, challenge, resource, asks } = asked;
  const text = JSON.stringify([clientId, redirect, state, challenge, resource, asks]);
  return createHash('sha256').update(text).digest('base64');
}

/** The error for a decision that comes too late. */
export function notWaiting(id: string): GatehouseError {
  return new GatehouseError({
    code: 'identity.sign_in_not_waiting',
    message: 'No sign-in {id} waits.',
    remedy: 'It was decided, or took too long. Let the client begin again.',
    values: { id: JSON.stringify(id.slice(0, 40)) },
  });
}
