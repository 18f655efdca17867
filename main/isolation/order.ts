/**
 * From an order to start a server to the container that is asked for, and the frame that it gets: who the user inside is,
 * which paths it sees, where it works, and what its environment holds.
 */
import writeFileAtomic from 'write-file-atomic';
import { GatehouseError } from '../protocol/error.ts';
import type { ContainerOrder } from './container.ts';
import { containerName, containerSpec, INSIDE, LABELS } from './container-spec.ts';
import type { Engine } from './engine-link.ts';
import type { Image } from './images.ts';
import type { Launch } from './launcher.ts';
import { checkMounts, type Mount, sameMounts, translated } from './mounts.ts';
import { type ObserverOrder, observerOf } from './observer/observer.ts';
import { observedProfile } from './observer/seccomp.ts';
import type { Policy } from './policy.ts';
import { cacheVolumeName, ensureVolume, launcherIn, ownCache, type PlacedLauncher } from './prepare.ts';
import { commandInside } from './runtimes.ts';
import { type Sentence, sentence } from './sentences.ts';
import type { Way } from './ways-out.ts';
import type { Program, Wish, WishDefaults } from './wish.ts';

/** A server to start. */
export interface StartOrder {
  readonly server: string;
  /** With every reference resolved. */
  readonly program: Program;
  readonly cwd: string | null;
  /** The server's own variables, resolved; nothing of this computer's. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether something of it came from a reference, and so is a secret. */
  readonly secret: boolean;
  readonly wish: Wish;
  readonly defaults: WishDefaults;
  /** Writes a line into the server's log. */
  note(text: string): void;
}

/** What an observer has to know of the network. */
export type ObservedNetwork = ObserverOrder['network'];

/** What the container is made of. */
export interface ContainerParts {
  readonly order: StartOrder;
  readonly policy: Policy;
  readonly engine: Engine;
  readonly image: Image;
  readonly instance: string;
  readonly random: string;
  readonly way: Way;
  /** What is known of images by their ids. */
  readonly launchers: Map<string, Promise<PlacedLauncher | null>>;
  /** Names of what is being made or runs. */
  readonly live: Set<string>;
  readonly computer: {
    readonly home: string;
    readonly dataDir: string;
    readonly platform: NodeJS.Platform;
    readonly user: { readonly uid: number; readonly gid: number } | null;
  };
}

/** What is to be asked of the engine, and what its mounts weaken. */
export interface DecidedContainer extends Omit<ContainerOrder, 'memory' | 'observed'> {
  /** Plain words for each mount that was insisted on. */
  readonly weakened: readonly Sentence[];
  /** The volume of its package cache; null without one. */
  readonly cacheVolume: string | null;
  /** Its observer's key, and what that knows of its network; null without one. */
  readonly observer: { readonly key: string; readonly network: ObservedNetwork } | null;
  /** Why it has no observer; null when it has one. */
  readonly unobserved: Sentence | null;
}

/** Nobody's, in every image. */
const NOBODY = { uid: 65_532, gid: 65_532 };
/** Usual for the first user of an image. */
const FIRST = { uid: 1_000, gid: 1_000 };

/** Decides it. Rejects with the errors of mounts, `isolation.remote_mounts` and `isolation.no_launcher`. */
export async function containerOf(parts: ContainerParts): Promise<DecidedContainer> {
  const { order, policy, engine, image, computer, instance } = parts;
  if (policy.mounts.length > 0 && !engine.local) throw remoteMounts(engine.endpoint);
  const { mounts, weakened } = await checkMounts(policy.mounts, computer, policy.unsafe);
  const user = userOf(policy, engine, mounts, computer);
  const cacheVolume = policy.cache ? cacheVolumeName(instance, order.server, user) : null;
  if (cacheVolume !== null) await ensureVolume(engine.docker, cacheVolume, instance, order.server);
  tellUnseen(order, mounts, computer.platform);
  const launch: Launch = {
    ...commandInside(order.program, policy.ownImage),
    env: { ...runtimeEnv(policy, cacheVolume !== null), ...parts.way.env, ...policy.extra.env, ...order.env },
  };
  const placed = await launcherOf(parts);
  if (placed === null && order.secret) throw noLauncher(policy.image);
  const unobserved = placed === null ? sentence('no_shell') : whyUnobserved(policy, placed);
  const network = observedNetwork(policy);
  const owners = [computer.home, computer.dataDir];
  const observer =
    unobserved !== null || !placed?.perl
      ? null
      : observerOf(placed.perl, { network, peer: parts.way.dns, owners });
  const spec = containerSpec(policy, {
    name: containerName(order.server, parts.random),
    ...{ server: order.server, instance, imageId: image.id, user, mounts, cacheVolume },
    workdir:
      policy.workdir ??
      (order.cwd === null ? null : translated(order.cwd, mounts, computer.platform)) ??
      INSIDE.home,
    imageVolumes: image.volumes,
    podman: engine.podman,
    network: { mode: parts.way.network, dns: parts.way.dns },
    entrypoint: [
      ...(observer?.entrypoint ?? []),
      ...(placed?.entrypoint ?? [launch.command, ...launch.args]),
    ],
    seccomp: observer === null ? null : await profileFor(engine, computer),
  });
  return {
    ...{
      weakened,
      cacheVolume,
      unobserved,
      observer: observer === null ? null : { key: observer.key, network },
    },
    // Nothing of the program has run yet: it gets its frame after this.
    started: () => sameMounts(mounts),
    // Without a launcher and without secrets, the engine may know.
    spec: placed === null ? { ...spec, Env: [...(spec.Env ?? []), ...envLines(launch)] } : spec,
    frame:
      placed === null
        ? null
        : Buffer.concat([...(observer === null ? [] : [observer.frame]), placed.launcher.frame(launch)]),
    ...(cacheVolume === null ? {} : { prepare: (container) => ownCache(container, user) }),
  };
}

