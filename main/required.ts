/**
 * Watches over the servers that the configuration calls required: who cannot be reached at the start ends the program
 * where nobody looks at a screen. What fails later is tried again like any other.
 */
import type { GatehouseConfig } from './config/schema.ts';
import { GatehouseError, problemOf } from './protocol/error.ts';

/** What a server's status says of its start. */
interface StartStatus {
  /** True once it has connected or failed. */
  readonly settled: boolean;
  readonly problem: unknown;
}

/** Gives a listener for statuses that calls `onLost` once, with the first required server that fails to start. */
export function watchRequired(
  current: () => GatehouseConfig,
  onLost: (error: GatehouseError) => void,
): (name: string, status: StartStatus) => void {
  /** Servers whose start is decided. */
  const started = new Set<string>();
  return (name, { settled, problem }) => {
    if (!settled || started.has(name)) return;
    started.add(name);
    if (problem === null || !current().servers.some((server) => server.name === name && server.required))
      return;
    const { message, remedy } = problemOf(problem);
    onLost(
      new GatehouseError({
        code: 'app.required_server',
        message: `The server "${name}" is required and cannot be reached. ${message}`,
        remedy,
      }),
    );
  };
}
