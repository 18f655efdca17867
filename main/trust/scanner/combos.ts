/**
 * The rules about meaning, as combinations of ideas in one sentence. Each says which idea it turns on, which others must
 * stand near, and what makes it harmless. Data only; `meaning.ts` looks for them.
 */
import type { RuleId, Severity } from './finding.ts';
import type { Idea } from './ideas.ts';

/** One combination. */
export interface Combo {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** The idea that it turns on. */
  readonly on: Idea | Pseudo;
  /** Each of these groups must have an idea near. */
  readonly near?: readonly (Idea | Pseudo | readonly (Idea | Pseudo)[])[];
  /** Words between them, at most. */
  readonly within?: number;
  /** Only after the one that it turns on. */
  readonly after?: boolean;
  /** `no`: not when "not" stands before it; `only`: only then. */
  readonly negated?: 'no' | 'only';
  /** Not when it begins the text: then it says what the tool itself does. */
  readonly notLead?: boolean;
}

/** What is found by other means than phrases. */
export type Pseudo =
  /** A concrete address: URL, e-mail, IP. */
  | 'address'
  /** A name of a tool of another server. */
  | 'peer'
  /** A command line that fetches and runs, opens a way in, or destroys. */
  | 'shell'
  /** The description of one argument: what it says is to be filled in. */
  | 'slot';

export const COMBOS: readonly Combo[] = [
  {
    rule: 'model.override',
    severity: 'high',
    on: 'ignore',
    near: ['rules', 'prior'],
    within: 9,
    after: true,
    negated: 'no',
  },
  {
    rule: 'model.override',
    severity: 'high',
    on: 'ignore',
    near: ['user'],
    within: 3,
    after: true,
    negated: 'no',
  },
  { rule: 'model.override', severity: 'high', on: 'rules', near: ['void', 'prior'], within: 9 },
  { rule: 'model.override', severity: 'high', on: 'context', near: ['void'], within: 9 },
  { rule: 'model.obey', severity: 'high', on: 'obey', negated: 'no' },
  { rule: 'model.persona', severity: 'high', on: 'persona', negated: 'no' },
  { rule: 'model.quiet', severity: 'medium', on: 'quiet' },
  {
    rule: 'model.quiet',
    severity: 'medium',
    on: 'tell',
    near: ['user'],
    within: 6,
    after: true,
    negated: 'only',
  },
  { rule: 'model.quiet', severity: 'medium', on: 'user', near: ['learn', 'not'], within: 5, after: true },
  {
    rule: 'model.quiet',
    severity: 'medium',
    on: 'covert',
    near: [['use', 'move']],
    within: 6,
    negated: 'no',
  },
  { rule: 'model.deceive', severity: 'medium', on: 'deceive', negated: 'no' },
  { rule: 'model.deceive', severity: 'medium', on: 'claim', near: ['anyway'], within: 14, negated: 'no' },
  { rule: 'model.consent', severity: 'medium', on: 'presume' },
  {
    rule: 'model.consent',
    severity: 'medium',
    on: 'ask',
    near: ['consent'],
    within: 5,
    after: true,
    negated: 'only',
  },
  { rule: 'model.persist', severity: 'high', on: 'persist', negated: 'no' },
  {
    rule: 'model.persist',
    severity: 'high',
    on: 'write',
    near: ['startup'],
    within: 10,
    negated: 'no',
    notLead: true,
  },
  {
    rule: 'model.persist',
    severity: 'medium',
    on: 'write',
    near: ['settings', 'also'],
    within: 12,
    negated: 'no',
    notLead: true,
  },
  { rule: 'model.persist', severity: 'high', on: 'settings', near: ['write', 'address'], within: 14 },
  { rule: 'model.chain', severity: 'medium', on: 'prefer' },
  { rule: 'model.chain', severity: 'medium', on: 'tools', near: ['must', ['order', 'use']], within: 12 },
  { rule: 'model.chain', severity: 'medium', on: 'tools', near: ['order', 'use'], within: 8, notLead: true },
  {
    rule: 'data.secret',
    severity: 'critical',
    on: 'read',
    near: ['vault', 'move'],
    within: 14,
    negated: 'no',
  },
  {
    rule: 'data.secret',
    severity: 'critical',
    on: 'move',
    near: ['vault', ['content', 'field', 'slot']],
    within: 12,
    negated: 'no',
    notLead: true,
  },
  {
    rule: 'data.secret',
    severity: 'high',
    on: 'read',
    near: ['vault'],
    within: 8,
    negated: 'no',
    notLead: true,
  },
  {
    rule: 'data.secret',
    severity: 'high',
    on: 'move',
    near: ['vault'],
    within: 8,
    negated: 'no',
    notLead: true,
  },
  { rule: 'data.secret', severity: 'high', on: 'content', near: ['vault'], within: 6 },
  {
    rule: 'data.secret',
    severity: 'high',
    on: 'move',
    near: ['secret', 'owned'],
    within: 12,
    negated: 'no',
    notLead: true,
  },
  {
    rule: 'data.secret',
    severity: 'high',
    on: 'read',
    near: ['secret', 'move'],
    within: 14,
    negated: 'no',
    notLead: true,
  },
  {
    rule: 'data.secret',
    severity: 'medium',
    on: 'move',
    near: ['secret', 'field', 'also'],
    within: 12,
    negated: 'no',
    notLead: true,
  },
  {
    rule: 'data.secret',
    severity: 'high',
    on: 'move',
    near: ['env', 'also', ['field', 'owned', 'slot', 'away', 'address']],
    within: 12,
    negated: 'no',
    notLead: true,
  },
  {
    rule: 'data.context',
    severity: 'high',
    on: 'move',
    near: ['context'],
    within: 10,
    negated: 'no',
    notLead: true,
  },
  {
    rule: 'data.context',
    severity: 'high',
    on: 'move',
    near: ['talk', 'field'],
    within: 12,
    negated: 'no',
    notLead: true,
  },
  { rule: 'data.context', severity: 'high', on: 'context', near: [['slot', 'field']], within: 14 },
  {
    rule: 'data.send',
    severity: 'high',
    on: 'move',
    near: [['context', 'talk', 'data'], ['address', 'away'], 'also'],
    within: 18,
    negated: 'no',
    notLead: true,
  },
  {
    rule: 'data.send',
    severity: 'high',
    on: 'move',
    near: ['talk', ['address', 'away']],
    within: 14,
    negated: 'no',
    notLead: true,
  },
  {
    rule: 'data.send',
    severity: 'medium',
    on: 'dispatch',
    near: ['address', 'also'],
    within: 14,
    negated: 'no',
    notLead: true,
  },
  {
    rule: 'data.send',
    severity: 'medium',
    on: 'away',
    near: ['dispatch', 'also'],
    within: 14,
    negated: 'no',
  },
  { rule: 'code.shell', severity: 'high', on: 'shell', near: ['execute'], within: 14 },
  { rule: 'code.shell', severity: 'medium', on: 'shell' },
  {
    rule: 'peer.steer',
    severity: 'high',
    on: 'peer',
    near: [
      ['alter', 'must', 'also'],
      ['use', 'order', 'alter', 'move'],
    ],
    within: 16,
  },
  { rule: 'peer.steer', severity: 'medium', on: 'peer', near: [['order', 'alter']], within: 8 },
  { rule: 'peer.mention', severity: 'low', on: 'peer' },
];
