/** Since when a server is as it is, in words; null where that says nothing. Pure. */
import type { ServerView } from '../../preload/contract.ts';
import type { Words } from '../i18n/words.ts';
import { ageWords, waitWords } from './ages.ts';

/** @param now epoch milliseconds */
export function sinceWords(
  words: Words,
  server: Pick<ServerView, 'state' | 'since'>,
  now: number,
): string | null {
  const age = ageWords(words, server.since, now);
  switch (server.state) {
    case 'ready':
      return words.t('server.started', { age });
    case 'failed':
      return words.t('server.failed_since', { age });
    case 'retrying':
      return words.t('server.lost', { age });
    case 'starting':
      return words.t('server.starting_for', { time: waitWords(words, now - server.since) });
    case 'disabled':
    case 'quarantined':
    case 'signing-in':
    case 'stopped':
      return null;
  }
}

/** When the next automatic try is, in words; null when there is none. */
export function nextTryWords(words: Words, nextRetry: number | null, now: number): string | null {
  if (nextRetry === null) {
    return null;
  }
  return nextRetry <= now
    ? words.t('server.trying_now')
    : words.t('server.next_try', { time: waitWords(words, nextRetry - now) });
}
