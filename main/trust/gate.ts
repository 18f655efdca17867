/**
 * The gate of one server: from what it lists to what clients may be told of it. What passes is, byte for byte, what was
 * approved; everything else is held. Holds no state but the server's approvals.
 */
import {
  LIST_KINDS,
  type ListedItem,
  type ListKind,
  readItem,
  type ServerListing,
} from '../protocol/listing.ts';
import { type Approval, type ApprovalState, type DecidedBy, stateOf, undecided } from './approval.ts';
import type { Approvals } from './approvals.ts';
import { BASELINES, type Baseline } from './approvals-file.ts';
import { cleaned, type DefinedKind, definitionOf, fingerprintOf } from './definition.ts';
import type { Decision } from './history.ts';

/** Something that is not let through as the server has it. */
export interface HeldItem {
  readonly kind: DefinedKind;
  readonly key: string;
  readonly state: Exclude<ApprovalState, 'approved'>;
  readonly fingerprint: string;
  readonly item: ListedItem;
}

/** What the gate makes of a listing. */
export interface Screened {
  /** Only what clients may see. */
  readonly listing: ServerListing;
  readonly held: readonly HeldItem[];
  /**
   * True when the server lists all that was ever approved of it and nothing is held: what it does not list may then be
   * its own affair. Else nothing unlisted may be reached.
   */
  readonly open: boolean;
}

/** How to screen. */
export interface GateRules {
  /** `auto` lets pass what is not blocked. */
  readonly trust: 'manual' | 'auto';
  /** False for what one client's own session lists: it makes no baseline, and approves nothing. */
  readonly shared: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A version that a server gives itself and that cannot be read as a sentence. */
const PLAIN_VERSION = /^[A-Za-z0-9.+-]{1,40}$/;

/** Screens a listing; what passes by itself (the first list, `auto`) is noted in `approvals`. */
export function screen(
  server: string,
  listing: ServerListing,
  approvals: Approvals,
  rules: GateRules,
): Screened {
  const pass = new Pass(server, listing, approvals, rules);
  const lists = {
    tools: pass.list('tools', listing.tools),
    prompts: pass.list('prompts', listing.prompts),
    resources: pass.list('resources', listing.resources),
    resourceTemplates: pass.list('resourceTemplates', listing.resourceTemplates),
  };
  const instructions = pass.instructions(listing.instructions);
  const serverInfo = pass.info(listing.serverInfo);
  pass.done();
  return {
    listing: { ...listing, ...lists, instructions, serverInfo },
    held: pass.held,
    open: pass.held.every((one) => one.kind !== 'tools' && one.kind !== 'prompts') && !pass.missing(listing),
  };
}

/** One screening. */
class Pass {
  readonly held: HeldItem[] = [];
  private readonly server: string;
  private readonly approvals: Approvals;
  private readonly rules: GateRules;
  private readonly passed: Approval[] = [];
  private readonly noted: Decision[] = [];
  /** True for the first words, and the first lists, of a trusted server. */
  private readonly first: Readonly<Record<Baseline, boolean>>;

  constructor(server: string, listing: ServerListing, approvals: Approvals, rules: GateRules) {
    this.server = server;
    this.approvals = approvals;
    this.rules = rules;
    this.first = {
      words: rules.shared && !approvals.hasBaseline('words'),
      // Some list nothing until they are signed in to.
      lists:
        rules.shared &&
        !approvals.hasBaseline('lists') &&
        LIST_KINDS.some((kind) => listing[kind].length > 0),
    };
  }

  list(kind: ListKind, items: readonly ListedItem[]): readonly ListedItem[] {
    if (items.length === 0) return items;
    const seen = new Set<string>();
    const out: ListedItem[] = [];
    for (const item of items) {
      // Of two with one key only the first could be reached, and only one can be approved.
      if (seen.has(item.key)) continue;
      seen.add(item.key);
      const passed = this.item(kind, item, 'lists');
      if (passed !== null) out.push(passed);
      else if (kind === 'resources' && isPlainUri(item.key)) out.push(bareResource(item));
    }
    const same = out.length === items.length && out.every((item, index) => item === items[index]);
    return same ? items : out;
  }

  /** Instructions that are not approved are none. */
  instructions(text: string | null): string | null {
    if (text === null) return null;
    const passed = this.item('instructions', definitionOf('', { instructions: text }), 'words');
    return passed === null ? null : text;
  }

