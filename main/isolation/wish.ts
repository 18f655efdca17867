/**
 * What an owner may ask of a server's containment, before anything is decided: what the configuration says. Pure.
 */
import type { IsolationConfig, IsolationDefaults, MountConfig } from '../config/isolation.ts';

/** A path of this computer that a server may see. */
export type MountWish = MountConfig;

/** What one place says; null where it says nothing. */
export type Wish = IsolationConfig;

/** What all servers share unless they say otherwise. */
export type WishDefaults = Pick<IsolationDefaults, keyof IsolationConfig | 'images'>;

/** The program to contain, as written: references unresolved. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}
