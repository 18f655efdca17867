/**
 * What a server's configuration comes to, without looking at any engine: its policy and the words for it, or why it will
 * not start. Pure.
 */
import { problemOf } from '../protocol/error.ts';
import { isContained, type Policy, policyOf } from './policy.ts';
import { type Summary, summary } from './summary.ts';
import type { Program, Wish, WishDefaults } from './wish.ts';

/** What is said of a program that is not contained. */
export const UNCONTAINED = 'runs on this computer with your rights';

/** See above; all null for a program that runs on this computer. */
export interface Containment {
  readonly policy: Policy | null;
  readonly words: Summary | null;
  readonly problem: string | null;
}

/** Describes it. Never throws. */
export function containmentOf(program: Program, wish: Wish, defaults: WishDefaults): Containment {
  if (!isContained(program, wish, defaults)) return { policy: null, words: null, problem: null };
  try {
    const policy = policyOf(program, wish, defaults);
    return { policy, words: summary(policy), problem: null };
  } catch (error) {
    return { policy: null, words: null, problem: problemOf(error).message };
  }
}
