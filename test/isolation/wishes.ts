/**
 * Wishes and policies for tests: one that says nothing, with changes.
 */
import { NO_ISOLATION } from '../../main/config/isolation.ts';
import { type Policy, policyOf } from '../../main/isolation/policy.ts';
import type { Program, Wish, WishDefaults } from '../../main/isolation/wish.ts';

export const NOTHING: WishDefaults = { ...NO_ISOLATION, images: {} };
export const NODE: Program = { command: 'node', args: ['server.js'] };
export const NPX: Program = { command: 'npx', args: ['-y', 'some-server'] };

export function wish(part: Partial<Wish>): Wish {
  return { ...NO_ISOLATION, mode: 'container', ...part };
}

export function policy(part: Partial<Wish> = {}, program = NODE, defaults = NOTHING): Policy {
  return policyOf(program, wish(part), defaults);
}
