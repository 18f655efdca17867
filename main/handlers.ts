/**
 * The core's commands: one schema and one handler each. A missing one is a compile error; a failure is a `Result`.
 */
import { z } from 'zod';
import type {
  ActivityRow,
  CoreCommandName,
  CoreCommands,
  Result,
  Snapshot,
  ToolView,
} from '../preload/contract.ts';
import { GatehouseError, problemOf } from './protocol/error.ts';

/** What the commands act on. */
export interface HandlerDeps {
  snapshot(): Snapshot;
  setServerEnabled(server: string, enabled: boolean): Promise<void>;
  restartServer(server: string): Promise<void>;
  tools(server: string): readonly ToolView[];
  log(server: string, lines: number): readonly string[];
  setToolEnabled(server: string, tool: string, enabled: boolean): Promise<void>;
  setPaused(paused: boolean): void;
  recent(query: {
    limit: number;
    before?: number | undefined;
    server?: string | undefined;
  }): readonly ActivityRow[];
}

type Handlers = {
  [N in CoreCommandName]: (args: CoreCommands[N]['args']) => Promise<CoreCommands[N]['value']>;
};
type Schemas = { [N in CoreCommandName]: z.ZodType<CoreCommands[N]['args']> };

const name = z.string().min(1).max(200);
const nothing = z.strictObject({});

const schemas: Schemas = {
  'snapshot.get': nothing,
  'server.setEnabled': z.strictObject({ server: name, enabled: z.boolean() }),
  'server.restart': z.strictObject({ server: name }),
  'server.tools': z.strictObject({ server: name }),
  'server.log': z.strictObject({ server: name, lines: z.int().min(0).max(1_000) }),
  // Tool names come from servers and may be longer and stranger than ours.
  'tool.setEnabled': z.strictObject({
    server: name,
    tool: z.string().min(1).max(4_096),
    enabled: z.boolean(),
  }),
  'gateway.setPaused': z.strictObject({ paused: z.boolean() }),
  'activity.recent': z.strictObject({
    limit: z.int().min(1).max(500),
    before: z.int().min(0).optional(),
    server: name.optional(),
  }),
};

/** Makes the function behind `CorePort.execute`. */
export function createExecute(
  deps: HandlerDeps,
): <N extends CoreCommandName>(name: N, args: unknown) => Promise<Result<CoreCommands[N]['value']>> {
  const handlers: Handlers = {
    'snapshot.get': async () => deps.snapshot(),
    'server.setEnabled': async ({ server, enabled }) => {
      await deps.setServerEnabled(server, enabled);
      return null;
    },
    'server.restart': async ({ server }) => {
      await deps.restartServer(server);
      return null;
    },
    'server.tools': async ({ server }) => deps.tools(server),
    'server.log': async ({ server, lines }) => deps.log(server, lines),
    'tool.setEnabled': async ({ server, tool, enabled }) => {
      await deps.setToolEnabled(server, tool, enabled);
      return null;
    },
    'gateway.setPaused': async ({ paused }) => {
      deps.setPaused(paused);
      return null;
    },
    'activity.recent': async (query) => deps.recent(query),
  };

  return async <N extends CoreCommandName>(
    command: N,
    args: unknown,
  ): Promise<Result<CoreCommands[N]['value']>> => {
    try {
      const schema = Object.hasOwn(schemas, command) ? schemas[command] : undefined;
      if (schema === undefined) throw unknownCommand(command);
      const parsed = schema.safeParse(args);
      if (!parsed.success) throw badArguments(command, parsed.error);
      return { ok: true, value: await handlers[command](parsed.data) };
    } catch (error) {
      return { ok: false, error: problemOf(error) };
    }
  };
}

function unknownCommand(command: string): GatehouseError {
  return new GatehouseError({
    code: 'command.unknown',
    message: `There is no command "${String(command).slice(0, 60)}".`,
    remedy: 'Update Gatehouse; its parts are of different versions.',
  });
}

function badArguments(command: string, error: z.ZodError): GatehouseError {
  const issue = error.issues[0];
  return new GatehouseError({
    code: 'command.bad_arguments',
    message: `"${command}" was given a wrong "${issue?.path.join('.') ?? ''}".`,
    remedy: 'Update Gatehouse; its parts are of different versions.',
  });
}
