/** Calls that wait for a person, for screens. Types only. */

import type { DefinitionView, FindingView } from './trust.ts';

/** A call that waits. */
export interface WaitingCallView {
  readonly id: string;
  /** Stable id of the client. */
  readonly client: string;
  /** What the client calls itself: a claim. Null when it has not said. */
  readonly clientName: string | null;
  readonly server: string;
  /** The server's own name of the tool. */
  readonly tool: string;
  /** What a decision is bound to: send it back with the decision. */
  readonly hash: string;
  /** The arguments as the client wrote them, the first 64 KiB; empty when there are none. */
  readonly args: string;
  /** Bytes of the whole arguments. */
  readonly argsBytes: number;
  /** True when `args` is all of them: only then may a call be allowed at a glance. */
  readonly complete: boolean;
  /** Epoch milliseconds. */
  readonly since: number;
  /** Epoch milliseconds at which it is refused unless somebody decides. */
  readonly until: number;
}

/** A call that waits, with what the scanner says of its tool, the worst first. */
export interface WaitingCall extends WaitingCallView {
  /** What its server says of the tool; null when it does not list it. */
  readonly claim: ToolClaim | null;
  readonly findings: readonly FindingView[];
}

/** A server's own words about a tool, and what its annotations claim: nothing of it is proven. */
export interface ToolClaim extends Pick<DefinitionView, 'title' | 'effect'> {
  /** The first 4,000 characters; empty when it says nothing. */
  readonly description: string;
  /** It says that it reaches beyond this computer. */
  readonly openWorld: boolean;
  /** It says that doing it twice does no more than doing it once. */
  readonly idempotent: boolean;
}

/** What may be decided: for this call, for the same call in this session, for the same call always, or not at all. */
export type CallDecisionView = 'once' | 'session' | 'always' | 'deny';

/** Whether to ask before calls of one tool; null leaves it to the configuration. */
export type AskRuleView = 'never' | 'ask' | null;

/** What was chosen for one tool. */
export interface CallRuleView {
  readonly server: string;
  readonly tool: string;
  /** Null is every client. */
  readonly client: string | null;
  readonly rule: 'never' | 'ask';
}

/** A call that is always allowed. */
export interface AlwaysAllowedView {
  readonly client: string;
  readonly server: string;
  readonly tool: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What was decided for good. */
export interface CallRulesView {
  readonly rules: readonly CallRuleView[];
  readonly always: readonly AlwaysAllowedView[];
}

/** How many calls wait; `revision` grows whenever the list changes: the sign to ask `calls.waiting` again. */
export interface CallsWaitingView {
  readonly count: number;
  readonly revision: number;
}

/** Commands about calls that wait. */
export interface CallCommands {
  /** The calls that wait for a person, the oldest first. */
  'calls.waiting': { args: Record<string, never>; value: readonly WaitingCall[] };
  'call.decide': { args: { id: string; hash: string; decision: CallDecisionView }; value: null };
  'calls.rules': { args: Record<string, never>; value: CallRulesView };
  'calls.setRule': {
    args: { server: string; tool: string; client: string | null; rule: AskRuleView };
    value: null;
  };
  /** Takes back what was always allowed of a tool. */
  'calls.forget': { args: { server: string; tool: string }; value: null };
}
