/**
 * `gatehouse activity list|show|export|stats|clear`: what has happened, from the running app. Texts that servers and
 * clients chose are shown without control characters, which could play tricks on a terminal.
 */
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { ActivityFilter, ActivityRow } from '../../preload/views/activity.ts';
import { type ExportFormat, exportHead, exportLine } from '../activity/export.ts';
import { GatehouseError } from '../protocol/error.ts';
import { runCommand } from './local-client.ts';
import { dataDirOption } from './options.ts';

/** Options that choose rows, as commander gives them. */
interface Chosen {
  readonly dataDir: string;
  readonly since?: string;
  readonly until?: string;
  readonly kind?: string;
  readonly client?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly outcome?: string;
  readonly text?: string;
  readonly json?: boolean;
}

const KINDS = ['call', 'decision', 'connection', 'config'];
const OUTCOMES = ['ok', 'tool-error', 'error', 'refused', 'cancelled', 'failed'];
/** Rows that are asked for at once. */
const PAGE = 200;

/** Registers the commands. */
export function registerActivity(program: Command): void {
  const activity = program.command('activity').description('what has happened');
  filterOptions(activity.command('list'))
    .description('print the newest rows')
    .option('--limit <rows>', 'rows at most', '50')
    .option('--json', 'print one JSON object a line')
    .action(async (options: Chosen & { limit: string }) => {
      const limit = wholeNumber(options.limit, '--limit', 1, 100_000);
      const filter = filterOf(options, Date.now());
      for (let left = limit, before: number | undefined; left > 0; ) {
        const rows = await runCommand(resolve(options.dataDir), 'activity.query', {
          filter,
          limit: Math.min(left, PAGE),
          before,
        });
        const lines = rows.map((row) => (options.json ? `${JSON.stringify(row)}\n` : lineOf(row)));
        process.stdout.write(lines.join(''));
        left -= rows.length;
        before = rows.at(-1)?.id;
        if (rows.length < PAGE) return;
      }
    });
  dataDirOption(activity.command('show <id>'))
    .description('print one row with its arguments and its result, as JSON')
    .action(async (id: string, options: Chosen) => {
      const number = wholeNumber(id, 'The number', 0, Number.MAX_SAFE_INTEGER);
      const row = await runCommand(resolve(options.dataDir), 'activity.entry', { id: number });
      if (row === null) throw noRow(id);
      process.stdout.write(`${JSON.stringify(row, null, 2)}\n`);
    });
  filterOptions(activity.command('export'))
    .description('print every row with its arguments and result')
    .addOption(new Option('--format <format>', 'how').choices(['jsonl', 'csv']).default('jsonl'))
    .option('--output <file>', 'write a new file, readable for you alone, in place of standard output')
    .action(async (options: Chosen & { format: ExportFormat; output?: string }) => {
      await exportRows(options, options.format, options.output);
    });
  filterOptions(activity.command('stats'))
    .description('print how many calls there were and how long they took, in all and per tool')
    .option('--json', 'print JSON')
    .action(async (options: Chosen) => {
      const now = Date.now();
      const { since = now - 24 * 3_600_000, until = now, ...filter } = filterOf(options, now);
      const stats = await runCommand(resolve(options.dataDir), 'activity.stats', {
        filter,
        since,
        until,
        buckets: 24,
      });
      if (options.json) return void process.stdout.write(`${JSON.stringify(stats, null, 2)}\n`);
      process.stdout.write(figures('all', stats));
      for (const tool of stats.tools) process.stdout.write(figures(`${tool.server} ${tool.tool}`, tool));
    });
  dataDirOption(activity.command('clear'))
    .description('delete all of it; nothing brings it back')
    .requiredOption('--yes', 'yes, really')
    .action(async (options: Chosen) => {
      await runCommand(resolve(options.dataDir), 'activity.clear', {});
    });
}

