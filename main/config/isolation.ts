/**
 * How far servers are kept from this computer, as the configuration file says it: schemas, types, and the rules that a
 * schema cannot say. mcpproxy's `docker_isolation` and its spellings inside `isolation` are read as they are. What a
 * choice means, and whether it is safe, is decided when a server starts, so that one bad choice stays one server's. Pure.
 */
import { z } from 'zod';
import type { ConfigPath } from './error.ts';
import type { ConfigTree } from './tree.ts';

/** A folder or file of this computer that a contained server may see. */
export interface MountConfig {
  /** A path of this computer; may begin with `~/` and hold references. */
  readonly source: string;
  /** Where it is inside; null means at the same path. */
  readonly target: string | null;
  readonly write: boolean;
}

/** What one place of the file (the defaults, or one server) says; null where it says nothing. */
export interface IsolationConfig {
  readonly mode: 'host' | 'container' | null;
  readonly image: string | null;
  /** `none`, `bridge`, `allowlist`, `learn`, or what needs `unsafe`: `host` or a network of the engine. */
  readonly network: string | null;
  /** `host`, `host:port`, `*.domain`; with `allowlist`. */
  readonly allow: readonly string[] | null;
  readonly memoryBytes: number | null;
  readonly cpus: number | null;
  readonly pids: number | null;
  /** Size of each private scratch directory in bytes. */
  readonly scratchBytes: number | null;
  readonly mounts: readonly MountConfig[];
  readonly user: string | null;
  /** Working directory inside. */
  readonly workdir: string | null;
  readonly extraArgs: readonly string[];
  readonly unsafe: boolean;
  readonly fallback: 'none' | 'host' | null;
  /** Whether what it tries and may not is noted from inside. */
  readonly observe: boolean | null;
  /** Whether downloaded packages are kept for the next start. */
  readonly cache: boolean | null;
}

/** The defaults of all servers, and what concerns the engine itself. */
export interface IsolationDefaults extends IsolationConfig {
  /** Image by program, such as `npx`. */
  readonly images: Readonly<Record<string, string>>;
  /** Image with Node.js in which the proxy of allow-lists runs; null means the one of `node`. */
  readonly proxyImage: string | null;
  /** Address of the engine, as in `DOCKER_HOST`, or `context:NAME`; null finds one. */
  readonly engine: string | null;
}

/** What stands for a place that says nothing. */
export const NO_ISOLATION: IsolationConfig = {
  ...{ mode: null, image: null, network: null, allow: null, memoryBytes: null, cpus: null, pids: null },
  ...{ scratchBytes: null, mounts: [], user: null, workdir: null, extraArgs: [], unsafe: false },
  ...{ fallback: null, observe: null, cache: null },
};

const text = z.string();
const size = z.union([text.min(1), z.int().min(0)]).optional();
const NETWORKS = '`none`, `bridge` (all of the network), `allowlist` (only the hosts of `allow`) or `learn`';

const mountSchema = z.union([
  text.min(1),
  z.strictObject({
    source: text.min(1).describe('A path of this computer.'),
    target: text.min(1).optional().describe('Where it is inside. Default: at the same path.'),
    write: z.boolean().optional().describe('Whether the server may write. Default `false`.'),
  }),
]);

const shape = {
  mode: z
    .enum(['host', 'container', 'docker', 'sandbox', 'none'])
    .optional()
    .describe(
      'Where the program runs: `container`, or `host`, that is this computer with your rights. Default `host`.',
    ),
  enabled: z.boolean().optional().describe('mcpproxy\'s spelling: `true` is `"mode": "container"`.'),
  image: text.min(1).optional().describe('The image. Default: one that has the program.'),
  network: text.min(1).optional().describe(`What it reaches: ${NETWORKS}. Default \`allowlist\`.`),
  network_mode: text.min(1).optional().describe("mcpproxy's spelling of `network`."),
  allow: z
    .array(text.min(1))
    .optional()
    .describe('Hosts for `allowlist`: `api.example.com`, `*.example.com`, `db.example.com:5432`.'),
  memory: size.describe('Most memory, such as `512m` (default) or `2g`; or bytes.'),
  cpu: z
    .union([text.min(1), z.number()])
    .optional()
    .describe('Most processor time, in cores, such as `0.5`. Default `1`.'),
  pids: z.int().min(1).max(1_000_000).optional().describe('Most processes and threads. Default 256.'),
  scratch: size.describe('Size of its private scratch space, kept in memory. Default `256m`.'),
  mounts: z
    .array(mountSchema)
    .optional()
    .describe('Paths that it may see, as `/path`, `/path:/inside` or `/path:/inside:rw`, or as objects.'),
  user: text.min(1).optional().describe('The user inside, `uid` or `uid:gid`. Default: never root.'),
  workdir: text.min(1).optional().describe('The working directory inside.'),
  working_dir: text.min(1).optional().describe("mcpproxy's spelling of `workdir`."),
  extraArgs: z
    .array(text)
    .optional()
    .describe('Further options of `docker run`, from a list of those that are known to be safe.'),
  extra_args: z.array(text).optional().describe("mcpproxy's spelling of `extraArgs`."),
  unsafe: z
    .boolean()
    .optional()
    .describe('Accept options that weaken containment. Screens then show in red which. Default `false`.'),
  fallback: z
    .enum(['none', 'host'])
    .optional()
    .describe(
      'Without a container engine: wait for one (`none`, default), or run on this computer (`host`).',
    ),
  observe: z
    .boolean()
    .optional()
    .describe('Note from inside the container what the program tries and may not. Default `true`.'),
  cache: z.boolean().optional().describe('Keep downloaded packages for the next start. Default `true`.'),
  log_driver: text
    .optional()
    .describe("mcpproxy's; without effect, since containers keep no log of their own."),
  log_max_size: text.optional().describe("mcpproxy's; without effect."),
  log_max_files: z.union([text, z.int()]).optional().describe("mcpproxy's; without effect."),
};

