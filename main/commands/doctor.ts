/**
 * `gatehouse doctor`: whether this computer has what Gatehouse needs, one line each, with what to do about the rest.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { DoctorCheck } from '../../preload/views/doctor.ts';
import { dataDirOption } from './options.ts';
import { systemTerminal, type Terminal } from './terminal.ts';

/** What the command acts on. */
export interface DoctorDeps {
  readonly terminal: Terminal;
  check(dataDir: string): Promise<readonly DoctorCheck[]>;
  /** Sets the exit code of the program. */
  exitWith(code: number): void;
}

/** Registers the command. It ends with 1 when something is wrong; what is merely missing does not count. */
export function registerDoctor(program: Command, deps: DoctorDeps = systemDeps()): void {
  dataDirOption(program.command('doctor'))
    .description('check what Gatehouse needs on this computer')
    .option('--json', 'print the findings as JSON')
    .action(async (options: { dataDir: string; json?: boolean }) => {
      const checks = await deps.check(resolve(options.dataDir));
      deps.terminal.out(
        options.json ? `${JSON.stringify({ checks }, null, 2)}\n` : checks.map(line).join(''),
      );
      if (checks.some((check) => check.state === 'problem')) deps.exitWith(1);
    });
}

function line({ name, state, detail, problem }: DoctorCheck): string {
  const words = problem === null ? detail : `${problem.message} ${problem.remedy}`;
  return `${state.padEnd(8)} ${name.padEnd(18)} ${words}\n`;
}

function systemDeps(): DoctorDeps {
  return {
    terminal: systemTerminal(),
    check: async (dataDir) => (await import('./checks.ts')).runChecks(dataDir),
    exitWith: (code) => {
      process.exitCode = code;
    },
  };
}
