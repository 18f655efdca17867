/**
 * `gatehouse server show NAME`: what a server is allowed to see, from the configuration alone, and, while the app runs, what
 * it was held back from; and `gatehouse image approve IMAGE`: agreeing to an image that has changed. Neither needs the
 * running app.
 */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import { runCommand } from './local-client.ts';
import { dataDirOption } from './options.ts';
import { systemTerminal, type Terminal } from './terminal.ts';
import { visible } from './visible.ts';

/** Registers both commands. */
export function registerContainment(program: Command, terminal: Terminal = systemTerminal()): void {
  const server = program.commands.find((one) => one.name() === 'server') ?? program.command('server');
  dataDirOption(server.command('show <name>'))
    .description('show what a server is allowed to see')
    .option('--json', 'print it as JSON')
    .action(async (name: string, options: { dataDir: string; json?: boolean }) => {
      const shown = await show(name, resolve(options.dataDir));
      terminal.out(options.json ? `${JSON.stringify(shown, null, 2)}\n` : textOf(shown));
    });
  const image = program.command('image').description('images of contained servers');
  dataDirOption(image.command('approve <image>'))
    .description('agree to what the name of an image stands for now')
    .action(async (name: string, options: { dataDir: string }) => {
      await approve(name, resolve(options.dataDir));
      terminal.out(`${name}: agreed. Servers that waited for it start within a minute.\n`);
    });
}

/** What is shown of a server. */
interface Shown {
  readonly name: string;
  readonly runsIn: 'host' | 'container' | 'remote';
  readonly summary: string;
  readonly details: Readonly<Record<string, string>>;
  readonly weakened: readonly string[];
  /** How it is observed; null while it does not run, or the app does not. */
  readonly observed: { readonly inside: true } | { readonly inside: false; readonly why: string } | null;
  /** Limits that it met and hosts that it was refused since the app was started; null while the app does not run. */
  readonly heldBack: readonly HeldBack[] | null;
  /** Why it will not start as it is configured; null when nothing is known against it. */
  readonly problem: string | null;
}

interface HeldBack {
  readonly text: string;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly last: number;
}

async function show(name: string, dataDir: string): Promise<Shown> {
  const allowed = await allowance(name, dataDir);
  const unknown = { ...allowed, observed: null, heldBack: null };
  if (allowed.runsIn !== 'container') return unknown;
  const seen = await runCommand(dataDir, 'server.containment', { server: name }).catch(() => null);
  if (seen === null) return unknown;
  const refused = seen.hosts
    .filter((one) => one.refused !== null)
    .map(({ host, port, refused: why, count, last }) => {
      const place = visible(port === null ? host : `${host}:${port}`);
      return { text: `it was refused ${place} (${why})`, count, last };
    });
  const heldBack = [...seen.met, ...refused].sort((one, other) => other.last - one.last);
  return { ...allowed, observed: seen.observed, heldBack };
}

async function allowance(name: string, dataDir: string): Promise<Omit<Shown, 'observed' | 'heldBack'>> {
  // Loaded here, so that other commands start without them.
  const [{ readText }, { parseConfig }, { containmentOf, UNCONTAINED }] = await Promise.all([
    import('../config/file.ts'),
    import('../config/read.ts'),
    import('../isolation/describe.ts'),
  ]);
  const file = join(dataDir, 'config.json');
  const config = parseConfig(await readText(file), file);
  const server = config.servers.find((one) => one.name === name);
  if (server === undefined) throw unknown(name);
  const { transport, isolation } = server;
  if (transport.kind !== 'stdio') {
    const summary = 'a remote server: it sees what it is sent';
    return { name, runsIn: 'remote', summary, details: {}, weakened: [], problem: null };
  }
  const { policy, words, problem } = containmentOf(transport, isolation, config.isolation);
  if (policy === null || words === null) {
    const runsIn = problem === null ? 'host' : 'container';
    return { name, runsIn, summary: problem ?? UNCONTAINED, details: {}, weakened: [], problem };
  }
  const { line, files, network, limits, image } = words;
  const details = { files, network, limits, image };
  const { homedir } = await import('node:os');
  const { checkMounts } = await import('../isolation/mounts.ts');
  const computer = { platform: process.platform, home: homedir(), dataDir };
  const mounts = await checkMounts(policy.mounts, computer, policy.unsafe).catch(problemOf);
  const bad = 'message' in mounts ? mounts.message : null;
  const weakened = [...policy.weakened, ...('weakened' in mounts ? mounts.weakened : [])].map(
    ({ text }) => text,
  );
  return { name, runsIn: 'container', summary: line, details, weakened, problem: bad };
}

const OBSERVED = 'from inside: what it tries and may not is noted';
/** Held-back lines that are printed; `--json` has them all. */
const MOST_LINES = 20;

function textOf(shown: Shown): string {
  const { name, runsIn, summary, details, weakened, observed, heldBack, problem } = shown;
  const place = { host: 'on this computer', container: 'in a container', remote: 'elsewhere' }[runsIn];
  const rows = [
    ['runs', place],
    ['may', summary],
    ...Object.entries(details),
    ...weakened.map((words) => ['WEAKENED', words]),
    ...(observed === null
      ? []
      : [['observed', observed.inside ? OBSERVED : `only from outside: ${visible(observed.why)}`]]),
    ...(heldBack ?? []).slice(0, MOST_LINES).map(({ text, count }) => {
      // Paths in it are the server's own words.
      const words = visible(text);
      return ['held back', count === 1 ? words : `${words} (${count} times)`];
    }),
    ...(problem === null || problem === summary ? [] : [['PROBLEM', problem]]),
  ];
  return `${name}\n${rows.map(([key = '', value = '']) => `  ${key.padEnd(10)} ${value}\n`).join('')}`;
}

async function approve(name: string, dataDir: string): Promise<void> {
  const [{ findEngine }, { createImages }, { openPins }, { readText }, { parseConfig }] = await Promise.all([
    import('../isolation/engine.ts'),
    import('../isolation/images.ts'),
    import('../isolation/pins.ts'),
    import('../config/file.ts'),
    import('../config/read.ts'),
  ]);
  const file = join(dataDir, 'config.json');
  const configured = await readText(file)
    .then((text) => parseConfig(text, file).isolation.engine)
    .catch(() => null);
  const found = await findEngine({ configured, timeoutMs: 15_000 });
  if (found.engine === null) throw found.problem;
  await createImages(openPins(join(dataDir, 'images.json'))).approve(found.engine.docker, name);
}

function unknown(name: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.unknown',
    message: `There is no server named "${name.slice(0, 200)}" in the configuration.`,
    remedy: 'Look at the names in config.json.',
  });
}
