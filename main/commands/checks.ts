/**
 * The checks behind `gatehouse doctor`. All run at once, each bounded in time; they change nothing on the computer.
 */
import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SecretsView } from '../../preload/contract.ts';
import type { CheckId, DoctorCheck } from '../../preload/views/doctor.ts';
import { DEFAULT_LISTEN, parseListen } from '../args.ts';
import { readText } from '../config/file.ts';
import { parseConfig } from '../config/read.ts';
import type { GatehouseConfig } from '../config/schema.ts';
import { probeEngine } from '../isolation/engine.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import { asTexts, filled, type Values } from '../protocol/filled.ts';
import { tryListen } from '../try-listen.ts';
import { askConnection } from './local-client.ts';
import { runtimeVersion } from './runtimes.ts';
import { openSecretsOf } from './secret.ts';

/** The programs that start most servers, and where they come from. */
const RUNTIMES = [
  { program: 'npx', remedy: 'Install Node.js (https://nodejs.org) for servers from npm.' },
  { program: 'uvx', remedy: 'Install uv (https://docs.astral.sh/uv) for servers from PyPI.' },
  { program: 'docker', remedy: 'Install Docker for servers that come as images.' },
] as const;

/** What is known already where the checks run. */
export interface Known {
  /** The running app's own store of secrets; without it a second one is opened to look. */
  secrets?(): Pick<SecretsView, 'description' | 'said' | 'problem'>;
  /** The running app's own address. */
  endpoint?(): string | null;
}

/** Looks at everything, in the order of the list. Never rejects. */
export async function runChecks(dataDir: string, known: Known = {}): Promise<readonly DoctorCheck[]> {
  const config = readConfig(dataDir);
  const { secrets, endpoint } = known;
  return Promise.all([
    guarded('node', 'Node.js', checkNode),
    guarded('data-dir', 'data directory', () => checkDataDir(dataDir)),
    guarded('config', 'configuration', async () => describeConfig(await config)),
    guarded('secrets', 'secrets', () =>
      secrets === undefined ? lookForSecrets(dataDir) : describeSecrets(secrets()),
    ),
    guarded('engine', 'container engine', checkEngine),
    guarded('endpoint', 'endpoint', async () =>
      endpoint === undefined
        ? checkEndpoint(dataDir, await config.catch(() => null))
        : describeEndpoint(endpoint()),
    ),
    ...RUNTIMES.map(({ program, remedy }) => guarded(program, program, () => checkRuntime(program, remedy))),
  ]);
}

type Finding = Omit<DoctorCheck, 'id' | 'name'>;

async function guarded(
  id: CheckId,
  name: string,
  check: () => Finding | Promise<Finding>,
): Promise<DoctorCheck> {
  try {
    return { id, name, ...(await check()) };
  } catch (error) {
    return { id, name, ...bad('problem', error) };
  }
}

/** What is well, in words. Screens say it in other languages by its name: `renderer/i18n/core-texts.ts` has them all. */
export const FOUND = {
  electron: 'v{version}, of Electron {electron}',
  will_be_made: '{path} (will be made)',
  no_config: 'none yet; the first start makes one',
  one_server: '1 server, {enabled} enabled',
  servers: '{count} servers, {enabled} enabled',
  engine: '{version}, at {endpoint}',
  rootless: '{version}, rootless, at {endpoint}',
  free: '{address} is free',
  running: 'Gatehouse is running: {url}',
  not_listening: 'Gatehouse is running: not listening yet',
} as const;

/** Names of what is well. */
type FoundForm = keyof typeof FOUND;

function ok(detail: string): Finding {
  return { state: 'ok', detail, problem: null };
}

function fine(form: FoundForm, values: Values = {}): Finding {
  return { ...ok(filled(FOUND[form], values)), said: { form: `found.${form}`, values: asTexts(values) } };
}

function bad(state: 'note' | 'problem', error: unknown): Finding {
  return { state, detail: '', problem: problemOf(error) };
}

