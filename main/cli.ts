/**
 * The Node entry (`gatehouse`): every command, and the gateway without a screen. Errors are one line on stderr and an
 * exit code: 2 for an address that cannot be had, 3 for an app that runs already, 4 for a faulty configuration, else 1.
 */
import { Command } from 'commander';
import { registerActivity } from './commands/activity.ts';
import { registerAdd } from './commands/add.ts';
import { registerAdmin } from './commands/admin.ts';
import { registerApprovals } from './commands/approvals.ts';
import { registerAuth } from './commands/auth.ts';
import { registerCall } from './commands/call.ts';
import { registerCalls } from './commands/calls.ts';
import { registerClient } from './commands/client.ts';
import { registerConfig } from './commands/config.ts';
import { registerConnect } from './commands/connect.ts';
import { registerContainment } from './commands/containment.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerImport } from './commands/import.ts';
import { registerSampleServer } from './commands/sample-server.ts';
import { registerSecret } from './commands/secret.ts';
import { registerServe } from './commands/serve.ts';
import { registerServer } from './commands/server.ts';
import { registerStdio } from './commands/stdio.ts';
import { registerToken } from './commands/token.ts';
import { harmless } from './commands/visible.ts';
import { ConfigError, describeConfigError } from './config/error.ts';
import { problemOf } from './protocol/error.ts';

const program = new Command('gatehouse')
  .description('every MCP server behind one local door')
  .version(__GATEHOUSE_VERSION__)
  .showHelpAfterError();

registerServe(program, __GATEHOUSE_VERSION__);
registerStdio(program);
registerToken(program);
registerConnect(program, __GATEHOUSE_VERSION__);
registerSecret(program);
registerAdd(program);
registerImport(program);
registerServer(program);
registerApprovals(program);
registerCalls(program);
registerCall(program);
registerConfig(program);
registerDoctor(program);
registerAuth(program);
registerActivity(program);
registerContainment(program);
registerClient(program);
registerSampleServer(program);
registerAdmin(program);

program.parseAsync(process.argv).then(
  () => process.exit(process.exitCode ?? 0),
  (error: unknown) => {
    const { code, message, remedy } = problemOf(error);
    const text = error instanceof ConfigError ? describeConfigError(error) : `${message} ${remedy}`;
    // It may quote a server or a remote answer.
    process.stderr.write(`gatehouse: ${harmless(text)}\n`);
    process.exit(exitCode(code));
  },
);

function exitCode(code: string): number {
  if (code.startsWith('config.')) return 4;
  if (
    code === 'gateway.port_in_use' ||
    code === 'gateway.address_unavailable' ||
    code === 'gateway.listen_failed'
  ) {
    return 2;
  }
  return code === 'app.already_running' ? 3 : 1;
}