/** `isolation` of one server. */
export const serverIsolationSchema = z
  .strictObject(shape)
  .optional()
  .describe('How far the program is kept from this computer. Overrides the `isolation` of the file.');

/** `isolation` at the top of the file. */
export const isolationSchema = z
  .strictObject({
    ...shape,
    images: z.record(text, text.min(1)).optional().describe('Images by program, such as `"npx": "node:22"`.'),
    proxyImage: text.min(1).optional().describe('Image with Node.js for the proxy of allow-lists.'),
    engine: text
      .min(1)
      .optional()
      .describe('The container engine, as in `DOCKER_HOST`, or `context:NAME`. Default: found by itself.'),
  })
  .optional()
  .describe('How far programs are kept from this computer, unless a server says otherwise.');

/** `docker_isolation` at the top of the file, as mcpproxy writes it. */
export const dockerIsolationSchema = z
  .strictObject({
    enabled: z.boolean().optional(),
    mode: z.enum(['docker', 'sandbox', 'none']).optional(),
    default_images: z.record(text, text.min(1)).optional(),
    extra_args: z.array(text).optional(),
    registry: text.optional(),
    network_mode: text.min(1).optional(),
    memory_limit: size,
    cpu_limit: z.union([text.min(1), z.number()]).optional(),
    timeout: z.union([text, z.number()]).optional(),
    enable_cache_volume: z.boolean().optional(),
    log_driver: text.optional(),
    log_max_size: text.optional(),
    log_max_files: z.union([text, z.int()]).optional(),
  })
  .optional()
  .describe("mcpproxy's spelling of `isolation`, read as it is. Write one of the two.");

type Shape = z.infer<typeof serverIsolationSchema>;

/**
 * The checked `isolation` of one server.
 *
 * @throws ConfigError `config.invalid_value` at spellings that contradict each other, sizes, mounts that are no paths
 */
export function readServerIsolation(tree: ConfigTree, path: ConfigPath, written: Shape): IsolationConfig {
  if (written === undefined) return NO_ISOLATION;
  one(tree, path, written, 'network', 'network_mode');
  one(tree, path, written, 'workdir', 'working_dir');
  one(tree, path, written, 'extraArgs', 'extra_args');
  const mode = placeOf(written.mode);
  if (written.enabled !== undefined && mode !== null && written.enabled !== (mode === 'container')) {
    throw fault(
      tree,
      [...path, 'enabled'],
      '"mode" and "enabled" contradict each other.',
      'Keep only "mode".',
    );
  }
  return {
    mode: mode ?? switched(written.enabled),
    image: written.image ?? null,
    network: written.network ?? written.network_mode ?? null,
    allow: written.allow ?? null,
    memoryBytes: readSize(tree, [...path, 'memory'], written.memory),
    cpus: readCpus(tree, [...path, 'cpu'], written.cpu),
    pids: written.pids ?? null,
    scratchBytes: readSize(tree, [...path, 'scratch'], written.scratch),
    mounts: (written.mounts ?? []).map((mount, index) => readMount(tree, [...path, 'mounts', index], mount)),
    user: written.user ?? null,
    workdir: written.workdir ?? written.working_dir ?? null,
    extraArgs: written.extraArgs ?? written.extra_args ?? [],
    unsafe: written.unsafe ?? false,
    fallback: written.fallback ?? null,
    observe: written.observe ?? null,
    cache: written.cache ?? null,
  };
}

/**
 * The checked defaults, from `isolation` or from mcpproxy's `docker_isolation`.
 *
 * @throws ConfigError as `readServerIsolation`, and when both are there
 */
