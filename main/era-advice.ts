/**
 * Tells, once for each server and run, that a server of both eras asks nobody because it is spoken to in the newer one, and
 * what to set. It is not changed by itself: the same server may have other tools that work in the newer era only, and a
 * call that has been refused may have done half of its work already. Holds nothing but memory.
 */
import type { ActivityEntry, ActivityNote } from './activity/entry.ts';
import type { Era } from './protocol/peer.ts';
import { refusesToAsk } from './upstreams/era-refusal.ts';

/** Code of the note, as docs/errors.md has it. */
const CODE = 'upstream.asks_refused';
const ADVICE =
  'The server refuses to ask its client in 2026-07-28, in which it is spoken to. If it speaks the older revisions too, ' +
  'set "protocol": "legacy" in its entry of the configuration; else update the server.';

/** Where it is told. */
export interface EraAdviceOptions {
  /** In which era the server is spoken to; null while that is not known. */
  era(server: string): Era | null;
  /** Writes a line into the server's own log. */
  logNote(server: string, text: string): void;
  note(note: ActivityNote): void;
}

/** Looks at a finished call and its answer; of one that went well, at the outcome only. */
export function createEraAdvice({
  era,
  logNote,
  note,
}: EraAdviceOptions): (
  call: Pick<ActivityEntry, 'server' | 'tool' | 'outcome' | 'errorCode'>,
  answer: Buffer | null,
) => void {
  const told = new Set<string>();
  return ({ server, tool, outcome, errorCode }, answer) => {
    // Errors with a code are ours.
    if (errorCode !== null || (outcome !== 'tool-error' && outcome !== 'error')) return;
    if (answer === null || told.has(server) || era(server) !== 'modern' || !refusesToAsk(answer)) return;
    told.add(server);
    logNote(server, `${CODE}: ${ADVICE}`);
    note({
      ...{ kind: 'connection', action: 'server.advice', server, tool },
      ...{ outcome: 'error', errorCode: CODE, detail: ADVICE },
    });
  };
}
