/** Commands about the settings of the gateway, and about what a first start offers. */
import { z } from 'zod';
import type { SettingsCommands } from '../../preload/views/settings.ts';
import { type CommandSet, nothing } from './command.ts';

/** What they act on; each function has the arguments and the value of its command. */
export type SettingsDeps = {
  readonly [N in keyof SettingsCommands]: (
    args: SettingsCommands[N]['args'],
  ) => Promise<SettingsCommands[N]['value']>;
};

const entry = <K extends string, V extends z.ZodType>(key: K, to: V) =>
  z.strictObject({ key: z.literal(key), to });

/** The bounds are those of the configuration file, which says so again. */
const change = z.discriminatedUnion('key', [
  entry('listen.port', z.int().min(0).max(65_535)),
  entry('listen.reach', z.enum(['computer', 'network'])),
  entry('auth.required', z.boolean()),
  entry('isolation.mode', z.enum(['host', 'container'])),
  entry('isolation.network', z.enum(['none', 'allowlist', 'learn', 'bridge'])),
  entry('isolation.memory', z.int().min(6).max(1_048_576)),
  entry('isolation.cpu', z.number().min(0.01).max(1024)),
  entry('isolation.fallback', z.enum(['none', 'host'])),
  entry('isolation.cache', z.boolean()),
  entry('activity.enabled', z.boolean()),
  entry('activity.arguments', z.boolean()),
  entry('activity.results', z.boolean()),
  entry('activity.days', z.int().min(1).max(3_650)),
  entry('activity.megabytes', z.int().min(8).max(65_536)),
]);

export function settingsCommands(deps: SettingsDeps): CommandSet<keyof SettingsCommands> {
  return {
    'settings.get': { schema: nothing, run: deps['settings.get'] },
    'settings.set': { schema: z.strictObject({ change }), run: deps['settings.set'] },
    'sample.add': { schema: nothing, run: deps['sample.add'] },
  };
}
