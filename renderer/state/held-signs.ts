/** How what is held looks and reads: states, findings and their counts as icon, word and tone. Pure. */
import type {
  ApprovalView,
  DefinedKind,
  FindingCounts,
  FindingView,
  HeldView,
} from '../../preload/views/trust.ts';
import type { PlainKey, Words } from '../i18n/words.ts';
import { ageWords } from './ages.ts';
import type { Sign, SignIcon, Tone } from './signs.ts';

const states: Readonly<Record<ApprovalView['state'], Sign>> = {
  changed: { icon: 'triangle-alert', word: 'approvals.state.changed', tone: 'warn' },
  pending: { icon: 'shield', word: 'approvals.state.pending', tone: 'warn' },
  blocked: { icon: 'shield-x', word: 'approvals.state.blocked', tone: 'bad' },
  approved: { icon: 'shield-check', word: 'approvals.state.approved', tone: 'ok' },
};

/** The state of one definition. */
export function heldSign(state: ApprovalView['state']): Sign {
  return states[state];
}

const bySeverity: Readonly<Record<FindingView['severity'], Sign>> = {
  critical: { icon: 'octagon-alert', word: 'approvals.severity.critical', tone: 'bad' },
  high: { icon: 'octagon-alert', word: 'approvals.severity.high', tone: 'bad' },
  medium: { icon: 'triangle-alert', word: 'approvals.severity.medium', tone: 'warn' },
  low: { icon: 'info', word: 'approvals.severity.low', tone: 'quiet' },
  info: { icon: 'info', word: 'approvals.severity.info', tone: 'quiet' },
};

/** One finding; what hides has an icon of its own. */
export function findingSign({ severity, rule }: Pick<FindingView, 'severity' | 'rule'>): Sign {
  const sign = bySeverity[severity];
  return rule === 'text.hidden' ? { ...sign, icon: 'eye-off' } : sign;
}

/** A sign with its words already filled in. */
export interface SaidSign {
  readonly icon: SignIcon;
  readonly text: string;
  readonly tone: Tone;
}

/** The worst that there is to say; null when there is nothing. */
export function countsSign(words: Words, { serious, notable }: FindingCounts): SaidSign | null {
  if (serious > 0) {
    return { icon: 'octagon-alert', text: words.t('approvals.serious', { count: serious }), tone: 'bad' };
  }
  return notable > 0
    ? { icon: 'triangle-alert', text: words.t('approvals.notable', { count: notable }), tone: 'warn' }
    : null;
}

/** What a definition is called: things without a name of their own are named by what they are. */
export function nameOf(
  words: Words,
  { kind, key }: { readonly kind: DefinedKind; readonly key: string },
): string {
  switch (kind) {
    case 'instructions':
      return words.t('approvals.instructions');
    case 'info':
      return words.t('approvals.info');
    case 'tools':
    case 'prompts':
    case 'resources':
    case 'resourceTemplates':
      return key;
  }
}

/** One line about a held thing: whose it is, and what of it has changed. */
export function aboutHeld(words: Words, { server, kind, changed }: HeldView): string {
  if (changed.length === 0) {
    return words.t('approvals.what_new', { server, kind: words.t(`approvals.kind.${kind}`) });
  }
  const parts = new Intl.ListFormat(words.locale).format(
    changed.map((part) => words.t(`approvals.part.${part}`)),
  );
  return words.t('approvals.what_changed', { server, parts });
}

/** The sentences under the name of a definition: what it was, and since when it is held. */
export function historyOf(words: Words, view: ApprovalView, since: number | null, now: number): string {
  const { server } = view;
  const approved = sinceApproved(words, view, now);
  if (view.after === null) {
    return `${words.t('approvals.gone', { server })} ${approved}`;
  }
  if (view.state === 'blocked') {
    return `${words.t('approvals.blocked_now', { server })} ${view.before === null ? '' : approved}`;
  }
  if (view.state === 'changed' && since !== null) {
    return `${words.t('approvals.changed_since', { server, age: ageWords(words, since, now) })} ${approved}`;
  }
  return approved;
}

function sinceApproved(words: Words, { approvedAt, approvedBy }: ApprovalView, now: number): string {
  if (approvedAt === null || approvedBy === null) {
    return words.t('approvals.never_approved');
  }
  const date = words.date(approvedAt, now);
  const keys = { baseline: 'approvals.approved_first', auto: 'approvals.approved_itself' } as const;
  return words.t(
    approvedBy === 'baseline' || approvedBy === 'auto' ? keys[approvedBy] : 'approvals.approved_by_you',
    { date },
  );
}

/** The definition's parts that are shown below its text, in their order. */
export const FURTHER_PARTS = ['input', 'output', 'annotations', 'rest'] as const satisfies readonly (
  | 'input'
  | 'output'
  | 'annotations'
  | 'rest'
)[];

const partHeadings: Readonly<Record<(typeof FURTHER_PARTS)[number] | 'title' | 'description', PlainKey>> = {
  title: 'approvals.heading.title',
  description: 'approvals.heading.description',
  input: 'approvals.heading.input',
  output: 'approvals.heading.output',
  annotations: 'approvals.heading.annotations',
  rest: 'approvals.heading.rest',
};

/** The heading of one part of a definition. */
export function partHeading(part: keyof typeof partHeadings): PlainKey {
  return partHeadings[part];
}
