/**
 * Hands the observer over to a container, and understands what it says. Its lines come with the program's error output,
 * behind a key that is made for each start and that the program never sees: so nobody else can write them, and none of
 * them is left to the program's own log. Pure but for the reading of that output.
 */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { type ContainedForm, type Sentence, sentence } from '../sentences.ts';
import { PROGRAM, STUB } from './program.ts';

/** What it notes; `blind` and `watching` are about itself, said once. */
export type AttemptKind =
  | 'write'
  | 'read'
  | 'device'
  | 'socket'
  | 'process'
  | 'connect'
  | 'neighbour'
  | 'wayless'
  | 'escape'
  | 'foreign';

/** One line of it. */
export type Observation =
  | { readonly kind: 'watching' }
  /** It cannot be asked by this kernel. */
  | { readonly kind: 'blind'; readonly why: string }
  /** `what`: a path, an address or a call; `...` for more of this kind than it remembers. */
  | { readonly kind: AttemptKind; readonly what: string; readonly times: number };

/** What it has to know. */
export interface ObserverOrder {
  /** `open` reaches hosts by itself; the others have no way but to their peers. */
  readonly network: 'none' | 'listed' | 'open';
  /** The address of the proxy; null without one. */
  readonly peer: string | null;
  /** Folders of this computer that a program may look for although it does not see them. */
  readonly owners: readonly string[];
}

/** An observer for one start. */
export interface Observer {
  /** Goes before the command that it is to start. */
  readonly entrypoint: readonly string[];
  /** Goes before everything else on the container's input. */
  readonly frame: Buffer;
  readonly key: string;
}

/** Makes it; `perl` is where the image has it. */
export function observerOf(perl: string, { network, peer, owners }: ObserverOrder): Observer {
  const key = randomBytes(16).toString('hex');
  const told = [key, network, peer ?? '', ...owners].join('\0');
  return { entrypoint: [perl, '-e', STUB, '--'], frame: Buffer.concat([framed(PROGRAM), framed(told)]), key };
}

/** The length in six digits, then the text. */
function framed(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from(String(body.length).padStart(6, '0')), body]);
}

const NEWLINE = 0x0a;
/** A line without an end is passed on at this size. Bytes. */
const LONG = 64 * 1024;

/**
 * The same output without the observer's lines, each of which is given to `heard` instead. An observer ends the line that
 * the program may have begun, so the empty line before its own goes too.
 */
export function withoutObservations(
  stderr: Readable,
  key: string,
  heard: (seen: Observation) => void,
): Readable {
  const start = Buffer.from(`${key} `);
  const out = new Readable({ read: () => void stderr.resume() });
  let held: Buffer = Buffer.alloc(0);
  /** An empty line that may belong to the next one. */
  let empty = false;
  const pass = (part: Buffer): void => {
    if (empty) out.push('\n');
    empty = false;
    if (!out.push(part)) stderr.pause();
  };
  stderr.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let end = held.indexOf(NEWLINE); end >= 0; end = held.indexOf(NEWLINE)) {
      const line = held.subarray(0, end + 1);
      held = held.subarray(end + 1);
      if (line.subarray(0, start.length).equals(start)) {
        empty = false;
        const seen = observationOf(line.subarray(start.length, -1).toString('utf8'));
        if (seen !== null) heard(seen);
      } else if (end === 0 && !empty) {
        empty = true;
      } else {
        pass(line);
      }
    }
    if (held.length > LONG) {
      pass(held);
      held = Buffer.alloc(0);
    }
  });
  const ended = (): void => {
    if (out.readableEnded || out.destroyed) return;
    if (empty || held.length > 0) pass(held);
    held = Buffer.alloc(0);
    out.push(null);
  };
  stderr.once('end', ended);
  stderr.once('error', ended);
  return out;
}

const KINDS: ReadonlySet<string> = new Set<AttemptKind>([
  ...(['write', 'read', 'device', 'socket', 'process'] as const),
  ...(['connect', 'neighbour', 'wayless', 'escape', 'foreign'] as const),
]);

/** What stands behind the key: how often, of what kind, and what. Null for what is none of that. */
function observationOf(text: string): Observation | null {
  const [, times = '', kind = '', what = ''] = /^(\d{1,9}) ([a-z]+) (.*)$/.exec(text) ?? [];
  if (kind === 'watching') return { kind };
  if (kind === 'blind') return { kind, why: what };
  return isAttempt(kind) ? { kind, what, times: Number(times) } : null;
}

function isAttempt(kind: string): kind is AttemptKind {
  return KINDS.has(kind);
}

/** What a call that is refused to everybody is for. */
const CALLS: readonly (readonly [ContainedForm, RegExp])[] = [
  ['files', /^(mount|mount_setattr|umount2|pivot_root|chroot|open_tree|move_mount|fs\w+)$/],
  ['namespace', /^(setns|unshare|clone)$/],
  ['kernel', /_module$|^kexec_/],
  ['reboot', /^reboot$/],
  ['handle', /^open_by_handle_at$/],
  ['keys', /key/],
  ['rename', /name$/],
  ['clock', /time/],
];

/** What stands for all that is more than is remembered of a kind. */
const MORE: Readonly<Record<AttemptKind, ContainedForm>> = {
  ...{ write: 'more_files', read: 'more_files', device: 'more_files', socket: 'more_files' },
  ...{ connect: 'more_hosts', neighbour: 'more_hosts', wayless: 'more_hosts' },
  ...{ process: 'more', escape: 'more', foreign: 'more' },
};

/** What it tried, in plain words. Pure. */
export function attemptWords(kind: AttemptKind, what: string, network: ObserverOrder['network']): Sentence {
  if (what === '...') return sentence(MORE[kind]);
  switch (kind) {
    case 'connect':
      return sentence(network === 'none' ? 'connect' : 'connect_past', { what });
    case 'escape':
      return sentence(CALLS.find(([, calls]) => calls.test(what))?.[0] ?? 'escape', { what });
    case 'wayless':
    case 'foreign':
      return sentence(kind);
    default:
      return sentence(kind, { what });
  }
}