export function readIsolation(
  tree: ConfigTree,
  own: z.infer<typeof isolationSchema>,
  theirs: z.infer<typeof dockerIsolationSchema>,
): IsolationDefaults {
  const rest = {
    images: own?.images ?? {},
    proxyImage: own?.proxyImage ?? null,
    engine: own?.engine ?? null,
  };
  if (theirs === undefined) return { ...readServerIsolation(tree, ['isolation'], own), ...rest };
  const path = ['docker_isolation'];
  if (own !== undefined) {
    throw fault(tree, path, '"isolation" and "docker_isolation" say the same.', 'Keep only "isolation".');
  }
  const prefix = theirs.registry === undefined || theirs.registry === 'docker.io' ? '' : theirs.registry;
  const images = Object.entries(theirs.default_images ?? {}).map(([program, image]) => {
    const bare = prefix !== '' && !image.includes('/');
    return [program, bare ? `${prefix.replace(/\/$/, '')}/${image}` : image] as const;
  });
  return {
    ...NO_ISOLATION,
    mode: placeOf(theirs.mode) ?? switched(theirs.enabled),
    images: Object.fromEntries(images),
    proxyImage: null,
    engine: null,
    // Such files were written for servers that reach all of the network.
    network: theirs.network_mode ?? 'bridge',
    memoryBytes: readSize(tree, [...path, 'memory_limit'], theirs.memory_limit),
    cpus: readCpus(tree, [...path, 'cpu_limit'], theirs.cpu_limit),
    extraArgs: theirs.extra_args ?? [],
    cache: theirs.enable_cache_volume ?? null,
  };
}

function placeOf(mode: 'host' | 'container' | 'docker' | 'sandbox' | 'none' | undefined) {
  if (mode === undefined) return null;
  return mode === 'host' || mode === 'none' ? 'host' : 'container';
}

function switched(enabled: boolean | undefined): 'host' | 'container' | null {
  return enabled === undefined ? null : enabled ? 'container' : 'host';
}

function one(tree: ConfigTree, path: ConfigPath, written: object, ours: string, theirs: string): void {
  if (!Object.hasOwn(written, ours) || !Object.hasOwn(written, theirs)) return;
  throw fault(tree, [...path, theirs], `"${ours}" and "${theirs}" say the same.`, `Keep only "${ours}".`);
}

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
/** Engines refuse less. */
const LEAST_BYTES = 6 * 1024 ** 2;

function readSize(tree: ConfigTree, path: ConfigPath, value: string | number | undefined): number | null {
  if (value === undefined) return null;
  const match = /^(\d+(?:\.\d+)?)\s*([bkmg]?)(?:i?b)?$/i.exec(String(value).trim());
  const bytes =
    match === null ? 0 : Math.floor(Number(match[1]) * (UNITS[match[2]?.toLowerCase() ?? ''] ?? 1));
  if (bytes >= LEAST_BYTES && bytes <= 2 ** 50) return bytes;
  throw fault(tree, path, 'This is not a size of at least 6 MiB.', 'Write for example "512m" or "2g".');
}

function readCpus(tree: ConfigTree, path: ConfigPath, value: string | number | undefined): number | null {
  if (value === undefined) return null;
  const cpus = typeof value === 'number' ? value : /^\d+(\.\d+)?$/.test(value) ? Number(value) : 0;
  if (cpus >= 0.01 && cpus <= 1024) return cpus;
  throw fault(tree, path, 'This is not a number of cores.', 'Write for example 0.5 or 2.');
}

function readMount(tree: ConfigTree, path: ConfigPath, written: z.infer<typeof mountSchema>): MountConfig {
  const mount =
    typeof written === 'string'
      ? mountOf(written)
      : { source: written.source, target: written.target ?? null, write: written.write ?? false };
  const named = mount !== null && /^(\/|~(\/|$)|\$\{|[A-Za-z]:[\\/]|\\\\)/.test(mount.source);
  if (mount === null || !named || mount.source.includes('\0')) {
    throw fault(
      tree,
      path,
      'This is not the whole path of a file or folder.',
      'Write for example "/home/ada/notes", "~/notes:/notes" or "~/notes:/notes:rw".',
    );
  }
  if (mount.target !== null && !/^\/[^\0:]*$/.test(mount.target)) {
    throw fault(tree, path, 'The place inside must be a whole path.', 'Begin it with "/".');
  }
  return mount;
}

/** `source[:target][:ro|rw]`; a drive letter and the colon inside a reference belong to the source. */
function mountOf(written: string): MountConfig | null {
  const match = /^((?:[A-Za-z]:(?=[\\/]))?(?:\$\{[^}]*\}|[^:])+)(?::(\/[^:]*))?(?::(ro|rw)(?:,z|,Z)?)?$/.exec(
    written,
  );
  if (match?.[1] === undefined) return null;
  return { source: match[1], target: match[2] ?? null, write: match[3] === 'rw' };
}

function fault(tree: ConfigTree, path: ConfigPath, message: string, remedy: string) {
  return tree.fault(path, 'config.invalid_value', message, remedy);
}
