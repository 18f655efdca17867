/** The command that looks for trouble on this computer. */
import type { DoctorCheck } from '../../preload/views/doctor.ts';
import { type CommandSet, nothing } from './command.ts';

/** What it acts on. */
export interface DoctorDeps {
  /** Never rejects; takes some seconds at most. */
  checks(): Promise<readonly DoctorCheck[]>;
}

export function doctorCommands(deps: DoctorDeps): CommandSet<'doctor.run'> {
  return { 'doctor.run': { schema: nothing, run: () => deps.checks() } };
}
