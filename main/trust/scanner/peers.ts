/**
 * The tools of the other servers, made ready for comparing names: who imitates whom, and who speaks of whose tools. Built
 * once per change of any list; all look-ups are by key, so that 3,000 tools cost no more than their letters. Pure.
 */

import type { Span } from './addresses.ts';
import { latinLookalike } from './characters.ts';
import { type Evidence, inWords, visible } from './evidence.ts';
import type { Severity } from './finding.ts';
import { withoutMarks, wordsOf } from './words.ts';

/** A tool of some server, as far as others may imitate it. */
export interface PeerTool {
  readonly server: string;
  readonly name: string;
  readonly description: string;
}

/** How a tool imitates another one. */
export interface Imitation extends Evidence {
  readonly of: PeerTool;
  readonly severity: Severity;
}

/** The tools of all servers. */
export interface Peers {
  /** The tool of another server that this one passes for, or null. */
  imitated(tool: PeerTool): Imitation | null;
  /** Where a text names tools that only other servers have. */
  mentioned(text: string, server: string): readonly Span[];
}

/** No other servers. */
export const NO_PEERS: Peers = { imitated: () => null, mentioned: () => [] };

/** Shortest name for which one wrong letter is a sign. */
const TYPO_LENGTH = 7;
/** Shortest name that is looked for in texts. */
const MENTION_LENGTH = 5;
/** Units of a name that are compared. */
const NAME = 128;
/** Share of the words of two descriptions that says that they are about the same. */
const ALIKE = 0.6;
/** Share of a server's tools that another has word for word: then both are the same product. */
const TWIN = 0.6;
/** Names under one key that are compared, and mentions per text. */
const TRIED = 16;
const MENTIONS = 200;

/** Makes the index. */
export function createPeers(tools: readonly PeerTool[]): Peers {
  const byName = new Map<string, PeerTool[]>();
  const bySkeleton = new Map<string, PeerTool[]>();
  const byTypo = new Map<string, PeerTool[]>();
  const byServer = new Map<string, PeerTool[]>();
  const servers = new Set<string>();
  const push = (map: Map<string, PeerTool[]>, key: string, tool: PeerTool): void => {
    const there = map.get(key);
    if (there === undefined) map.set(key, [tool]);
    else if (there.length < 4 * TRIED) there.push(tool);
  };
  for (const tool of tools) {
    servers.add(tool.server);
    push(byName, tool.name, tool);
    push(bySkeleton, skeleton(tool.name), tool);
    for (const key of typos(tool.name)) push(byTypo, key, tool);
    const of = byServer.get(tool.server);
    if (of === undefined) byServer.set(tool.server, [tool]);
    else of.push(tool);
  }
  const contents = new Map<PeerTool, ReadonlySet<string>>();
  const contentOf = (tool: PeerTool): ReadonlySet<string> => {
    const known = contents.get(tool);
    if (known !== undefined) return known;
    const words = contentWords(tool);
    contents.set(tool, words);
    return words;
  };
  const twins = new Map<string, boolean>();
  /** Whether two servers offer the same tools, as two accounts of one product do. */
  const areTwins = (one: string, other: string): boolean => {
    const key = JSON.stringify([one, other]);
    const known = twins.get(key);
    if (known !== undefined) return known;
    const own = byServer.get(one) ?? [];
    const same = own.filter((tool) =>
      (byName.get(tool.name) ?? []).some(
        (peer) => peer.server === other && peer.description === tool.description,
      ),
    );
    const answer = own.length >= 3 && same.length >= own.length * TWIN;
    twins.set(key, answer);
    return answer;
  };

  return {
    imitated(tool) {
      const mine = skeleton(tool.name);
      let content: ReadonlySet<string> | null = null;
      const likeness = (peer: PeerTool): number => {
        content ??= contentWords(tool);
        return alike(content, contentOf(peer));
      };
      const others = (map: Map<string, PeerTool[]>, key: string): PeerTool[] =>
        (map.get(key) ?? []).filter(({ server }) => server !== tool.server).slice(0, TRIED);
      for (const peer of others(bySkeleton, mine)) {
        if (peer.name === tool.name) {
          if (likeness(peer) >= 0.8 && contentWords(tool).size >= 4 && !areTwins(tool.server, peer.server)) {
            return {
              of: peer,
              severity: 'medium',
              ...inWords('same_name'),
            };
          }
          continue;
        }
        if (plain(peer.name) !== plain(tool.name)) {
          return {
            of: peer,
            severity: 'high',
            ...inWords('looks_alike', { tool: visible(peer.name) }),
          };
        }
        if (likeness(peer) >= ALIKE) {
          return {
            of: peer,
            severity: 'medium',
            ...inWords('parted', { tool: visible(peer.name) }),
          };
        }
      }
      if (tool.name.length >= TYPO_LENGTH && tool.name.length <= NAME) {
        for (const key of typos(tool.name)) {
          for (const peer of others(byTypo, key)) {
            if (peer.name === tool.name || plain(peer.name) === plain(tool.name)) continue;
            if (peer.name.length >= TYPO_LENGTH && likeness(peer) >= ALIKE) {
              return {
                of: peer,
                severity: 'medium',
                ...inWords('one_letter', { tool: visible(peer.name) }),
              };
            }
          }
        }
      }
      for (const server of servers) {
        if (server === tool.server || server === '' || !tool.name.startsWith(server)) continue;
        const rest = tool.name.slice(server.length).replace(/^[-_.:/]+/, '');
        const peer = (byName.get(rest) ?? []).find((one) => one.server === server);
        if (peer !== undefined && rest.length < tool.name.length) {
          return {
            of: peer,
            severity: 'high',
            ...inWords('server_name', { server: visible(server) }),
          };
        }
      }
      return null;
    },
    mentioned(text, server) {
      const spans: Span[] = [];
      for (let at = 0; at < text.length && spans.length < MENTIONS; ) {
        if (!isNameSign(text.charCodeAt(at))) {
          at += 1;
          continue;
        }
        let end = at;
        while (end < text.length && isNameSign(text.charCodeAt(end))) end += 1;
        if (end - at >= MENTION_LENGTH && end - at <= NAME) {
          const name = text.slice(at, end);
          const bare = name.startsWith('mcp__') ? name.slice(name.indexOf('__', 5) + 2) : name;
          const whose = isDistinct(bare) ? byName.get(bare) : undefined;
          if (whose?.every((tool) => tool.server !== server) === true) spans.push({ start: at, end });
        }
        at = end;
      }
      return spans;
    },
  };
}