function whyUnobserved(policy: Policy, { perl }: PlacedLauncher): Sentence | null {
  if (!policy.observe) return sentence(policy.weakened.length > 0 ? 'weakened' : 'off');
  return perl === null ? sentence('no_perl') : null;
}

function observedNetwork({ network }: Policy): ObservedNetwork {
  if (network.kind === 'none') return 'none';
  return network.kind === 'allowlist' || network.kind === 'learn' ? 'listed' : 'open';
}

/**
 * The profile as this engine takes it: Docker the text, Podman a path of its own computer. Elsewhere Podman's own stays,
 * which leaves most calls to the kernel, and so to an observer.
 */
async function profileFor(
  { podman, local }: Engine,
  { platform, dataDir }: ContainerParts['computer'],
): Promise<string | null> {
  if (!podman) return observedProfile();
  if (!local || platform !== 'linux') return null;
  const file = `${dataDir}/seccomp.json`;
  await writeFileAtomic(file, observedProfile());
  return file;
}

/** What the image can launch with. It is looked into once, however many servers start from it at the same time. */
function launcherOf(parts: ContainerParts): Promise<PlacedLauncher | null> {
  const { image, launchers } = parts;
  const known = launchers.get(image.id);
  if (known !== undefined) return known;
  const looked = lookInto(parts);
  launchers.set(image.id, looked);
  // The next one to start looks again.
  looked.catch(() => launchers.delete(image.id));
  return looked;
}

/** By a container that is never started. */
async function lookInto(parts: ContainerParts): Promise<PlacedLauncher | null> {
  const { engine, image, instance, live } = parts;
  const name = containerName('look', parts.random);
  live.add(name);
  const container = await engine.docker.createContainer({
    name,
    Image: image.id,
    Entrypoint: ['/'],
    Cmd: [],
    Labels: { [LABELS.managed]: 'true', [LABELS.instance]: instance, [LABELS.role]: 'look' },
    HostConfig: { NetworkMode: 'none', LogConfig: { Type: 'none', Config: {} } },
  });
  try {
    return await launcherIn(container);
  } finally {
    await container.remove({ force: true, v: true }).catch(() => undefined);
    live.delete(name);
  }
}

/**
 * The user inside: the one that was named; else this computer's own, so that files in mounts are what they are to it; never
 * root. Where the engine maps users, or files are shared with another system, the first user of usual images.
 */
export function userOf(
  policy: Policy,
  engine: Pick<Engine, 'rootless' | 'local'>,
  mounts: readonly Mount[],
  { user, platform }: Pick<ContainerParts['computer'], 'user' | 'platform'>,
): string {
  if (policy.user !== null) return policy.user;
  const own = (): { uid: number; gid: number } => {
    if (platform !== 'linux' || engine.rootless || !engine.local || user === null) return FIRST;
    if (user.uid !== 0) return user;
    const owner = mounts.find(({ uid }) => uid !== 0)?.uid;
    return owner === undefined ? NOBODY : { uid: owner, gid: owner };
  };
  const { uid, gid } = own();
  return `${uid}:${gid === 0 ? uid : gid}`;
}

function runtimeEnv({ runtime }: Policy, kept: boolean): Record<string, string> {
  const base = kept ? INSIDE.cacheOfUser : `${INSIDE.home}/.cache`;
  return {
    ...Object.fromEntries(
      Object.entries(runtime.caches).map(([name, folder]) => [name, `${base}/${folder}`]),
    ),
    ...(kept ? { XDG_CACHE_HOME: base } : {}),
    ...(runtime.image === null ? {} : { npm_config_update_notifier: 'false' }),
    ...{ USER: 'gatehouse', LOGNAME: 'gatehouse' },
  };
}

function envLines({ env }: Launch): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

/** Arguments often name folders that the server is meant to work on. */
function tellUnseen(
  { program, cwd, note }: StartOrder,
  mounts: readonly Mount[],
  platform: NodeJS.Platform,
): void {
  const paths = [...program.args, ...(cwd === null ? [] : [cwd])].filter((arg) =>
    /^(\/|[A-Za-z]:\\)[^\s]+$/.test(arg),
  );
  for (const path of paths) {
    const inside = mounts.some(({ target }) => path === target || path.startsWith(`${target}/`));
    if (inside || translated(path, mounts, platform) !== null) continue;
    note(
      `it does not see ${path.slice(0, 200)}, which its command names; "mounts" in its "isolation" lets it`,
    );
  }
}

function remoteMounts(endpoint: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.remote_mounts',
    message: 'The engine at {endpoint} runs on another computer, which does not have the paths of this one.',
    remedy: 'Remove "mounts" from the "isolation" of the server, or use an engine on this computer.',
    values: { endpoint },
  });
}

function noLauncher(image: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.no_launcher',
    message:
      'The image "{image}" has no shell, Node.js or Python, so secrets cannot be handed over in private.',
    remedy: 'Use an image with a shell, or configure the server without references such as ${keyring:name}.',
    values: { image },
  });
}
