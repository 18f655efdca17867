/**
 * What the scanner says about a text: one finding per rule and place, in words for people, with evidence that is safe to
 * show. Types, and the sentences of all rules.
 */

import type { Evidence } from './evidence.ts';

/** How bad it is. `high` and `critical` are serious: approving is then never the first button. */
export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';

/** Every rule. The ids are stable; each is described in docs/scanner.md. */
export type RuleId =
  | 'text.hidden'
  | 'text.direction'
  | 'text.control'
  | 'text.lookalike'
  | 'text.styled'
  | 'text.stacked'
  | 'text.pushed'
  | 'text.long'
  | 'text.unread'
  | 'text.encoded'
  | 'model.override'
  | 'model.obey'
  | 'model.persona'
  | 'model.markup'
  | 'model.quiet'
  | 'model.deceive'
  | 'model.consent'
  | 'model.persist'
  | 'model.chain'
  | 'data.secret'
  | 'data.send'
  | 'data.context'
  | 'data.link'
  | 'code.shell'
  | 'schema.default'
  | 'peer.steer'
  | 'peer.mention'
  | 'peer.imitate'
  | 'claim.effect'
  | 'claim.change';

/** The first, bold sentence of each rule. `{tool}` and `{server}` are filled in. */
export const SENTENCES: Readonly<Record<RuleId, string>> = {
  'text.hidden': 'It hides text from you.',
  'text.direction': 'It turns the direction of text.',
  'text.control': 'It holds control characters.',
  'text.lookalike': 'It uses letters that only look right.',
  'text.styled': 'It dresses up its letters.',
  'text.stacked': 'It piles marks on its letters.',
  'text.pushed': 'It pushes text out of your sight.',
  'text.long': 'It is very long.',
  'text.unread': 'It is too long to be checked.',
  'text.encoded': 'It carries encoded text.',
  'model.override': 'It tells the model to set its rules aside.',
  'model.obey': 'It gives orders to the model.',
  'model.persona': 'It gives the model another role.',
  'model.markup': 'It imitates a message to the model.',
  'model.quiet': 'It asks to keep quiet.',
  'model.deceive': 'It tells the model to mislead you.',
  'model.consent': 'It wants to act without your yes.',
  'model.persist': 'It wants to stay for later.',
  'model.chain': 'It puts itself before other tools.',
  'data.secret': 'It asks for passwords or keys.',
  'data.send': 'It asks to send your data away.',
  'data.context': 'It asks for your conversation.',
  'data.link': 'It has a link that can carry data away.',
  'code.shell': 'It asks to run a command.',
  'schema.default': 'It fills in a value that you did not choose.',
  'peer.steer': 'It tells the model to use another tool.',
  'peer.mention': 'It names a tool of another server.',
  'peer.imitate': 'It imitates {tool} of {server}.',
  'claim.effect': 'It says that it does less than it does.',
  'claim.change': 'It now claims to do less.',
};

/** Where something stands in a definition. */
export interface Place {
  /** JSON pointer (RFC 6901) of the string in the definition; of the member when the finding is about its name. */
  readonly pointer: string;
  /** Span in that string, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** One thing that the scanner has to say. */
export interface Finding extends Evidence {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly place: Place;
  /** One plain sentence. */
  readonly sentence: string;
  /** The names in it. */
  readonly names?: { readonly tool: string; readonly server: string };
  /** What was found, in plain words or as a quotation; invisible characters are written out. At most 300 characters. */
  readonly evidence: string;
}

/** True when approving must not be the first button. */
export function isSerious({ severity }: { readonly severity: Severity }): boolean {
  return severity === 'high' || severity === 'critical';
}

/** Ranks severities: a larger number is worse. */
export function rank(severity: Severity): number {
  switch (severity) {
    case 'info':
      return 0;
    case 'low':
      return 1;
    case 'medium':
      return 2;
    case 'high':
      return 3;
    case 'critical':
      return 4;
  }
}

/** The sentence of a rule with its names filled in. */
export function sentenceOf(
  rule: RuleId,
  names: { readonly tool?: string; readonly server?: string } = {},
): string {
  return SENTENCES[rule]
    .replace('{tool}', () => names.tool ?? 'a tool')
    .replace('{server}', () => names.server ?? 'another server');
}