/** The name as a hurried eye sees it. */
function skeleton(name: string): string {
  let out = '';
  for (const char of withoutMarks(name.slice(0, NAME).normalize('NFKC').toLowerCase())) {
    const as = latinLookalike(char) ?? char;
    if (as === '1' || as === 'i' || as === 'l' || as === '|') out += 'l';
    else if (as === '0') out += 'o';
    else if (as === '3') out += 'e';
    else if (as === '5' || as === '$') out += 's';
    else if ((as >= 'a' && as <= 'z') || (as >= '0' && as <= '9') || as > '\u024f') out += as;
  }
  return out.replaceAll('rn', 'm').replaceAll('vv', 'w');
}

/** The name without what parts its words, and without case. */
function plain(name: string): string {
  return name.replace(/[-_.\s]/g, '').toLowerCase();
}

/** Keys that two names share when one letter is missing, added, other or swapped. */
function typos(name: string): string[] {
  if (name.length < TYPO_LENGTH || name.length > NAME) return [];
  const keys = [name];
  for (let at = 0; at < name.length; at += 1) keys.push(name.slice(0, at) + name.slice(at + 1));
  return keys;
}

const STOP = new Set([
  'a',
  'an',
  'the',
  'of',
  'to',
  'and',
  'or',
  'in',
  'for',
  'with',
  'is',
  'on',
  'from',
  'by',
  'as',
  'it',
  'this',
  'that',
]);

function contentWords(tool: PeerTool): Set<string> {
  return new Set(wordsOf(tool.description.slice(0, 2_000)).words.filter((word) => !STOP.has(word)));
}

/** Share of the shorter description's words that the other has as well, 0 to 1. */
function alike(mine: ReadonlySet<string>, theirs: ReadonlySet<string>): number {
  const least = Math.min(mine.size, theirs.size);
  if (least < 2) return 0;
  let same = 0;
  for (const word of mine) if (theirs.has(word)) same += 1;
  return same / least;
}

/** Names that are no words of a language: `send_email`, not `search`. */
function isDistinct(name: string): boolean {
  if (name.length < MENTION_LENGTH) return false;
  for (let at = 1; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (code === 0x5f || (code === 0x2d && at < name.length - 1)) return true;
    if (code >= 0x41 && code <= 0x5a && name.charCodeAt(at - 1) >= 0x61) return true;
  }
  return false;
}

function isNameSign(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    code === 0x2d
  );
}
