/**
 * `gatehouse admin password`: sets the password of the web admin, or another one in its place, which signs everybody out.
 * It comes from standard input or a hidden prompt, never from the command line.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { GatehouseError } from '../protocol/error.ts';
import { dataDirOption } from './options.ts';
import { readHidden, systemTerminal, type Terminal } from './terminal.ts';

/** Registers the commands. */
export function registerAdmin(program: Command, terminal: Terminal = systemTerminal()): void {
  const admin = program.command('admin').description('the screens in a browser: gatehouse serve --admin');
  dataDirOption(admin.command('password'))
    .description('set the password of the web admin; it is read from standard input, or asked for')
    .action(async ({ dataDir }: { dataDir: string }) => {
      const { filePasswords } = await import('../admin/password-file.ts');
      const { checkedPassword } = await import('../admin/password.ts');
      const passwords = filePasswords(resolve(dataDir));
      const password = await readHidden(terminal, 'New password of the web admin (not shown): ');
      checkedPassword(password);
      if (terminal.input.isTTY === true && (await readHidden(terminal, 'Once more: ')) !== password) {
        throw new GatehouseError({
          code: 'admin.password_mistyped',
          message: 'These were two different passwords; nothing was changed.',
          remedy: 'Try again.',
        });
      }
      await passwords.set(password);
      terminal.err('The password is set. Whoever was signed in to the web admin is signed out.\n');
    });
}
