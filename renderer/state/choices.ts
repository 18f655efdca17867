/**
 * Several definitions that are approved together: which of them are chosen. Those with something to know about them are
 * not chosen by themselves. Pure.
 */
import type {
  ApprovalsView,
  DefinedKind,
  FindingCounts,
  FindingView,
  HeldView,
  InspectionView,
  ShownItem,
} from '../../preload/views/trust.ts';
import type { Words } from '../i18n/words.ts';
import { countsOf } from './approvals.ts';
import { nameOf } from './held-signs.ts';

/** One line of the table. */
export interface Choice {
  readonly id: string;
  readonly kind: DefinedKind;
  readonly key: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly summary: string;
  readonly effect: HeldView['effect'];
  readonly tokens: number;
  readonly findings: FindingCounts;
}

/** Choices made by hand, by id; what is absent is as it comes. */
export type Chosen = ReadonlyMap<string, boolean>;

/** The lines of what a server has added. */
export function choicesOfHeld(words: Words, items: readonly HeldView[]): readonly Choice[] {
  return items.map((item) => ({ ...item, id: idOf(item), name: nameOf(words, item) }));
}

/** The lines of what a look inside a server has shown; what it calls itself comes with the rest. */
export function choicesOfInspection(words: Words, { items }: InspectionView): readonly Choice[] {
  return items
    .filter(({ kind }) => kind !== 'info')
    .map((item) => ({
      ...item,
      id: idOf(item),
      name: nameOf(words, item),
      summary: item.definition.description,
      effect: item.definition.effect,
      tokens: item.definition.tokens,
      findings: countsOf(item),
    }));
}

/** Whether a line is chosen. */
export function isChosen(chosen: Chosen, { id, findings }: Choice): boolean {
  return chosen.get(id) ?? (findings.serious === 0 && findings.notable === 0);
}

/** What a decision about these lines carries. */
export function shownItems(choices: readonly Choice[]): readonly ShownItem[] {
  return choices.map(({ kind, key, fingerprint }) => ({ kind, key, fingerprint }));
}

/** Findings of several definitions, the worst first, each with the name of what it is about. */
export function findingsOf(
  words: Words,
  inspection: InspectionView,
): readonly (FindingView & { readonly of: string })[] {
  const rank = ['critical', 'high', 'medium', 'low', 'info'];
  return inspection.items
    .flatMap((item) => item.findings.map((finding) => ({ ...finding, of: nameOf(words, item) })))
    .sort((a, b) => rank.indexOf(a.severity) - rank.indexOf(b.severity));
}

/** The servers that are switched off: nobody is asked about those. */
export function offServers(
  servers: readonly { readonly name: string; readonly enabled: boolean }[],
  { servers: held }: ApprovalsView,
): ReadonlySet<string> {
  const off = new Set(servers.filter(({ enabled }) => !enabled).map(({ name }) => name));
  return new Set(held.map(({ server }) => server).filter((name) => off.has(name)));
}

function idOf({ kind, key }: { readonly kind: DefinedKind; readonly key: string }): string {
  return `${kind}\0${key}`;
}
