/**
 * What was decided about calls for good, on disk: tools before whose calls somebody is asked or not, and calls that are
 * always allowed. Reads are look-ups. `close` waits for a write under way, two seconds at most.
 */
import { z } from 'zod';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { AskRule, ToolChoice } from './call-rules.ts';
import { readDurable } from './durable.ts';
import { keep } from './kept.ts';

/** A call that is always allowed. */
export interface AlwaysAllowed {
  readonly client: string;
  /** See `call-hash`. */
  readonly hash: string;
  readonly server: string;
  readonly tool: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What is kept. */
export interface CallStore {
  /** Set when the file was damaged and its last good copy is in use. */
  readonly problem: GatehouseError | null;
  choices(): readonly ToolChoice[];
  /** Null takes the choice back. @throws GatehouseError `trust.write_failed`, and then nothing has changed */
  setChoice(server: string, tool: string, client: string | null, rule: AskRule | null): Promise<void>;
  always(): readonly AlwaysAllowed[];
  isAlways(client: string, hash: string): boolean;
  /** @throws GatehouseError `trust.write_failed` or `call.too_many_allowed`, and then nothing has changed */
  allowAlways(entry: Omit<AlwaysAllowed, 'at'>): Promise<void>;
  /** Takes back what was always allowed of a tool. @throws GatehouseError `trust.write_failed` */
  forget(server: string, tool: string): Promise<void>;
  /** Calls `listener` after each change. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Calls that can be always allowed. */
const MOST = 10_000;

const fileSchema = z.object({
  version: z.literal(1),
  choices: z.array(
    z.object({
      server: z.string(),
      tool: z.string(),
      client: z.string().nullable(),
      rule: z.enum(['never', 'ask']),
    }),
  ),
  always: z.array(
    z.object({ client: z.string(), hash: z.string(), server: z.string(), tool: z.string(), at: z.number() }),
  ),
});

interface Decided {
  readonly choices: readonly ToolChoice[];
  readonly always: readonly AlwaysAllowed[];
}

/**
 * Reads what was decided.
 *
 * @param file absolute path
 * @throws GatehouseError `call.rules_unreadable` when the file and its copy are damaged: before a tool that somebody
 *   wants to be asked about, asking must not end because of that
 */
export function openCallStore(file: string, clock: Clock): CallStore {
  const found = readDurable<Decided>(file, clock.now(), (text) => fileSchema.parse(JSON.parse(text)));
  if (found.kind === 'lost') throw unreadable(file, found.cause);
  const first: Decided = found.kind === 'missing' ? { choices: [], always: [] } : found.value;
  const kept = keep<Decided, undefined>(
    file,
    clock,
    first,
    (value) => `${JSON.stringify({ version: 1, ...value }, null, 2)}\n`,
  );
  let keys = keysOf(first);
  kept.onChange(() => {
    keys = keysOf(kept.value);
  });

  return {
    problem: found.kind === 'restored' ? restored() : null,
    choices: () => kept.value.choices,
    setChoice: (server, tool, client, rule) =>
      kept.change(undefined, (now) => {
        const others = now.choices.filter(
          (choice) => choice.server !== server || choice.tool !== tool || choice.client !== client,
        );
        return { ...now, choices: rule === null ? others : [...others, { server, tool, client, rule }] };
      }),
    always: () => kept.value.always,
    isAlways: (client, hash) => keys.has(keyOf(client, hash)),
    allowAlways: (entry) =>
      kept.change(undefined, (now) => {
        if (keys.has(keyOf(entry.client, entry.hash))) return null;
        if (now.always.length >= MOST) throw tooManyAllowed();
        return { ...now, always: [...now.always, { ...entry, at: clock.now() }] };
      }),
    forget: (server, tool) =>
      kept.change(undefined, (now) => {
        const always = now.always.filter((one) => one.server !== server || one.tool !== tool);
        return always.length === now.always.length ? null : { ...now, always };
      }),
    onChange: kept.onChange,
    close: kept.close,
  };
}

function keysOf({ always }: Decided): ReadonlySet<string> {
  return new Set(always.map(({ client, hash }) => keyOf(client, hash)));
}

function keyOf(client: string, hash: string): string {
  return `${hash} ${client}`;
}

function restored(): GatehouseError {
  return new GatehouseError({
    code: 'trust.file_restored',
    form: 'calls',
    message: 'The file of call approvals was damaged or gone; its last good copy is in use.',
    remedy: 'Check before which tools you want to be asked.',
  });
}

function unreadable(file: string, cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'call.rules_unreadable',
    message: 'The file of call approvals {file} is damaged, and so is its copy.',
    remedy: 'Put one of them back from a backup. Deleting both forgets before which tools you are asked.',
    values: { file },
    cause,
  });
}

function tooManyAllowed(): GatehouseError {
  return new GatehouseError({
    code: 'call.too_many_allowed',
    message: '{count} calls are always allowed already.',
    remedy: 'Choose for the whole tool that you do not want to be asked, or take some back.',
    values: { count: MOST },
  });
}
