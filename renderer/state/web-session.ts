/** What a page in a browser can do about its own session. Types only. */
import type { Problem } from '../../preload/contract.ts';

export interface WebSession {
  /** False while Gatehouse cannot be reached. */
  readonly online: boolean;
  /** False when the password is given to Gatehouse from outside. */
  readonly canChange: boolean;
  signOut(): Promise<void>;
  /** Signs everybody out; what went wrong, or null. */
  changePassword(current: string, next: string): Promise<Problem | null>;
}

/** Fewer characters are refused; main/admin/password.ts decides. */
export const SHORTEST_PASSWORD = 12;
