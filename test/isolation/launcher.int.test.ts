import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Launch, type Launcher, launchers } from '../../main/isolation/launcher.ts';

const nasty = {
  PLAIN: 'a',
  EMPTY: '',
  QUOTES: `it's "quoted" \`x\` $HOME \${HOME} \\ \\n $(id)`,
  LINES: 'one\n two\n\n\tthree\n',
  UNICODE: 'ü\u2028🚪',
  DASH: '-n -e',
  n: 'lower n',
  s: 'lower s',
  l: 'lower l',
  LONG: 'x'.repeat(100_000),
};

/** Runs the launcher as an engine would, with `more` behind the frame, and gives what the program saw. */
function run(
  launcher: Launcher,
  launch: Launch,
  more: string,
): Promise<{ seen: string; code: number | null }> {
  const [command = '', ...args] = launcher.entrypoint;
  const child = spawn(command, args, { env: { PATH: process.env.PATH ?? '', FROM_IMAGE: 'kept' } });
  child.stdin.on('error', () => undefined);
  child.stdin.end(Buffer.concat([launcher.frame(launch), Buffer.from(more)]));
  let seen = '';
  child.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.toString('utf8');
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ seen, code })));
}

const program = `
  let input = '';
  process.stdin.on('data', (chunk) => { input += chunk; });
  process.stdin.on('end', () => process.stdout.write(JSON.stringify({ env: process.env, args: process.argv.slice(1), input })));
`;

describe.each(launchers.map((launcher) => [launcher.kind, launcher] as const))('by %s', (kind, launcher) => {
  const there = spawnSync(launcher.entrypoint[0] ?? '', ['--version']).error === undefined;

  it('the program gets its arguments, its variables and all of its input', async ({ skip }) => {
    if (!there) skip(`no ${kind} here`);
    const args = ['-e', program, '--', ...Object.values(nasty).filter((value) => value.length < 1_000)];
    const odd = kind === 'sh' ? {} : { 'a.b-c': "o'dd" };
    const launch = { command: process.execPath, args, env: { ...nasty, ...odd } };
    const { seen } = await run(launcher, launch, '{"jsonrpc":"2.0"}\nmore\n');
    const found = JSON.parse(seen) as { env: object; args: string[]; input: string };
    expect(found.env).toMatchObject({ ...nasty, ...odd, FROM_IMAGE: 'kept' });
    expect(found.args).toEqual(args.slice(3));
    expect(found.input).toBe('{"jsonrpc":"2.0"}\nmore\n');
  });

  it('says by its exit code that the program is not there, and that it was told nothing', async ({
    skip,
  }) => {
    if (!there) skip(`no ${kind} here`);
    expect((await run(launcher, { command: 'no-such-program', args: [], env: {} }, '')).code).toBe(127);
    const empty: Launcher = { ...launcher, frame: () => Buffer.alloc(0) };
    expect((await run(empty, { command: 'true', args: [], env: {} }, '')).code).toBe(125);
  });

  it('gives no variable by a command line, also those that a shell cannot hold', () => {
    const frame = (): Buffer => launcher.frame({ command: 'x', args: [], env: { 'a.b': 'secret' } });
    if (kind === 'sh') expect(frame).toThrow(/cannot be given a variable named "a.b"/);
    else expect(frame().toString()).toContain('secret');
  });

  it('holds no secret in its own command line', () => {
    expect(launcher.entrypoint.join(' ')).not.toContain('PLAIN');
  });
});
