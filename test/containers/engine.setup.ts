/**
 * One engine for all tests of this kind; they get its address, or the reason why they are skipped.
 */
import type { TestProject } from 'vitest/node';
import { type EngineHost, startEngine } from '../host/container-engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    engine: { readonly host: EngineHost | null; readonly absent: string };
  }
}

/** Runs before the first test; what it gives back runs after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = await startEngine();
  if (started.absent !== null)
    console.error(`\n*** ${started.absent}: tests with containers are skipped ***\n`);
  project.provide('engine', { host: started.host, absent: started.absent ?? '' });
  return started.close;
}
