/**
 * `gatehouse calls`: the calls that wait for a person, what becomes of them, and before which calls one is asked. Letting
 * a call through names the digits that were printed with it, so that nothing goes that nobody has looked at.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';

import type { AskRuleView, CallDecisionView, CallRulesView, WaitingCall } from '../../preload/views/calls.ts';
import { GatehouseError } from '../protocol/error.ts';
import { DIGITS, findingLines, short } from './approvals.ts';
import { runCommand } from './local-client.ts';
import { dataDirOption } from './options.ts';
import { systemTerminal, type Terminal } from './terminal.ts';
import { visible } from './visible.ts';

interface Options {
  readonly dataDir: string;
  readonly json?: boolean;
  readonly hash?: string;
  readonly session?: boolean;
  readonly always?: boolean;
  readonly client?: string;
}

/** Registers the commands. */
export function registerCalls(program: Command, terminal: Terminal = systemTerminal()): void {
  const calls = program
    .command('calls')
    .description('calls that wait for you, and before which you are asked');
  const on = (words: string, description: string): Command =>
    dataDirOption(calls.command(words)).description(description);

  on('list', 'print the calls that wait, with their arguments')
    .option('--json', 'as JSON')
    .action(async ({ dataDir, json }: Options) => {
      const waiting = await runCommand(resolve(dataDir), 'calls.waiting', {});
      terminal.out(json === true ? `${JSON.stringify(waiting, null, 2)}\n` : listText(waiting, Date.now()));
    });

  on('allow <id>', 'let the call go')
    .option('--hash <digits>', 'of the call, as list prints it')
    .option('--session', 'and the same call again until the connection of its client ends')
    .option('--always', 'and the same call of this client from now on')
    .action(async (id: string, { dataDir, hash, session, always }: Options) => {
      if (hash === undefined || hash.length < DIGITS) throw needsHash();
      if (session === true && always === true) throw oneOfBoth();
      const decision: CallDecisionView = always === true ? 'always' : session === true ? 'session' : 'once';
      const call = await waitingCall(dataDir, id);
      if (!call.hash.startsWith(hash)) throw otherCall();
      await runCommand(resolve(dataDir), 'call.decide', { id, hash: call.hash, decision });
      terminal.err('Allowed.\n');
    });

  on('deny <id>', 'refuse the call').action(async (id: string, { dataDir }: Options) => {
    const { hash } = await waitingCall(dataDir, id);
    await runCommand(resolve(dataDir), 'call.decide', { id, hash, decision: 'deny' });
    terminal.err('Denied.\n');
  });

  on('rules', 'print what was chosen for tools, and which calls are always allowed')
    .option('--json', 'as JSON')
    .action(async ({ dataDir, json }: Options) => {
      const rules = await runCommand(resolve(dataDir), 'calls.rules', {});
      terminal.out(json === true ? `${JSON.stringify(rules, null, 2)}\n` : rulesText(rules));
    });

  for (const [word, description, rule, done] of [
    ['ask', 'ask before each call of the tool', 'ask', 'You are asked before calls of it.'],
    ['never', 'let all calls of the tool through', 'never', 'You are not asked before calls of it.'],
    ['default', 'leave it to the configuration again', null, 'The configuration decides.'],
  ] as const satisfies readonly (readonly [string, string, AskRuleView, string])[]) {
    on(`${word} <server> <tool>`, description)
      .option('--client <name>', 'for this client alone')
      .action(async (server: string, tool: string, { dataDir, client }: Options) => {
        await runCommand(resolve(dataDir), 'calls.setRule', { server, tool, client: client ?? null, rule });
        terminal.err(`${done}\n`);
      });
  }

  on('forget <server> <tool>', 'take back what was always allowed of the tool').action(
    async (server: string, tool: string, { dataDir }: Options) => {
      await runCommand(resolve(dataDir), 'calls.forget', { server, tool });
      terminal.err('Taken back.\n');
    },
  );
}

async function waitingCall(dataDir: string, id: string): Promise<WaitingCall> {
  const waiting = await runCommand(resolve(dataDir), 'calls.waiting', {});
  const call = waiting.find((one) => one.id === id);
  if (call !== undefined) return call;
  throw new GatehouseError({
    code: 'call.not_waiting',
    message: `No call "${id.slice(0, 40)}" waits.`,
    remedy: 'See what waits with: gatehouse calls list.',
  });
}

/** Pure; `now` in epoch milliseconds. Lines of arguments are set in, so that none of them can look like one of ours. */
function listText(calls: readonly WaitingCall[], now: number): string {
  if (calls.length === 0) return 'No call waits for you.\n';
  const lines = calls.flatMap((call) => {
    const who = visible(call.clientName ?? call.client);
    const seconds = Math.max(0, Math.ceil((call.until - now) / 1_000));
    const args = call.args === '' ? ['(no arguments)'] : visible(call.args, true).split('\n');
    return [
      `${call.id}: ${who} wants to run ${visible(call.tool)} of ${visible(call.server)}; denied in ${seconds} s`,
      `  hash ${short(call.hash)}`,
      ...findingLines(call.findings).map((line) => `  ${line}`),
      ...args.map((line) => `    ${line}`),
      ...(call.complete ? [] : [`  Only the beginning is shown; the whole has ${call.argsBytes} bytes.`]),
    ];
  });
  return `${lines.join('\n')}\n`;
}

function rulesText({ rules, always }: CallRulesView): string {
  const lines = [
    ...rules.map(
      ({ server, tool, client, rule }) =>
        `${rule.padEnd(6)}  ${visible(server)}/${visible(tool)}  ${client === null ? 'all clients' : visible(client)}`,
    ),
    ...always.map(
      ({ client, server, tool, at }) =>
        `always  ${visible(server)}/${visible(tool)}  ${visible(client)}, one call, since ${new Date(at).toISOString()}`,
    ),
  ];
  return lines.length === 0 ? 'Nothing was chosen; the configuration decides.\n' : `${lines.join('\n')}\n`;
}

function needsHash(): GatehouseError {
  return new GatehouseError({
    code: 'args.invalid',
    message: `Allowing a call needs --hash with at least ${DIGITS} digits.`,
    remedy: 'Look with: gatehouse calls list. It prints the hash of what it shows.',
  });
}

function oneOfBoth(): GatehouseError {
  return new GatehouseError({
    code: 'args.invalid',
    message: 'A call is allowed either for the session or always.',
    remedy: 'Give one of --session and --always, or none to allow it once.',
  });
}

function otherCall(): GatehouseError {
  return new GatehouseError({
    code: 'call.other_call',
    message: 'Another call waits under this number, so nothing was decided.',
    remedy: 'Look again with: gatehouse calls list.',
  });
}
