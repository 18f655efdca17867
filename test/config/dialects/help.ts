/** Reading texts of other programs in tests. */
import { type Adopted, adopt } from '../../../main/config/dialects/adopt.ts';
import type { ReportLine } from '../../../main/config/dialects/report.ts';
import * as parsers from '../../../main/config/dialects/trees.ts';
import { ConfigError } from '../../../main/config/error.ts';
import type { ServerConfig } from '../../../main/config/schema.ts';

export interface Around {
  readonly env?: Readonly<Record<string, string>>;
  readonly beside?: Readonly<Record<string, string>>;
  readonly file?: string;
}

export function reading(
  text: string | object,
  { env = {}, beside = {}, file = '/etc/x.json' }: Around = {},
): Adopted {
  const written = typeof text === 'string' ? text : JSON.stringify(text, null, 2);
  return adopt(written, file, {
    env: (name) => env[name],
    beside: (name) => beside[name] ?? null,
    parsers,
  });
}

export function fault(text: string | object, around: Around = {}): ConfigError {
  try {
    reading(text, around);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the text was accepted');
}

export function server({ config }: Adopted, name: string): ServerConfig {
  const found = config.servers.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/** What is said of a key; of several lines the first. */
export function said({ report }: Adopted, key: string): ReportLine | undefined {
  return report.find((line) => line.key === key);
}
