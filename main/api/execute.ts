/**
 * Runs the core's commands by name. A command without an implementation is a compile error; a failure is a `Result`.
 */
import type { z } from 'zod';
import type { CoreCommandName, CoreCommands, CorePort, Result } from '../../preload/contract.ts';
import type { Actor } from '../../preload/views/trust.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import type { CommandSet } from './command.ts';

/** Makes the function behind `CorePort.execute`. */
export function createExecute(
  commands: CommandSet<CoreCommandName>,
  /** Told what was run, by whom, and the code of what went wrong. */
  ran: (name: CoreCommandName, args: unknown, by: Actor, failure: string | null) => void = () => undefined,
): CorePort['execute'] {
  return async <N extends CoreCommandName>(
    name: N,
    args: unknown,
    by: Actor = 'window',
    within: AbortSignal | null = null,
  ): Promise<Result<CoreCommands[N]['value']>> => {
    try {
      const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
      if (command === undefined) throw unknownCommand(name);
      const parsed = command.schema.safeParse(args);
      if (!parsed.success) throw badArguments(name, parsed.error);
      const value = await command.run(parsed.data, by, within);
      ran(name, args, by, null);
      return { ok: true, value };
    } catch (error) {
      const problem = problemOf(error);
      ran(name, args, by, problem.code);
      return { ok: false, error: problem };
    }
  };
}

function unknownCommand(command: string): GatehouseError {
  return new GatehouseError({
    code: 'command.unknown',
    message: 'There is no command "{command}".',
    remedy: 'Update Gatehouse; its parts are of different versions.',
    values: { command: String(command).slice(0, 60) },
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
