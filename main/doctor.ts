/** Ties the checks of this computer to what the running app knows. They are loaded when somebody asks for them. */
import type { Snapshot } from '../preload/contract.ts';
import { doctorCommands } from './api/doctor.ts';

/** The part of the state that the checks look at. */
interface Seen {
  readonly state: Pick<Snapshot, 'secrets' | 'endpoint'>;
}

/** The command of the Doctor page. */
export function openDoctor(dataDir: string, seen: Seen): ReturnType<typeof doctorCommands> {
  return doctorCommands({
    checks: async () =>
      (await import('./commands/checks.ts')).runChecks(dataDir, {
        secrets: () => seen.state.secrets,
        endpoint: () => seen.state.endpoint.url,
      }),
  });
}
