/**
 * Which client was sent to which page (elicitation section of 2025-11-25, URL mode), so that it alone hears when that
 * is done. Bounded; the oldest are forgotten.
 */
import { arraySpans, memberSpans, type Span, stringAt } from '../protocol/json.ts';
import { memberOf } from '../protocol/members.ts';
import type { Peer } from '../protocol/peer.ts';
import { scanMessage } from '../protocol/scan.ts';

const KEPT = 1_000;
/** Longer ids are not kept. Characters. */
const LONGEST_ID = 1_024;

/** All of them. */
export interface Elicitations {
  /** A client was asked with these params, raw JSON. */
  asked(server: string, peer: Peer, params: Buffer | null): void;
  /** A client got this error answer; code -32042 names pages in its data. */
  failed(server: string, peer: Peer, answer: Buffer): void;
  /** The key of the peer that a `notifications/elicitation/complete` is for; null when it is nobody's. */
  complete(server: string, message: Buffer): string | null;
}

export function createElicitations(): Elicitations {
  const peers = new Map<string, string>();
  const learn = (server: string, peer: Peer, bytes: Buffer, object: Span): void => {
    const id = textIn(bytes, object);
    if (id === null || id.length > LONGEST_ID) return;
    const key = `${server}\0${id}`;
    peers.delete(key);
    peers.set(key, peer.key);
    if (peers.size <= KEPT) return;
    const [oldest] = peers.keys();
    if (oldest !== undefined) peers.delete(oldest);
  };

  return {
    asked(server, peer, params) {
      if (params !== null) learn(server, peer, params, { start: 0, end: params.length });
    },
    failed(server, peer, answer) {
      if (answer.indexOf('-32042', 0, 'latin1') === -1) return;
      const { errorStart, errorEnd } = scanMessage(answer);
      const error = errorStart < 0 ? null : memberSpans(answer, errorStart, errorEnd);
      const code = error?.get('code');
      const data = error?.get('data');
      if (code === undefined || data === undefined) return;
      if (answer.toString('latin1', code.start, code.end) !== '-32042') return;
      const listed = memberSpans(answer, data.start, data.end)?.get('elicitations');
      const spans = listed === undefined ? null : arraySpans(answer, listed.start, listed.end);
      for (const span of spans?.slice(0, KEPT) ?? []) learn(server, peer, answer, span);
    },
    complete(server, message) {
      const { paramsStart, paramsEnd } = scanMessage(message);
      const id = paramsStart < 0 ? null : textIn(message, { start: paramsStart, end: paramsEnd });
      return id === null ? null : (peers.get(`${server}\0${id}`) ?? null);
    },
  };
}

function textIn(bytes: Buffer, { start, end }: Span): string | null {
  const id = memberOf(bytes, start, end, 'elicitationId');
  return id !== null && id[0] === 0x22 ? stringAt(id, 0, id.length) : null;
}
