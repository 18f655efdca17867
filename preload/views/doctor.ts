/** What the Doctor finds on this computer. */
import type { Problem, Said } from './said.ts';

/** What is looked at. */
export type CheckId =
  | 'node'
  | 'data-dir'
  | 'config'
  | 'secrets'
  | 'engine'
  | 'endpoint'
  | 'npx'
  | 'uvx'
  | 'docker';

/** One finding. */
export interface DoctorCheck {
  readonly id: CheckId;
  /** For people, in English; the command line prints it. */
  readonly name: string;
  /** `note`: Gatehouse works without it, but something it offers does not. */
  readonly state: 'ok' | 'note' | 'problem';
  /** What was found, in English: a version, a path. Empty when there is a problem that says it. */
  readonly detail: string;
  /** The same for other languages; nothing where it has no words. */
  readonly said?: Said;
  readonly problem: Problem | null;
}

/** The doctor's command. */
export interface DoctorCommands {
  /** Looks at this computer; takes some seconds at most. */
  'doctor.run': { args: Record<string, never>; value: readonly DoctorCheck[] };
}
