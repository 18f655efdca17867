/** What somebody has filled in, by field. Every change makes a new draft. */
import type { Field } from './fields.ts';

/** What is filled in for one field. */
export type Draft =
  /** Left out. */
  | { readonly kind: 'unset' }
  /** For text and numbers, as typed; an empty one is left out. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'switch'; readonly on: boolean }
  | { readonly kind: 'choice'; readonly at: number }
  /** Drafts of the members, in the order of the field. */
  | { readonly kind: 'group'; readonly members: readonly Draft[]; readonly further: readonly Further[] }
  | { readonly kind: 'list'; readonly items: readonly Draft[] }
  | { readonly kind: 'variant'; readonly at: number; readonly draft: Draft }
  | { readonly kind: 'json'; readonly text: string };

/** A further value under a name of one's own. */
export interface Further {
  readonly name: string;
  readonly draft: Draft;
}

export const UNSET: Draft = { kind: 'unset' };

/** One field, what is filled in for it, and who is told of a change: what a part of the form needs. */
export interface Filling {
  readonly field: Field;
  readonly draft: Draft;
  readonly name: string;
  readonly required: boolean;
  /** Faults are shown. */
  readonly checked: boolean;
  /** Its name stands elsewhere already. */
  readonly bare?: boolean;
  readonly onchange: (draft: Draft) => void;
}
