/**
 * `--config-header "Name: value"`: headers for fetching a configuration. References keep keys off the command line. Pure.
 */
import { GatehouseError } from '../protocol/error.ts';

/**
 * The headers as they are sent.
 *
 * @throws GatehouseError `args.invalid`; it never repeats a value
 */
export function readHeaders(
  written: readonly string[],
  env: (name: string) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    written.map((header) => {
      const colon = header.indexOf(':');
      const name = header.slice(0, Math.max(0, colon)).trim();
      if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
        throw invalid('--config-header must be "Name: value".');
      const value = header
        .slice(colon + 1)
        .trim()
        .replace(/\$\{env:([^}]+)\}/g, (_whole, variable: string) => {
          const found = env(variable);
          if (found === undefined)
            throw invalid(`--config-header names the variable ${variable}, which is not set.`);
          return found;
        });
      if (/[\r\n\0]/.test(value)) throw invalid(`The header ${name} must be one line.`);
      return [name, value];
    }),
  );
}

function invalid(message: string): GatehouseError {
  return new GatehouseError({
    code: 'args.invalid',
    message,
    remedy: 'Run with --help to see what may be given.',
  });
}
