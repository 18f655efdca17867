/**
 * The container of one server, exactly as the engine is asked for it. A pure function, so that tests pin every line.
 * Everything that contains is said, also where it is the engine's default, since defaults can be changed.
 */
import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { Mount } from './mounts.ts';
import type { Policy } from './policy.ts';

/** What is known when a container is made. */
export interface ContainerFacts {
  readonly name: string;
  readonly server: string;
  /** Names this Gatehouse, so that others' containers are left alone. */
  readonly instance: string;
  /** The image by its id, which cannot come to mean another one. */
  readonly imageId: string;
  readonly entrypoint: readonly string[];
  /** `uid:gid`. */
  readonly user: string;
  readonly workdir: string;
  readonly mounts: readonly Mount[];
  /** The volume of its package cache; null without one. */
  readonly cacheVolume: string | null;
  /** Folders that the image wants to be volumes. */
  readonly imageVolumes: readonly string[];
  readonly network: {
    /** `none`, or the id or name of a network. */
    readonly mode: string;
    /** The proxy that answers all names; null leaves the engine's. */
    readonly dns: string | null;
  };
  readonly podman: boolean;
  /** A seccomp profile in place of the engine's own; null leaves that. */
  readonly seccomp: string | null;
}

/** What an engine is asked for; the library's types do not know every field. */
export interface ContainerSpec extends ContainerCreateOptions {
  readonly name: string;
  readonly HostConfig: HostConfig & { readonly CgroupnsMode: 'private' };
}

/** Where things are inside. */
export const INSIDE = {
  home: '/home/gatehouse',
  cache: '/var/cache/gatehouse',
  /** Below `cache`: belongs to the container's user. */
  cacheOfUser: '/var/cache/gatehouse/own',
} as const;

/** Labels by which our containers, networks and volumes are found again. */
export const LABELS = {
  managed: 'app.gatehouse.managed',
  instance: 'app.gatehouse.instance',
  server: 'app.gatehouse.server',
  role: 'app.gatehouse.role',
} as const;

/** Engines without rights of their own cannot raise it further. */
const OPEN_FILES = 8_192;

/** Every container of ours talks to Gatehouse alone, and is watched by nobody else. */
export function attachedOnly() {
  return {
    Cmd: [],
    Tty: false,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Healthcheck: { Test: ['NONE'] },
  };
}

/** It reaps its own children, leaves no log, and is not started again or removed by anybody else. */
export function keptNowhere() {
  return {
    Init: true,
    CgroupnsMode: 'private' as const,
    LogConfig: { Type: 'none', Config: {} },
    RestartPolicy: { Name: 'no' },
    AutoRemove: false,
  };
}

/** What to send to the engine. */
export function containerSpec(policy: Policy, facts: ContainerFacts): ContainerSpec {
  const { extra } = policy;
  const scratch = `rw,exec,nosuid,nodev,size=${policy.scratchBytes},mode=1777${ownerOf(facts)}`;
  const tmpfs = Object.fromEntries([
    ['/tmp', scratch],
    [INSIDE.home, scratch],
    // What would be volumes on the disk, without bound.
    ...facts.imageVolumes.filter((path) => !taken(path, facts)).map((path) => [path, scratch] as const),
    ...Object.entries(extra.tmpfs).map(([path, wanted]) => [path, wanted === '' ? scratch : wanted] as const),
  ]);
  return {
    name: facts.name,
    Image: facts.imageId,
    Entrypoint: [...facts.entrypoint],
    User: facts.user,
    WorkingDir: facts.workdir,
    Hostname: extra.hostname ?? 'gatehouse',
    ...(extra.platform === null ? {} : { platform: extra.platform }),
    // Nothing of the server's: see the launcher.
    Env: [`HOME=${INSIDE.home}`, 'TMPDIR=/tmp'],
    Labels: {
      [LABELS.managed]: 'true',
      [LABELS.instance]: facts.instance,
      [LABELS.server]: facts.server,
      [LABELS.role]: 'server',
    },
    ...attachedOnly(),
    HostConfig: {
      ...keptNowhere(),
      Privileged: extra.privileged,
      CapDrop: ['ALL'],
      CapAdd: [...extra.capabilities],
      SecurityOpt: [
        'no-new-privileges',
        ...(facts.seccomp === null ? [] : [`seccomp=${facts.seccomp}`]),
        ...extra.securityOptions,
      ],
      ReadonlyRootfs: !extra.writableRoot,
      Tmpfs: tmpfs,
      Mounts: [
        ...facts.mounts.map(({ source, target, write }) => ({
          Type: 'bind' as const,
          Source: source,
          Target: target,
          ReadOnly: !write,
          BindOptions: { Propagation: 'rprivate' as const },
        })),
        ...(facts.cacheVolume === null
          ? []
          : [{ Type: 'volume' as const, Source: facts.cacheVolume, Target: INSIDE.cache, ReadOnly: false }]),
      ],
      Memory: policy.memoryBytes,
      // No swap on top.
      MemorySwap: policy.memoryBytes,
      NanoCpus: Math.round(policy.cpus * 1e9),
      PidsLimit: policy.pids,
      ShmSize: extra.shmBytes ?? 64 * 1024 * 1024,
      Ulimits: [
        { Name: 'nofile', Soft: OPEN_FILES, Hard: OPEN_FILES },
        { Name: 'core', Soft: 0, Hard: 0 },
        ...extra.ulimits.filter(({ Name }) => Name !== 'core'),
      ].filter(({ Name }, index, all) => all.findLastIndex((other) => other.Name === Name) === index),
      OomScoreAdj: 500,
      OomKillDisable: false,
      NetworkMode: facts.network.mode,
      Dns: facts.network.dns === null ? [...extra.dns] : [facts.network.dns],
      DnsSearch: [],
      DnsOptions: [],
      ExtraHosts: [...extra.hosts],
      PidMode: extra.pidMode ?? '',
      IpcMode: extra.ipcMode ?? 'private',
      UTSMode: '',
      UsernsMode: extra.userns ?? '',
      GroupAdd: [...extra.groups],
      Devices: extra.devices.map(deviceOf),
      DeviceRequests: [],
      PublishAllPorts: false,
      PortBindings: {},
      Sysctls: facts.network.dns === null ? {} : { 'net.ipv6.conf.all.disable_ipv6': '1' },
      ...(extra.runtime === null ? {} : { Runtime: extra.runtime }),
    },
  };
}

/** Runtimes give a scratch directory the rights that the image has there, so its owner has to be the user. */
function ownerOf({ user, podman }: ContainerFacts): string {
  const [uid = '', gid = uid] = user.split(':');
  return podman || !/^\d+$/.test(uid) || !/^\d+$/.test(gid) ? '' : `,uid=${uid},gid=${gid}`;
}

function taken(path: string, { mounts }: ContainerFacts): boolean {
  return mounts.some(({ target }) => target === path) || path === '/tmp' || path === INSIDE.home;
}

function deviceOf(written: string) {
  const [host = '', inside = host, rights = 'rwm'] = written.split(':');
  return { PathOnHost: host, PathInContainer: inside, CgroupPermissions: rights };
}

/** `gatehouse-<server>-<random>`, in letters that engines accept. */
export function containerName(server: string, random: string): string {
  const safe = server
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .slice(0, 100)
    .replace(/-+$/, '');
  return `gatehouse-${safe}-${random}`;
}
