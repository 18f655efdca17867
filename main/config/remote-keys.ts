/**
 * What only a server at an address has, in the configuration file: whose certificates are accepted, and keys in short
 * form. Schemas, types and the rules that a schema cannot say. Pure.
 */
import { posix, win32 } from 'node:path';
import { z } from 'zod';
import type { ConfigPath } from './error.ts';
import type { ConfigTree } from './tree.ts';

/** Whose certificates are accepted. */
export interface TlsConfig {
  /** False accepts any. */
  readonly verify: boolean;
  /** A file of further authorities, PEM; absolute, or beginning with a reference. */
  readonly caFile: string | null;
}

/** The keys of one server. */
export const remoteShape = {
  tls: z
    .strictObject({
      verify: z
        .boolean()
        .optional()
        .describe(
          'Whether its certificate is checked. Default `true`; with `false` whoever stands between can read and change everything, your keys too.',
        ),
      caFile: z
        .string()
        .min(1)
        .optional()
        .describe(
          "A file of certificate authorities (PEM) that are accepted beside those of this computer; a relative path counts from this file's directory.",
        ),
    })
    .optional()
    .describe('How the certificate of a server at an `https://` address is looked at.'),
  bearerToken: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Short for the header `Authorization: Bearer ...`. Best a reference such as `${keyring:example}`.',
    ),
  apiKey: z
    .string()
    .min(1)
    .optional()
    .describe('Short for the header `X-Api-Key`. Best a reference such as `${keyring:example}`.'),
};

/** One entry's part of these keys. */
type RemoteEntry = { [K in keyof typeof remoteShape]?: z.infer<(typeof remoteShape)[K]> };

/** `tls` as the rest of Gatehouse works with it. */
export function readTls(tree: ConfigTree, { tls }: RemoteEntry): TlsConfig {
  const { caFile } = tls ?? {};
  return { verify: tls?.verify ?? true, caFile: caFile === undefined ? null : besideFile(tree, caFile) };
}

/**
 * The headers with what the short forms stand for.
 *
 * @throws ConfigError `config.invalid_value` where both say something
 */
export function withKeys(
  tree: ConfigTree,
  path: ConfigPath,
  entry: RemoteEntry,
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  const all: Record<string, string> = { ...headers };
  const { bearerToken, apiKey } = entry;
  const short = [
    ['bearerToken', 'Authorization', bearerToken === undefined ? undefined : `Bearer ${bearerToken}`],
    ['apiKey', 'X-Api-Key', apiKey],
  ] as const;
  for (const [key, name, value] of short) {
    if (value === undefined) continue;
    if (Object.keys(headers).some((other) => other.toLowerCase() === name.toLowerCase())) {
      throw tree.fault(
        [...path, key],
        'config.invalid_value',
        `"${key}" and the header "${name}" contradict each other.`,
        'Keep only one of them.',
      );
    }
    if (/[\r\n\0]/.test(value)) {
      throw tree.fault(
        [...path, key],
        'config.invalid_value',
        'A key is one line.',
        'Remove the line break.',
      );
    }
    all[name] = value;
  }
  return all;
}

/** The path as it is when it is absolute or begins with a reference; else counted from the file's directory. */
export function besideFile(tree: ConfigTree, path: string): string {
  if (path.startsWith('${') || posix.isAbsolute(path) || win32.isAbsolute(path)) return path;
  // The file says which system it is for: its own path is that of this computer.
  const paths = win32.isAbsolute(tree.file) && !posix.isAbsolute(tree.file) ? win32 : posix;
  return paths.join(paths.dirname(tree.file), path);
}
