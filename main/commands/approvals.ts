/**
 * `gatehouse approvals`: what is held of servers, and what becomes of it. A decision names the fingerprint that was shown,
 * so that nothing is approved that nobody has looked at.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type {
  ApprovalsView,
  ApprovalView,
  DefinedKind,
  DefinitionPart,
  DefinitionView,
  FindingCounts,
  FindingView,
  HeldView,
  ShownItem,
} from '../../preload/views/trust.ts';
import { GatehouseError } from '../protocol/error.ts';
import { stale } from '../trust/approval.ts';
import { digestOf } from '../trust/decisions.ts';
import { DEFINED_KINDS } from '../trust/definition.ts';
import { runCommand } from './local-client.ts';
import { dataDirOption } from './options.ts';
import { systemTerminal, type Terminal } from './terminal.ts';
import { visible } from './visible.ts';

/** Digits of a fingerprint that are shown and asked for: so many cannot be met by trying. */
export const DIGITS = 20;

interface Options {
  readonly dataDir: string;
  readonly kind: string;
  readonly fingerprint?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Registers the commands. */
export function registerApprovals(program: Command, terminal: Terminal = systemTerminal()): void {
  const approvals = program
    .command('approvals')
    .description('what servers have added or changed, and what is let through');
  const on = (words: string, description: string): Command =>
    dataDirOption(approvals.command(words)).description(description);
  const onItem = (words: string, description: string): Command =>
    on(words, description).option('--kind <kind>', `one of ${DEFINED_KINDS.join(', ')}`, 'tools');

  on('list', 'print what waits for a decision')
    .option('--json', 'as JSON')
    .action(async ({ dataDir, json }: Options) => {
      const view = await runCommand(resolve(dataDir), 'approvals.list', {});
      terminal.out(json === true ? `${JSON.stringify(view, null, 2)}\n` : listText(view));
    });

  onItem('show <server> [key]', 'print a definition as it was approved and as it is now')
    .option('--json', 'as JSON')
    .action(async (server: string, key: string | undefined, options: Options) => {
      const args = { server, kind: kindOf(options.kind), key: key ?? '' };
      const view = await runCommand(resolve(options.dataDir), 'approvals.show', args);
      terminal.out(options.json === true ? `${JSON.stringify(view, null, 2)}\n` : showText(view));
    });

  onItem('approve <server> [key]', 'let through what was shown')
    .option('--fingerprint <digits>', 'of what was shown, as list and show print it')
    .option('--all', 'everything of the server that waits, with the fingerprint that list prints for it')
    .action(async (server: string, key: string | undefined, options: Options) => {
      const dataDir = resolve(options.dataDir);
      const said = options.fingerprint;
      if (said === undefined || said.length < DIGITS) throw needsFingerprint();
      const { items } = await runCommand(dataDir, 'approvals.list', {});
      const held = items.filter((item) => item.server === server);
      const kind = kindOf(options.kind);
      const chosen =
        options.all === true
          ? [held.filter((item) => item.waits)].filter((all) => digestOf(all).startsWith(said)).flat()
          : held.filter(
              (item) => item.kind === kind && item.key === (key ?? '') && item.fingerprint.startsWith(said),
            );
      if (chosen.length === 0) throw stale(key ?? server);
      await runCommand(dataDir, 'approvals.approve', { server, items: chosen.map(shownOf) });
      terminal.err(`Approved ${chosen.length}.\n`);
    });

  onItem('block <server> [key]', 'hold it, whatever it says').action(
    async (server: string, key: string | undefined, options: Options) => {
      const dataDir = resolve(options.dataDir);
      const args = { server, kind: kindOf(options.kind), key: key ?? '' };
      const shown = await runCommand(dataDir, 'approvals.show', args);
      await runCommand(dataDir, 'approvals.block', { server, items: [shownOf(shown)] });
      terminal.err('Blocked.\n');
    },
  );
  for (const [word, description, done] of [
    ['unblock', 'end a block; approves nothing', 'Unblocked.'],
    ['revert', 'take the last approval back', 'Taken back.'],
  ] as const) {
    onItem(`${word} <server> [key]`, description).action(
      async (server: string, key: string | undefined, options: Options) => {
        const args = { server, kind: kindOf(options.kind), key: key ?? '' };
        await runCommand(resolve(options.dataDir), `approvals.${word}`, args);
        terminal.err(`${done}\n`);
      },
    );
  }

  on('history <server>', 'print what was decided, newest first')
    .option('--json', 'as JSON')
    .action(async (server: string, { dataDir, json }: Options) => {
      const decisions = await runCommand(resolve(dataDir), 'approvals.history', { server, limit: 500 });
      if (json === true) return terminal.out(`${JSON.stringify(decisions, null, 2)}\n`);
      for (const { at, by, act, kind, key } of decisions) {
        terminal.out(
          `${new Date(at).toISOString()}  ${by.padEnd(8)}  ${act.padEnd(10)}  ${kind ?? ''} ${visible(key)}\n`,
        );
      }
    });
}

function listText({ servers, items }: ApprovalsView): string {
  const lines: string[] = [];
  for (const { server, inspection } of servers) {
    const found =
      inspection === null ? '' : countText(countsOf(inspection.items.flatMap((one) => one.findings)));
    const seen =
      inspection === null
        ? 'not inspected'
        : `inspected, fingerprint ${short(inspection.digest)}${found === '' ? '' : `, ${found}`}`;
    lines.push(`${server}: held back as a whole (${seen})`);
  }
  const byServer = new Map<string, HeldView[]>();
  for (const item of items) byServer.set(item.server, [...(byServer.get(item.server) ?? []), item]);
  for (const [server, held] of byServer) {
    const waiting = held.filter((item) => item.waits);
    const all = waiting.length === 0 ? '' : `, all together: fingerprint ${short(digestOf(waiting))}`;
    lines.push(`${server}: ${waiting.length} waiting${all}`);
    for (const { kind, key, state, fingerprint, findings } of held) {
      const said = countText(findings);
      lines.push(
        `  ${state.padEnd(8)}  ${kind.padEnd(17)}  ${short(fingerprint)}  ${visible(key)}${said === '' ? '' : `  (${said})`}`,
      );
    }
  }
  return lines.length === 0 ? 'Nothing waits for you.\n' : `${lines.join('\n')}\n`;
}

function showText(view: ApprovalView): string {
  const { server, kind, key, state, fingerprint, before, after, findings } = view;
  const parts = ['title', 'description', 'input', 'output', 'annotations', 'rest'] as const;
  const lines = [
    `${server} ${kind} ${visible(key)}: ${state}`,
    `fingerprint ${short(fingerprint)}`,
    ...findingLines(findings),
  ];
  for (const part of parts) {
    const [was, is] = [textOf(before, part), textOf(after, part)];
    if (was === '' && is === '') continue;
    lines.push('', `${part}:`);
    if (was === is) lines.push(...block(' ', is));
    else lines.push(...block('-', was), ...block('+', is));
  }
  if (before?.cut === true || after?.cut === true) {
    lines.push('', 'A text is longer than is shown here.');
  }
  return `${lines.join('\n')}\n`;
}

/** What the scanner says, one finding a line, the worst first. */
export function findingLines(findings: readonly FindingView[]): string[] {
  return findings.map(
    ({ severity, sentence, evidence }) => `${severity}: ${visible(sentence)} ${visible(evidence)}`,
  );
}

function countsOf(findings: readonly FindingView[]): FindingCounts {
  const serious = findings.filter((one) => one.serious).length;
  return { serious, notable: findings.filter(({ severity }) => severity === 'medium').length };
}

function countText({ serious, notable }: FindingCounts): string {
  const parts = [
    ...(serious === 0 ? [] : [`${serious} serious finding${serious === 1 ? '' : 's'}`]),
    ...(notable === 0 ? [] : [`${notable} thing${notable === 1 ? '' : 's'} to know`]),
  ];
  return parts.join(', ');
}

function textOf(definition: DefinitionView | null, part: DefinitionPart): string {
  return definition?.[part] ?? '';
}

function block(sign: string, text: string): string[] {
  return text === ''
    ? []
    : visible(text, true)
        .split('\n')
        .map((line) => `${sign} ${line}`);
}

/** As many digits of a fingerprint as people are shown, and may give. */
export function short(fingerprint: string): string {
  return fingerprint.slice(0, DIGITS);
}

function shownOf({ kind, key, fingerprint }: ShownItem): ShownItem {
  return { kind, key, fingerprint };
}

function kindOf(text: string): DefinedKind {
  const kind = DEFINED_KINDS.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw new GatehouseError({
    code: 'args.invalid',
    message: `There is no kind "${text}".`,
    remedy: `Use one of ${DEFINED_KINDS.join(', ')}.`,
  });
}

function needsFingerprint(): GatehouseError {
  return new GatehouseError({
    code: 'args.invalid',
    message: `An approval needs --fingerprint with at least ${DIGITS} digits.`,
    remedy: 'Look with: gatehouse approvals show. It prints the fingerprint of what it shows.',
  });
}
