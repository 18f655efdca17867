/** How much of this computer's processor is left for a test that measures times. */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * How much of a core each of so many busy processes gets as there are cores, the least of them (0 to 1): a call passes
 * through several, so that one free core says little.
 */
export async function shareOfProcessor(): Promise<number> {
  // Runs as a process of its own and prints its share, which is read below.
  const loop = `const b=performance.now(),u=process.cpuUsage();while(performance.now()-b<700);
const{user,system}=process.cpuUsage(u);console.log((user+system)/1e3/(performance.now()-b))`;
  const shares = await Promise.all(
    Array.from({ length: availableParallelism() }, async () =>
      Number((await run(process.execPath, ['-e', loop])).stdout),
    ),
  );
  return Math.min(...shares);
}
