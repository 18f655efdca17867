/**
 * What servers stand on, whichever they are: the environment that they may see, the record of their processes, the memory
 * of what they listed, and where their logs go. Everything that it opens closes with the app.
 */
import { join } from 'node:path';
import type { Logger } from './logger.ts';
import type { Clock } from './protocol/clock.ts';
import type { Closers } from './protocol/closers.ts';
import { safeEnvironment } from './upstreams/environment.ts';
import { createLoginPath } from './upstreams/login-path.ts';
import { openMemory } from './upstreams/memory.ts';
import { openOrphans } from './upstreams/orphans.ts';
import type { UpstreamDeps } from './upstreams/ports.ts';

/** See above. Begins to end what the last run has left behind. `desktop` says that a desktop may have started us. */
export function openServerGround({
  dataDir,
  desktop,
  clock,
  log,
  closers,
}: {
  readonly dataDir: string;
  readonly desktop: boolean;
  readonly clock: Clock;
  readonly log: Logger;
  readonly closers: Closers;
}): Pick<UpstreamDeps, 'processes' | 'memory' | 'logDir' | 'baseEnv' | 'loginPath'> {
  const processes = openOrphans({ file: join(dataDir, 'processes.json'), clock, log });
  closers.add(processes.close);
  const memory = openMemory(join(dataDir, 'lists'), clock, log);
  closers.add(memory.close);
  const baseEnv = safeEnvironment(process.env);
  const loginPath = createLoginPath(baseEnv, desktop, clock);
  return { processes, memory, logDir: join(dataDir, 'logs'), baseEnv, loginPath };
}