function filterOptions(command: Command): Command {
  return dataDirOption(command)
    .option('--since <time>', 'a date, or how long ago: 15m, 24h, 7d')
    .option('--until <time>', 'the same')
    .addOption(new Option('--kind <kind>', 'what they are about').choices(KINDS))
    .option('--client <name>', 'of this client')
    .option('--server <name>', 'of this server')
    .option('--tool <name>', 'of this tool')
    .addOption(new Option('--outcome <outcome>', 'how they ended').choices(OUTCOMES))
    .option('--text <words>', 'with these words in names, errors, arguments or results');
}

async function exportRows(options: Chosen, format: ExportFormat, output: string | undefined): Promise<void> {
  const filter = filterOf(options, Date.now());
  // 'wx': never over anything that is there.
  const out =
    output === undefined ? process.stdout : createWriteStream(resolve(output), { flags: 'wx', mode: 0o600 });
  const write = async (text: string): Promise<void> => {
    if (!out.write(text)) await new Promise<void>((drained) => out.once('drain', () => drained()));
  };
  const done = output === undefined ? null : finished(out);
  // What goes wrong is thrown where it is waited for.
  done?.catch(() => undefined);
  await write(exportHead(format));
  for (let before: number | undefined; ; ) {
    const rows = await runCommand(resolve(options.dataDir), 'activity.detailed', {
      filter,
      limit: PAGE,
      before,
    });
    await Promise.race([
      write(rows.map((row) => exportLine(format, row)).join('')),
      ...(done === null ? [] : [done]),
    ]);
    before = rows.at(-1)?.id;
    if (rows.length < PAGE) break;
  }
  if (done !== null) out.end();
  await done;
}

function filterOf(options: Chosen, now: number): ActivityFilter {
  const { kind, client, server, tool, outcome, text } = options;
  const since = timeIn(options.since, now);
  const until = timeIn(options.until, now);
  // The app checks every value once more.
  return { since, until, kind, client, server, tool, outcome, text } as ActivityFilter;
}

/** Epoch milliseconds. Throws `args.invalid`. */
export function timeIn(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const ago = /^(\d{1,6})([smhd])$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * (UNITS[ago[2] ?? ''] ?? 0);
  const time = Date.parse(text);
  if (Number.isNaN(time) || time < 0)
    throw invalid(`"${text}" is no time; write 2026-01-31, 2026-01-31T15:00 or 24h.`);
  return time;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function wholeNumber(text: string, what: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw invalid(`${what} is a whole number from ${least} to ${most}.`);
}

function lineOf(row: ActivityRow): string {
  const time = new Date(row.at).toISOString().replace('T', ' ').slice(0, 19);
  const where = [row.server, row.tool].filter((part) => part !== '').join(' ');
  const what = row.kind === 'call' ? where : `${row.action} ${where}`;
  const error = row.errorCode === null ? '' : ` ${row.errorCode}`;
  const took = row.kind === 'call' ? ` ${row.durationMs} ms` : '';
  return `${row.id} ${time} ${row.outcome.padEnd(10)} ${plain(`${row.client}: ${what}${error}`)}${took}\n`;
}

function figures(
  name: string,
  { calls, failures, p50, p95 }: { calls: number; failures: number; p50: number | null; p95: number | null },
): string {
  const times = p50 === null ? '' : `, half within ${p50} ms, 95 % within ${p95} ms`;
  return `${plain(name)}: ${calls} calls, ${failures} failed${times}\n`;
}

/** Without what moves the cursor or writes from right to left. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·');
}

function invalid(message: string): GatehouseError {
  return new GatehouseError({
    code: 'args.invalid',
    message,
    remedy: 'Run with --help to see what may be given.',
  });
}

function noRow(id: string): GatehouseError {
  return new GatehouseError({
    code: 'activity.no_row',
    message: `There is no row ${id} any more.`,
    remedy: 'Look at "gatehouse activity list"; the oldest rows go when the log is full.',
  });
}
