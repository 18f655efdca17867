/** A terminal in memory. */
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import type { Terminal } from '../../main/commands/terminal.ts';

export interface FakeTerminal extends Terminal {
  readonly input: PassThrough & { isTTY?: boolean };
  stdout: string;
  stderr: string;
}

export function fakeTerminal(): FakeTerminal {
  const terminal: FakeTerminal = {
    input: new PassThrough(),
    stdout: '',
    stderr: '',
    out(text) {
      terminal.stdout += text;
    },
    err(text) {
      terminal.stderr += text;
    },
  };
  return terminal;
}

/** A program that throws where it would exit, and prints nothing by itself. */
export function testProgram(register: (program: Command) => void): (...args: string[]) => Promise<void> {
  return async (...args) => {
    const program = new Command('gatehouse')
      .exitOverride()
      .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    register(program);
    await program.parseAsync(args, { from: 'user' });
  };
}
