/**
 * The bridge of the desktop app's `--stdio`, on a thread of its own while the main thread is held (see start.ts). Uses
 * the process's streams by their numbers, since the thread's own ones pass through the main thread. Ends with its input.
 */
import { writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { workerData } from 'node:worker_threads';
import { Command } from 'commander';
import { defaultDataDir } from './commands/data-dir.ts';
import { inputOf, outputOf } from './commands/descriptors.ts';
import { type Hold, release } from './commands/hold.ts';
import { serveOverStdio } from './commands/over-stdio.ts';
import { GatehouseError, problemOf } from './protocol/error.ts';
import { ownArguments } from './shell/argv.ts';

/** What the main thread says. */
interface Given {
  readonly hold: Hold;
  /** Without the program itself. */
  readonly argv: readonly string[];
  /** The program that is the app, and its first arguments. */
  readonly program: readonly string[];
}

async function serve({ argv, program }: Given): Promise<void> {
  const { client, dataDir } = readOptions(argv);
  const [command = '', ...args] = program;
  const output = outputOf(1);
  await serveOverStdio({
    dataDir,
    client,
    input: inputOf(0),
    output,
    app() {
      const { platform, env } = process;
      if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
        throw new GatehouseError({
          code: 'app.no_display',
          message: 'Gatehouse does not run, and there is no screen here to start it on.',
          remedy: 'Start it in your desktop session, or run "gatehouse serve" where there is none.',
        });
      }
      return { command, args: [...args, '--hidden', '--data-dir', dataDir] };
    },
  });
  await new Promise<void>((done) => {
    output.on('error', () => done());
    output.end(() => done());
  });
}

function readOptions(argv: readonly string[]): { client: string | null; dataDir: string } {
  const command = new Command('gatehouse')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .option('--stdio')
    .option('--client <id>')
    .option('--data-dir <dir>', '', defaultDataDir(process.env, process.platform, homedir()));
  try {
    command.parse(ownArguments(argv), { from: 'user' });
  } catch (cause) {
    throw new GatehouseError({
      code: 'args.invalid',
      message: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Write it as --stdio --client ID, where wanted with --data-dir DIR.',
      cause,
    });
  }
  const { client, dataDir } = command.opts<{ client?: string; dataDir: string }>();
  return { client: client ?? null, dataDir: resolve(dataDir) };
}

const given = workerData as Given;
serve(given).then(
  () => release(given.hold, 0),
  (error: unknown) => {
    const { message, remedy } = problemOf(error);
    writeSync(2, `gatehouse: ${message} ${remedy}\n`);
    release(given.hold, 1);
  },
);
