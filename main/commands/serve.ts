/**
 * `gatehouse serve`: the gateway without a screen, until SIGTERM or SIGINT.
 */
import type { Command } from 'commander';
import { launchOptions, readLaunch } from '../args.ts';

/** Registers the command. */
export function registerServe(program: Command, version: string): void {
  launchOptions(program.command('serve', { isDefault: true }))
    .description('run the gateway without a screen')
    // Whatever is no command comes here, and is told as that: it was not meant for `serve`.
    .allowExcessArguments()
    .action(async (options: Record<string, unknown>, command: Command) => {
      const [excess] = command.args;
      if (excess !== undefined) {
        const what = program.args[0] === 'serve' ? 'serve takes no argument' : 'there is no command';
        program.error(`error: ${what} '${excess}'`, { code: 'commander.unknownCommand' });
      }
      await serve(readLaunch(options), version);
    });
}

/** Settles when the app has ended. Rejects when it cannot start. */
async function serve(launch: ReturnType<typeof readLaunch>, version: string): Promise<void> {
  let end: () => void = () => undefined;
  let lost: Error | null = null;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  // Before anything is opened, so that a signal during the start is not lost.
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('SIGHUP', end);
  if (launch.exitWithParent) {
    process.stdin.on('end', end).on('close', end).on('error', end);
    process.stdin.resume();
  }
  // Loaded only now: the other commands, and the bridge above all, start without it.
  const { openApp } = await import('../app.ts');
  const app = await openApp({
    ...launch,
    mode: 'headless',
    version,
    safeStorage: null,
    onReady: (info) => process.stdout.write(`${JSON.stringify({ event: 'ready', ...info })}\n`),
    onNotice: (text) => process.stderr.write(`\n${text}\n\n`),
    onIdle: end,
    onRequiredLost(error) {
      lost ??= error;
      end();
    },
  });
  await ended;
  await app.close();
  if (lost !== null) throw lost;
}
