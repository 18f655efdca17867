/**
 * What commands about trust carry: what is held of servers, what it says, what the scanner says of it, and what was
 * decided. Types only.
 */
import type { Said, SaidValues } from './said.ts';

/** How bad a finding is; `high` and `critical` are serious. */
export type FindingSeverity = 'info' | 'low' | 'medium' | 'high' | 'critical';

/** One finding. Texts are safe to show as plain text: invisible characters in them are written out. */
export interface FindingView {
  /** Stable id of the rule, for example `text.hidden`; docs/scanner.md describes each. */
  readonly rule: string;
  readonly severity: FindingSeverity;
  /** True when "Keep blocked" is the first button. */
  readonly serious: boolean;
  /** One plain sentence, in English. */
  readonly sentence: string;
  /** The names in it, where it has some. */
  readonly names?: SaidValues;
  /** What was found, at most 300 characters: English, or a quotation where there is no `said`. */
  readonly evidence: string;
  readonly said?: Said;
  /** JSON pointer of the string in the definition, and the span in it in UTF-16 units. */
  readonly pointer: string;
  readonly start: number;
  readonly end: number;
}

/** What there is to say about one thing that a server lists, or about its instructions. */
export interface ItemFindingsView {
  readonly kind: 'tool' | 'prompt' | 'resource' | 'template' | 'instructions';
  /** Its name, URI or URI template; empty for instructions. */
  readonly name: string;
  /** The worst first; never empty. */
  readonly findings: readonly FindingView[];
}

/** How many findings there are about one definition, told apart by whether they are serious. */
export interface FindingCounts {
  /** `high` and `critical`. */
  readonly serious: number;
  /** `medium`: things to know. */
  readonly notable: number;
}

/** The parts of a definition that people are shown. */
export type DefinitionPart = 'title' | 'description' | 'input' | 'output' | 'annotations' | 'rest';

/** Where a decision comes from. */
export type Actor = 'window' | 'tray' | 'web' | 'cli';

/** What is approved: listed things, a server's instructions, and what it calls itself. */
export type DefinedKind = 'tools' | 'prompts' | 'resources' | 'resourceTemplates' | 'instructions' | 'info';

/** One definition, named exactly. Decisions carry the fingerprint that was on the screen; a stale one is refused. */
export interface ShownItem {
  readonly kind: DefinedKind;
  /** Name, URI or URI template; empty for instructions and info. */
  readonly key: string;
  readonly fingerprint: string;
}

/** Something of a server that is held. */
export interface HeldView extends ShownItem {
  readonly server: string;
  readonly state: 'pending' | 'changed' | 'blocked';
  /** Epoch milliseconds since when it is held like this; since the last start, if it was held before. */
  readonly since: number;
  /**
   * True when it waits for the user. Blocked things do not; nor do the words of resources and the server's own name, of
   * which clients are told what was approved, or nothing, meanwhile.
   */
  readonly waits: boolean;
  readonly title: string | null;
  /** The beginning of its description. */
  readonly summary: string;
  readonly effect: DefinitionView['effect'];
  readonly tokens: number;
  readonly findings: FindingCounts;
  /** What differs from the approved version; empty for what was never approved. */
  readonly changed: readonly DefinitionPart[];
}

/** A server that is held back as a whole. */
export interface QuarantinedView {
  readonly server: string;
  /** Set once it was inspected. */
  readonly inspection: InspectionView | null;
}

/** What a quarantined server offers. */
export interface InspectionView {
  /** Epoch milliseconds. */
  readonly at: number;
  /** A release carries it. */
  readonly digest: string;
  readonly ranIn: 'container' | 'host' | 'remote';
  readonly items: readonly InspectedView[];
}

export interface InspectedView extends ShownItem {
  readonly definition: DefinitionView;
  /** The worst first. */
  readonly findings: readonly FindingView[];
}

/** Everything that waits, and everything that is blocked. */
export interface ApprovalsView {
  readonly servers: readonly QuarantinedView[];
  readonly items: readonly HeldView[];
}

/** A definition for people. Texts are the server's own: hidden characters are to be made visible, none is markup. */
export interface DefinitionView {
  readonly title: string | null;
  readonly description: string;
  /** Indented JSON of the input schema, or of a prompt's arguments; null when there is none. */
  readonly input: string | null;
  readonly output: string | null;
  readonly annotations: string | null;
  /** Indented JSON of all other members; null when there are none. */
  readonly rest: string | null;
  /** True when a text was too long to be shown whole. */
  readonly cut: boolean;
  /** What the annotations claim. */
  readonly effect: 'reads' | 'changes' | 'deletes' | 'unknown';
  /** Estimated cost in tokens of listing it once (bytes of its JSON / 4). */
  readonly tokens: number;
}