  /** What it calls itself was approved with its first list; another name waits, and the old one stands. */
  info(info: ServerListing['serverInfo']): ServerListing['serverInfo'] {
    const passed = this.item('info', definitionOf('', info), 'words');
    if (passed?.value === info) return info;
    const approved = this.approvals.of('info', '')?.approved ?? null;
    const known =
      passed?.value ?? (approved === null ? {} : (JSON.parse(approved.bytes.toString()) as object));
    const { version } = info;
    const plain = typeof version === 'string' && PLAIN_VERSION.test(version);
    return { name: this.server, version: '0', ...known, ...(plain ? { version } : {}) };
  }

  /** Notes what passed by itself. */
  done(): void {
    const baselines = BASELINES.filter((baseline) => this.first[baseline]);
    for (const _ of baselines)
      this.noted.push(this.decision('baseline', 'baseline', null, '', null, null, null));
    if (this.passed.length === 0 && baselines.length === 0) return;
    this.approvals.note({ approvals: this.passed, history: this.noted, baselines });
  }

  /** True when a tool or prompt was approved or blocked once that is not listed now. */
  missing(listing: ServerListing): boolean {
    const listed = new Set<string>();
    for (const { key } of listing.tools) listed.add(`tools\0${key}`);
    for (const { key } of listing.prompts) listed.add(`prompts\0${key}`);
    for (const { kind, key, blocked } of this.approvals.all()) {
      if (kind !== 'tools' && kind !== 'prompts') continue;
      if ((blocked || this.rules.trust === 'manual') && !listed.has(`${kind}\0${key}`)) return true;
    }
    return false;
  }

  /** What is sent of it; null when it is held. */
  private item(kind: DefinedKind, listed: ListedItem, baseline: Baseline): ListedItem | null {
    const approval = this.approvals.of(kind, listed.key);
    const approved = approval?.approved ?? null;
    // Nearly always: the same bytes as ever.
    if (approval?.blocked === false && approved !== null && approved.bytes.equals(listed.bytes))
      return listed;
    const item = isListKind(kind) ? cleaned(kind, listed) : listed;
    const fingerprint = fingerprintOf(kind, item);
    const state = stateOf(approval, fingerprint);
    if (state === 'approved') return approved === null ? null : sentOf(kind, approved.bytes, item);
    const first = this.first[baseline];
    if (state !== 'blocked' && (first || this.rules.trust === 'auto')) {
      if (this.rules.shared) this.approveItself(approval, kind, item, fingerprint, first);
      return item;
    }
    this.held.push({ kind, key: item.key, state, fingerprint, item });
    return null;
  }

  private approveItself(
    known: Approval | undefined,
    kind: DefinedKind,
    item: ListedItem,
    fingerprint: string,
    first: boolean,
  ): void {
    const by = first ? 'baseline' : 'auto';
    const approval = known ?? undecided(kind, item.key);
    const version = { fingerprint, bytes: item.bytes, at: this.rules.now, by } as const;
    this.passed.push({ ...approval, approved: version, previous: approval.approved });
    if (first) return;
    const before = approval.approved?.bytes.toString() ?? null;
    this.noted.push(this.decision('approve', by, kind, item.key, fingerprint, before, item.bytes.toString()));
  }

  private decision(
    act: Decision['act'],
    by: DecidedBy,
    kind: DefinedKind | null,
    key: string,
    fingerprint: string | null,
    before: string | null,
    after: string | null,
  ): Decision {
    return { server: this.server, act, by, at: this.rules.now, kind, key, fingerprint, before, after };
  }
}

/** The bytes that were approved, whatever stands in their place now that the fingerprint does not cover. */
function sentOf(kind: DefinedKind, approved: Buffer, item: ListedItem): ListedItem {
  // Sizes and times of resources are new with every change of their content, and are no words.
  if (kind === 'resources') return item;
  if (isListKind(kind)) return readItem(kind, approved) ?? item;
  return { ...item, bytes: approved, value: JSON.parse(approved.toString()) as ListedItem['value'] };
}

/** Longest URI that is listed before anybody has looked at it. */
const LONGEST_URI = 1_024;

/** False for a URI that could be a text: with blanks, with what cannot be seen, or very long. */
function isPlainUri(uri: string): boolean {
  return uri.length <= LONGEST_URI && !/[\p{C}\p{Z}]/u.test(uri);
}

/**
 * A resource whose words are held: it can still be read, since its content was never approved anyway, but it is listed
 * with nothing but its URI.
 */
function bareResource({ key, value }: ListedItem): ListedItem {
  const size = typeof value.size === 'number' ? { size: value.size } : {};
  const bare = { uri: key, name: key, ...size };
  const bytes = Buffer.from(JSON.stringify(bare));
  return readItem('resources', bytes) ?? { bytes, key, keyStart: 0, keyEnd: 0, value: bare };
}

function isListKind(kind: DefinedKind): kind is ListKind {
  return (LIST_KINDS as readonly string[]).includes(kind);
}
