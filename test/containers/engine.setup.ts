/**
 * The engines for all tests of this kind: one for each file that may run at a time, since tests look at all that an engine
 * has. Files get theirs with `engine()`, or the reason why they are skipped.
 */
import type { TestProject } from 'vitest/node';
import { type EngineHost, startEngines } from '../host/container-engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    engines: { readonly hosts: readonly EngineHost[] | null; readonly absent: string };
  }
}

/** As many as `containers` has workers. */
const AT_ONCE = 2;

/**
 * Runs before the first test; what it gives back runs after the last. The project that measures alone has those of the
 * other one, where both run.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = project.vitest.getRootProject();
  if ('engines' in shared.getProvidedContext()) return async () => undefined;
  const { hosts, absent, close } = await startEngines(AT_ONCE);
  if (absent !== null) console.error(`\n*** ${absent}: tests with containers are skipped ***\n`);
  shared.provide('engines', { hosts, absent: absent ?? '' });
  return close;
}
