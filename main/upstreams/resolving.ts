/**
 * From a server's configuration to what is run or asked: every reference resolved, the environment completed, and the
 * PATH of the login shell where ours does not know the command. Holds nothing open.
 */
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { findEntryKeys } from '../config/keys.ts';
import { GatehouseError } from '../protocol/error.ts';
import { findCommand, joinedPath, pathKey, pathOf } from './commands.ts';
import type { HttpTarget } from './http-target.ts';
import type { ProcessSpec, UpstreamDeps, UpstreamSpec } from './ports.ts';

type Local = Extract<UpstreamSpec['transport'], { readonly kind: 'stdio' }>;
type Remote = Exclude<UpstreamSpec['transport'], Local>;

/** The process to run. Rejects with a GatehouseError that names the reference that cannot be resolved. */
export async function processSpec(transport: Local, deps: UpstreamDeps): Promise<ProcessSpec> {
  const [command, cwd, args, values] = await Promise.all([
    deps.resolve(transport.command),
    transport.cwd === null ? null : deps.resolve(transport.cwd),
    Promise.all(transport.args.map((arg) => deps.resolve(arg))),
    resolved(transport.env, deps),
  ]);
  const secrets = [
    ...transport.args
      .filter((arg, i) => arg !== args[i])
      .map((arg) => args[transport.args.indexOf(arg)] ?? ''),
    ...Object.entries(values)
      .filter(([name, value]) => transport.env[name] !== value)
      .map(([, value]) => value),
    ...findEntryKeys('', transport).map(({ value }) => value),
  ];
  const env = { ...deps.baseEnv, ...values };
  // Elsewhere, what is found by this computer's PATH means nothing.
  const complete = transport.place == null ? await withLoginPath(command, cwd, env, values, deps) : env;
  return { command, args, cwd, env: complete, own: values, secrets };
}

/** The address to ask. Rejects as `processSpec` does. */
export async function targetOf(
  { name, transport }: { readonly name: string; readonly transport: Remote },
  deps: UpstreamDeps,
  signal: AbortSignal,
): Promise<HttpTarget> {
  const { tls } = transport;
  const [url, headers, authorities] = await Promise.all([
    deps.resolve(transport.url),
    resolved(transport.headers, deps),
    tls.caFile === null ? null : deps.resolve(tls.caFile).then(readAuthorities),
  ]);
  const own = Object.keys(headers).some((header) => header.toLowerCase() === 'authorization');
  const credentials = own || transport.oauth === null ? null : (deps.signIn?.credentials(name, url) ?? null);
  return { url, headers, credentials, signal, tls: { verify: tls.verify, authorities }, env: deps.baseEnv };
}

/** The certificates of a file. Rejects with `upstream.bad_ca_file`. */
export async function readAuthorities(file: string): Promise<string> {
  const problem = (why: string, cause?: unknown): GatehouseError =>
    new GatehouseError({
      code: 'upstream.bad_ca_file',
      message: 'The file of certificate authorities "{file}" {why}.',
      remedy: 'Correct "caFile" under "tls"; it holds certificates in PEM form.',
      values: { file, why },
      ...(cause === undefined ? {} : { cause }),
    });
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw problem('cannot be read', error);
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw problem('holds no certificate');
  try {
    createSecureContext({ ca: text });
  } catch (error) {
    throw problem('holds a certificate that cannot be read', error);
  }
  return text;
}

/** A PATH that is configured is meant; the shell is asked only where ours lacks the command, or is known to be short. */
async function withLoginPath(
  command: string,
  cwd: string | null,
  env: Readonly<Record<string, string>>,
  configured: Readonly<Record<string, string>>,
  { loginPath }: UpstreamDeps,
): Promise<Readonly<Record<string, string>>> {
  if (loginPath === undefined || pathOf(configured) !== '') return env;
  if (!loginPath.always && findCommand({ command, env, cwd }) !== null) return env;
  const path = await loginPath.ask();
  if (path === null) return env;
  // Ours first where it was chosen, as in a terminal; the shell's first where the desktop gave us a short one.
  const [first, second] = loginPath.always ? [path, pathOf(env)] : [pathOf(env), path];
  return { ...env, [pathKey(env)]: joinedPath(first, second) };
}

async function resolved(
  texts: Readonly<Record<string, string>>,
  deps: UpstreamDeps,
): Promise<Record<string, string>> {
  const entries = Object.entries(texts);
  return Object.fromEntries(
    await Promise.all(entries.map(async ([name, text]) => [name, await deps.resolve(text)] as const)),
  );
}
