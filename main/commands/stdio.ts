/**
 * `gatehouse stdio`: the app of a data directory as a stdio server. Nothing but JSON-RPC goes to stdout.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { dataDirOption } from './options.ts';
import { serveOverStdio } from './over-stdio.ts';

/** Seconds that an app started for a bridge stays after its last session. */
const LINGER_S = 10;

/** Registers the command. */
export function registerStdio(program: Command): void {
  dataDirOption(program.command('stdio'))
    .description('serve the app of a data directory over stdio; starts it when it does not run')
    .option('--client <id>', 'the client that it stands for')
    .action(async (options: { dataDir: string; client?: string }) => {
      const dataDir = resolve(options.dataDir);
      const serve = [
        'serve',
        '--data-dir',
        dataDir,
        '--listen',
        '127.0.0.1:0',
        '--exit-idle',
        String(LINGER_S),
      ];
      await serveOverStdio({
        dataDir,
        client: options.client ?? null,
        input: process.stdin,
        output: process.stdout,
        app: () => ({ command: process.execPath, args: [process.argv[1] ?? '', ...serve] }),
      });
    });
}
