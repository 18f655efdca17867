/** `gatehouse sample-server`: the server that comes with Gatehouse. Hidden: it is written into configurations, not typed. */
import type { Command } from 'commander';

/** Registers the command; what it needs comes only with it. */
export function registerSampleServer(program: Command): void {
  program
    .command('sample-server', { hidden: true })
    .description('serve the sample tools over stdio')
    .action(async () => (await import('./sample-tools.ts')).serveSample(process.stdin, process.stdout));
}
