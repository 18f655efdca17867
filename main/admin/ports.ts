/** What the web admin needs from the rest of the app. Types only. */
import type { CorePort } from '../../preload/contract.ts';
import type { ActivityNote } from '../activity/entry.ts';
import type { Clock } from '../protocol/clock.ts';
import type { PasswordStore } from './password-file.ts';
import type { SessionTimes } from './sessions.ts';

export interface AdminPorts {
  readonly clock: Clock;
  readonly log: { warn(fields: object, text: string): void };
  readonly core: Pick<CorePort, 'snapshot' | 'onSnapshot' | 'onActivity' | 'execute'>;
  readonly passwords: PasswordStore;
  /** The folder of the built screens. */
  readonly screens: string;
  /** The port that it listens on, once it does: cookies are named after it, since all ports of a computer share them. */
  port(): number;
  /** Whether the web admin may be asked for under this name. */
  knows(host: string | undefined): boolean;
  times(): SessionTimes;
  note(note: ActivityNote): void;
}
