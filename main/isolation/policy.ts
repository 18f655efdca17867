/**
 * From what an owner asks to what is done: one `Policy` for each contained server, with every default in its place.
 * Whatever weakens containment is refused unless the owner insists (`unsafe`), and is named then. Pure.
 */
import { GatehouseError } from '../protocol/error.ts';
import { type HostRule, readRule } from './egress/rules.ts';
import { bytesOf, type Extra, readExtraArgs } from './extra-args.ts';
import { type Runtime, runtimeOf, startsContainer } from './runtimes.ts';
import { type Sentence, sentence } from './sentences.ts';
import type { MountWish, Program, Wish, WishDefaults } from './wish.ts';

/** What a contained server reaches. */
export type NetworkPolicy =
  | { readonly kind: 'none' }
  /** Everything that the engine's networks reach, except other contained servers. */
  | { readonly kind: 'bridge' }
  /** Only these hosts, by our proxy; the rest is refused and noted. */
  | { readonly kind: 'allowlist'; readonly allow: readonly HostRule[] }
  /** Every public host, by our proxy, and each is noted. */
  | { readonly kind: 'learn' }
  /** `host`, or a network of the engine: weakens containment. */
  | { readonly kind: 'named'; readonly name: string };

/** How one server is contained. */
export interface Policy {
  readonly runtime: Runtime;
  /** The image's name. */
  readonly image: string;
  /** True when the owner named the image for this server. */
  readonly ownImage: boolean;
  readonly network: NetworkPolicy;
  readonly memoryBytes: number;
  /** Cores. */
  readonly cpus: number;
  readonly pids: number;
  readonly scratchBytes: number;
  /** As written; `checkMounts` resolves and checks them. */
  readonly mounts: readonly MountWish[];
  readonly user: string | null;
  readonly workdir: string | null;
  readonly cache: boolean;
  readonly fallback: 'none' | 'host';
  /** Whether an observer goes into the container. */
  readonly observe: boolean;
  readonly unsafe: boolean;
  readonly extra: Extra;
  /** Plain words for each weakness; empty unless `unsafe`. */
  readonly weakened: readonly Sentence[];
}

const MB = 1024 * 1024;
/** What holds where nobody says anything. */
export const POLICY_DEFAULTS = { memoryBytes: 512 * MB, cpus: 1, pids: 256, scratchBytes: 256 * MB } as const;

/** Whether a program is to run in a container. One that starts containers itself runs where it is. */
export function isContained(program: Program, wish: Wish, defaults: WishDefaults): boolean {
  return (wish.mode ?? defaults.mode) === 'container' && !startsContainer(program.command);
}

/**
 * The policy of one server.
 *
 * @throws GatehouseError `isolation.unsafe` for what weakens containment without `unsafe`; `isolation.no_image`,
 *   `isolation.bad_option`, `isolation.bad_host`, `isolation.bad_user`
 */
export function policyOf(program: Program, wish: Wish, defaults: WishDefaults): Policy {
  const extra = readExtraArgs([...defaults.extraArgs, ...wish.extraArgs]);
  const runtime = runtimeOf(program.command, defaults.images);
  const image = wish.image ?? defaults.image ?? runtime.image;
  if (image === null) throw noImage(runtime.program);
  const user = wish.user ?? extra.user ?? defaults.user;
  if (user !== null && !/^[A-Za-z0-9_][\w.-]*(:[A-Za-z0-9_][\w.-]*)?$/.test(user)) throw badUser();
  const network = networkOf(wish, defaults, extra, runtime);
  const weakened = [
    ...extra.weakened,
    ...(network.kind === 'named' ? [networkWords(network.name)] : []),
    ...(user !== null && /^(0+|root)(:|$)/.test(user) ? [sentence('weak_root')] : []),
  ];
  const unsafe = wish.unsafe || defaults.unsafe;
  if (weakened.length > 0 && !unsafe) throw unsafeChoice(weakened);
  return {
    ...{ runtime, image, network, user, extra, unsafe, weakened },
    ownImage: wish.image !== null || defaults.image !== null,
    memoryBytes:
      wish.memoryBytes ??
      (extra.memory === null ? defaults.memoryBytes : bytesOf('--memory', extra.memory)) ??
      POLICY_DEFAULTS.memoryBytes,
    cpus: wish.cpus ?? extra.cpus ?? defaults.cpus ?? POLICY_DEFAULTS.cpus,
    pids: wish.pids ?? extra.pids ?? defaults.pids ?? POLICY_DEFAULTS.pids,
    scratchBytes: wish.scratchBytes ?? defaults.scratchBytes ?? POLICY_DEFAULTS.scratchBytes,
    mounts: [...defaults.mounts, ...wish.mounts, ...extra.volumes.map(volumeWish)],
    workdir: wish.workdir ?? extra.workdir ?? defaults.workdir,
    cache: (wish.cache ?? defaults.cache ?? true) && Object.keys(runtime.caches).length > 0,
    observe: (wish.observe ?? defaults.observe ?? true) && !weakensCalls(extra),
    fallback: wish.fallback ?? defaults.fallback ?? 'none',
  };
}

function networkOf(wish: Wish, defaults: WishDefaults, extra: Extra, runtime: Runtime): NetworkPolicy {
  const written = [...(defaults.allow ?? []), ...(wish.allow ?? [])];
  const asked = wish.network ?? extra.network ?? defaults.network;
  // A program that loads nothing and was allowed nothing needs no network at all.
  const kind = asked ?? (written.length + runtime.registries.length > 0 ? 'allowlist' : 'none');
  switch (kind) {
    case 'none':
    case 'bridge':
    case 'learn':
      return { kind };
    case 'allowlist':
      return { kind, allow: [...runtime.registries, ...written].map(readRule) };
    default:
      return { kind: 'named', name: kind };
  }
}

/** With rights of its own, or other calls permitted, it may do what an observer would take for an attempt to get out. */
function weakensCalls({ privileged, capabilities, securityOptions }: Extra): boolean {
  return (
    privileged || capabilities.length > 0 || securityOptions.some((option) => option.startsWith('seccomp'))
  );
}

function networkWords(name: string): Sentence {
  return name === 'host'
    ? sentence('weak_host_network')
    : sentence('weak_network', { name: name.slice(0, 60) });
}

function volumeWish(written: string): MountWish {
  const [source = '', target = '', mode = 'rw'] = written.split(':');
  if (!/^[/~$]/.test(source) || !target.startsWith('/')) {
    throw new GatehouseError({
      code: 'isolation.bad_option',
      form: 'volume',
      message: 'The option "--volume" names no folder of this computer.',
      remedy: 'Write it under "mounts".',
    });
  }
  return { source, target, write: mode.split(',').includes('rw') };
}

/** What weakens containment, and the owner has not insisted. */
export function unsafeChoice(weakened: readonly Sentence[]): GatehouseError {
  return new GatehouseError({
    code: 'isolation.unsafe',
    message: `The server is not started, since its configuration weakens its containment: ${weakened.map(({ text }) => text).join('; ')}.`,
    remedy: 'Remove that from "isolation"; if you really mean it, add "unsafe": true there.',
  });
}

function noImage(program: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.no_image',
    message: 'It is not known which image has the program "{program}".',
    remedy: 'Name one: "image" in the "isolation" of the server.',
    values: { program: program.slice(0, 60) },
  });
}

function badUser(): GatehouseError {
  return new GatehouseError({
    code: 'isolation.bad_user',
    message: 'The "user" of the container is not of the form uid or uid:gid.',
    remedy: 'Write for example "1000:1000", or leave it out.',
  });
}