/** One thing with its definition before and after. */
export interface ApprovalView extends ShownItem {
  readonly server: string;
  readonly state: 'approved' | 'pending' | 'changed' | 'blocked';
  /** What is approved; null when nothing is. */
  readonly before: DefinitionView | null;
  /** What the server says now; null when it lists no such thing. */
  readonly after: DefinitionView | null;
  /** Epoch milliseconds, and who; null when nothing is approved. */
  readonly approvedAt: number | null;
  readonly approvedBy: Actor | 'baseline' | 'auto' | null;
  /** True when there is an approval that could be taken back to one before it. */
  readonly revertible: boolean;
  /** What the scanner says of it as it is now, the worst first; also against the approved version. */
  readonly findings: readonly FindingView[];
}

/** One decision of the past. */
export interface DecisionView {
  readonly server: string;
  readonly act: 'approve' | 'block' | 'unblock' | 'revert' | 'baseline' | 'release' | 'quarantine';
  readonly by: Actor | 'baseline' | 'auto';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: DefinedKind | null;
  readonly key: string;
  readonly fingerprint: string | null;
  readonly before: DefinitionView | null;
  readonly after: DefinitionView | null;
}

/** One decision of a person, without the words that it was about. */
export interface DecidedView extends Omit<DecisionView, 'before' | 'after' | 'by'> {
  readonly by: Actor;
  /** The command that takes it back and would still do so; null when there is none. */
  readonly undo: 'approvals.revert' | 'approvals.unblock' | 'server.quarantine' | null;
}

/** Which names pass: all, or those that a pattern of `allow` fits; of these none that one of `block` fits. */
export interface FilterView {
  /** Null allows all. `*` stands for any text, `?` for one character. */
  readonly allow: readonly string[] | null;
  readonly block: readonly string[];
}

/** What clients see of a tool in place of its server's words; null keeps them. */
export interface OverrideView {
  readonly tool: string;
  readonly name: string | null;
  readonly title: string | null;
  readonly description: string | null;
}

/** What is set for one server's tools, by the file and in the app. */
export interface ToolRulesView {
  readonly trust: 'manual' | 'auto';
  /** The file's; a tool has to pass both filters. */
  readonly fileFilter: FilterView;
  readonly filter: FilterView | null;
  /** Those of the app count where both name a tool. */
  readonly fileOverrides: readonly OverrideView[];
  readonly overrides: readonly OverrideView[];
}

/** What waits for the user, over all servers. */
export interface WaitingView {
  /** Definitions that are new or have changed. */
  readonly items: number;
  /** Servers that are held back as a whole. */
  readonly servers: number;
  /** Clients that want to sign in at the endpoint. */
  readonly signIns: number;
  /**
   * Everything that waits for a person, as tray, popover and badge count it: each call, each client that wants to sign in,
   * each server that is held, holds something back, has failed or wants a sign-in, and an endpoint or a configuration that
   * is broken.
   */
  readonly all: number;
}

/** The commands of this topic. */
export interface TrustCommands {
  'approvals.list': { args: Record<string, never>; value: ApprovalsView };
  'approvals.show': { args: { server: string; kind: DefinedKind; key: string }; value: ApprovalView };
  /** All or none: `trust.stale` when one of them is not what was shown any more. */
  'approvals.approve': { args: { server: string; items: readonly ShownItem[] }; value: null };
  'approvals.block': { args: { server: string; items: readonly ShownItem[] }; value: null };
  'approvals.unblock': { args: { server: string; kind: DefinedKind; key: string }; value: null };
  /** Takes the last approval back: what was approved before counts again. */
  'approvals.revert': { args: { server: string; kind: DefinedKind; key: string }; value: null };
  /** Newest first. */
  'approvals.history': { args: { server: string; limit: number }; value: readonly DecisionView[] };
  /** What people have decided since then (epoch milliseconds), over all servers, newest first; at most 200. */
  'approvals.decided': { args: { since: number }; value: readonly DecidedView[] };
  'server.quarantine': { args: { server: string }; value: null };
  /** Starts a quarantined server for a moment to see what it offers. `host` runs a program unconfined. */
  'server.inspect': { args: { server: string; where: 'container' | 'host' }; value: InspectionView };
  /**
   * Ends the quarantine. With `digest`, that of the inspection on the screen, exactly what it showed is approved except
   * `except`; with null the first list of the server is taken as it comes.
   */
  'server.release': {
    args: { server: string; digest: string | null; except: readonly Omit<ShownItem, 'fingerprint'>[] };
    value: null;
  };
  'tool.rules': { args: { server: string }; value: ToolRulesView };
  'tool.setOverride': { args: { server: string; override: OverrideView }; value: null };
  'tool.setFilter': { args: { server: string; filter: FilterView | null }; value: null };
  /** What a client may use, as patterns of `server/tool`; null lets it use everything. */
  'client.setFilter': { args: { client: string; filter: FilterView | null }; value: null };
  'client.filter': { args: { client: string }; value: FilterView | null };
}
