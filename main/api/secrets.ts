/** Commands about secrets. Their values go in and never come out. */
import { z } from 'zod';
import type { SecretCommands } from '../../preload/views/secrets.ts';
import { type CommandSet, nothing } from './command.ts';

type Names = keyof SecretCommands;
type Value<N extends Names> = Promise<SecretCommands[N]['value']>;

/** What they act on. */
export interface SecretCommandDeps {
  list(): Value<'secret.list'>;
  set(name: string, value: string, replace: boolean): Value<'secret.set'>;
  remove(name: string): Value<'secret.remove'>;
  keys(): Value<'secret.keys'>;
  moveKeys(): Value<'secret.moveKeys'>;
  migrate(to: 'keychain' | 'file'): Value<'secret.migrate'>;
}

/** The store itself says which names and values are good. */
const name = z.string().min(1).max(200);

export function secretCommands(deps: SecretCommandDeps): CommandSet<Names> {
  return {
    'secret.list': { schema: nothing, run: deps.list },
    'secret.set': {
      schema: z.strictObject({ name, value: z.string().max(100_000), replace: z.boolean().optional() }),
      run: (args) => deps.set(args.name, args.value, args.replace ?? false),
    },
    'secret.remove': { schema: z.strictObject({ name }), run: (args) => deps.remove(args.name) },
    'secret.keys': { schema: nothing, run: deps.keys },
    'secret.migrate': {
      schema: z.strictObject({ to: z.enum(['keychain', 'file']) }),
      run: ({ to }) => deps.migrate(to),
    },
    'secret.moveKeys': { schema: nothing, run: deps.moveKeys },
  };
}