function checkNode(): Finding {
  // Electron brings its own, older or newer, and Gatehouse is built for it.
  if (process.versions.electron !== undefined)
    return fine('electron', { version: process.versions.node, electron: process.versions.electron });
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return ok(`v${process.versions.node}`);
  return bad(
    'problem',
    new GatehouseError({
      code: 'app.node_too_old',
      message: 'Node.js {version} is too old.',
      values: { version: process.versions.node },
      remedy: 'Install Node.js 20.19 or later.',
    }),
  );
}

async function checkDataDir(dataDir: string): Promise<Finding> {
  let existing = dataDir;
  while (!(await exists(existing)) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    if (!(await stat(existing)).isDirectory()) throw new Error('not a directory');
    await access(existing, constants.W_OK | constants.X_OK);
  } catch (cause) {
    return bad(
      'problem',
      new GatehouseError({
        code: 'app.data_dir_unusable',
        message: '{path} is not a directory that you may write to.',
        values: { path: existing },
        remedy: 'Correct its rights, or choose another --data-dir.',
        cause,
      }),
    );
  }
  return existing === dataDir ? ok(dataDir) : fine('will_be_made', { path: dataDir });
}

/** null when there is none yet. */
async function readConfig(dataDir: string): Promise<GatehouseConfig | null> {
  const file = join(dataDir, 'config.json');
  try {
    return parseConfig(await readText(file), file);
  } catch (error) {
    if (problemOf(error).code === 'config.not_found') return null;
    throw error;
  }
}

function describeConfig(config: GatehouseConfig | null): Finding {
  if (config === null) return fine('no_config');
  const enabled = config.servers.filter((server) => server.enabled).length;
  const count = config.servers.length;
  return count === 1 ? fine('one_server', { enabled }) : fine('servers', { count, enabled });
}

async function lookForSecrets(dataDir: string): Promise<Finding> {
  // To look must not make the directory.
  const place = (await exists(dataDir)) ? dataDir : await mkdtemp(join(tmpdir(), 'gatehouse-doctor-'));
  try {
    const store = await openSecretsOf(place);
    try {
      return describeSecrets(store.view);
    } finally {
      await store.close();
    }
  } finally {
    if (place !== dataDir) await rm(place, { recursive: true, force: true });
  }
}

function describeSecrets({
  description,
  said,
  problem,
}: Pick<SecretsView, 'description' | 'said' | 'problem'>): Finding {
  if (problem === null) return { ...ok(description), ...(said === undefined ? {} : { said }) };
  // Falling back is a note; secrets that cannot be reached are a problem.
  const state = problem.code === 'secrets.keychain_unavailable' ? 'note' : 'problem';
  return { state, detail: description, problem };
}

async function checkEngine(): Promise<Finding> {
  // Podman takes seconds to say what it is.
  const probe = await probeEngine({ timeoutMs: 8_000 });
  if (probe.state === 'absent') return bad('note', probe.problem);
  const { version, endpoint, rootless } = probe;
  return fine(rootless ? 'rootless' : 'engine', { version, endpoint });
}

async function checkEndpoint(dataDir: string, config: GatehouseConfig | null): Promise<Finding> {
  const running = await askConnection(dataDir).catch(() => null);
  if (running !== null) return describeEndpoint(running.endpoint);
  const listen = config?.listen ? parseListen(config.listen) : DEFAULT_LISTEN;
  const error = await tryListen(listen);
  const address = `${listen.host}:${listen.port}`;
  if (error === null) return fine('free', { address });
  return bad(
    'problem',
    new GatehouseError({
      code: 'app.address_taken',
      message: '{address} cannot be had ({why}).',
      values: { address, why: error },
      remedy: 'End the program that uses it, or set another "listen" in config.json.',
    }),
  );
}

function describeEndpoint(url: string | null): Finding {
  return url === null ? fine('not_listening') : fine('running', { url });
}

async function checkRuntime(program: string, remedy: string): Promise<Finding> {
  const version = await runtimeVersion(program);
  if (version !== null) return ok(version);
  return bad(
    'note',
    new GatehouseError({
      code: 'app.program_missing',
      form: program,
      message: `${program} is not in PATH, or does not answer.`,
      remedy,
    }),
  );
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
