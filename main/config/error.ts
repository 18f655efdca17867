/**
 * The one error of this room: what is wrong in the configuration file, and where. Pure.
 */
import { GatehouseError, type GatehouseErrorInit } from '../protocol/error.ts';

/** A place in the configuration file: the way to a value, as keys and array indexes. */
export type ConfigPath = readonly (string | number)[];

/** No text of it repeats a value of the file, which may be a secret. */
export interface ConfigErrorInit extends GatehouseErrorInit {
  readonly file: string;
  /** One-based; null when the fault has no place (a file that is missing). */
  readonly line?: number | null;
  /** One-based, in UTF-16 units as editors count; null when the fault has no place. */
  readonly column?: number | null;
  /** The key at fault, for example `mcpServers.github.args[0]`; null when there is none. */
  readonly key?: string | null;
}

/** A fault of the configuration file with its place. */
export class ConfigError extends GatehouseError {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly key: string | null;

  constructor(init: ConfigErrorInit) {
    super(init);
    this.name = 'ConfigError';
    this.file = init.file;
    this.line = init.line ?? null;
    this.column = init.column ?? null;
    this.key = init.key ?? null;
  }
}

/** One line for a terminal: `FILE:LINE:COLUMN: sentence remedy`. Compilers write places like this, so editors jump. */
export function describeConfigError(error: ConfigError): string {
  const place = error.line === null ? error.file : `${error.file}:${error.line}:${error.column ?? 1}`;
  return `${place}: ${error.message} ${error.remedy}`;
}

/** A path as people write it: `mcpServers.github.args[0]`, with odd names in quotes. */
export function pathText(path: ConfigPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w$-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}
