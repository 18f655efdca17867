/**
 * `gatehouse server quarantine|inspect|release|remove|restore`: which servers there are, and may be seen at all. Only
 * their user decides it.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { GatehouseError } from '../protocol/error.ts';
import { stale } from '../trust/approval.ts';
import { findingLines, short } from './approvals.ts';
import { runCommand } from './local-client.ts';
import { dataDirOption } from './options.ts';
import { systemTerminal, type Terminal } from './terminal.ts';
import { visible } from './visible.ts';

/** Registers the commands. */
export function registerServer(program: Command, terminal: Terminal = systemTerminal()): void {
  const server = program.command('server').description('whom the app trusts, and what a server may see');
  const on = (words: string, description: string): Command =>
    dataDirOption(server.command(words)).description(description);

  on('quarantine <name>', 'hold the server back: no client sees or reaches anything of it').action(
    async (name: string, options: { dataDir: string }) => {
      await runCommand(resolve(options.dataDir), 'server.quarantine', { server: name });
      terminal.err(`"${name}" is held back.\n`);
    },
  );

  on('inspect <name>', 'start a server that is held back for a moment, and print what it offers')
    .option('--on-host', 'run its program on this computer, unconfined')
    .option('--json', 'as JSON')
    .action(async (name: string, options: { dataDir: string; onHost?: boolean; json?: boolean }) => {
      const where = options.onHost === true ? 'host' : 'container';
      const seen = await runCommand(resolve(options.dataDir), 'server.inspect', { server: name, where });
      if (options.json === true) return terminal.out(`${JSON.stringify(seen, null, 2)}\n`);
      for (const { kind, key, definition, findings } of seen.items) {
        terminal.out(`${kind} ${visible(key)}\n`);
        for (const line of findingLines(findings)) terminal.out(`  ${line}\n`);
        for (const line of visible(definition.description, true).split('\n')) terminal.out(`    ${line}\n`);
      }
      terminal.out(`fingerprint ${short(seen.digest)}\n`);
    });

  on('release <name>', 'let clients use a server that was held back')
    .option('--fingerprint <digits>', 'of the inspection: exactly what it showed is approved')
    .option('--unseen', 'approve whatever it lists first')
    .action(async (name: string, options: { dataDir: string; fingerprint?: string; unseen?: boolean }) => {
      const dataDir = resolve(options.dataDir);
      const said = options.fingerprint;
      if ((said === undefined) === (options.unseen !== true)) throw needsOne();
      let digest: string | null = null;
      if (said !== undefined) {
        const { servers } = await runCommand(dataDir, 'approvals.list', {});
        const found = servers.find((one) => one.server === name)?.inspection?.digest ?? '';
        if (said.length < short(found).length || !found.startsWith(said)) throw stale(name);
        digest = found;
      }
      await runCommand(dataDir, 'server.release', { server: name, digest, except: [] });
      terminal.err(`"${name}" is released.\n`);
    });

  on('remove <name>', 'take the server out of the configuration').action(
    async (name: string, options: { dataDir: string }) => {
      await runCommand(resolve(options.dataDir), 'server.remove', { server: name });
      terminal.err(
        `"${name}" is removed. Until the app ends it can be put back: gatehouse server restore ${name}\n`,
      );
    },
  );

  on('restore <name>', 'put back a server that was removed since the app has started').action(
    async (name: string, options: { dataDir: string }) => {
      await runCommand(resolve(options.dataDir), 'server.restore', { server: name });
      terminal.err(`"${name}" is back.\n`);
    },
  );
}

function needsOne(): GatehouseError {
  return new GatehouseError({
    code: 'args.invalid',
    message: 'A release needs either --fingerprint or --unseen.',
    remedy: 'Look first: gatehouse server inspect. It prints the fingerprint of what the server offers.',
  });
}
