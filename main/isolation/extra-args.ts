/**
 * Further options of `docker run`, read from a list of known ones: what narrows or is harmless is taken, what weakens
 * containment is taken and named (to be refused unless the owner insists), anything else is refused. Pure.
 */
import { GatehouseError } from '../protocol/error.ts';
import { type Sentence, sentence } from './sentences.ts';

/** What the options come to. */
export interface Extra {
  readonly env: Readonly<Record<string, string>>;
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly ulimits: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[];
  readonly hosts: readonly string[];
  readonly dns: readonly string[];
  readonly memory: string | null;
  readonly cpus: number | null;
  readonly pids: number | null;
  readonly shmBytes: number | null;
  readonly user: string | null;
  readonly workdir: string | null;
  readonly network: string | null;
  readonly volumes: readonly string[];
  readonly hostname: string | null;
  readonly platform: string | null;
  readonly groups: readonly string[];
  // What follows weakens containment.
  readonly capabilities: readonly string[];
  readonly devices: readonly string[];
  readonly securityOptions: readonly string[];
  readonly privileged: boolean;
  readonly pidMode: string | null;
  readonly ipcMode: string | null;
  readonly userns: string | null;
  readonly runtime: string | null;
  readonly writableRoot: boolean;
  /** One for each weakness. */
  readonly weakened: readonly Sentence[];
}

type Building = { -readonly [K in keyof Extra]: Extra[K] };
type Take = (extra: Building, value: string) => void;

/** Options that take no value, except by `=`. */
const flags: Readonly<Record<string, Take>> = {
  '--rm': () => undefined,
  '-i': () => undefined,
  '--interactive': () => undefined,
  '--init': () => undefined,
  '--no-healthcheck': () => undefined,
  '--read-only': (extra, value) => {
    if (value === 'false') weaken(extra, sentence('weak_files'), { writableRoot: true });
  },
  '--privileged': (extra, value) => {
    if (value !== 'false') weaken(extra, sentence('weak_privileged'), { privileged: true });
  },
};

const options: Readonly<Record<string, Take>> = {
  '--cap-drop': () => undefined,
  '--log-driver': () => undefined,
  '--log-opt': () => undefined,
  '--pull': () => undefined,
  '--restart': (_extra, value) => {
    if (value !== 'no') throw refused(`--restart=${value}`, 'Gatehouse itself starts servers again.');
  },
  '--stop-timeout': () => undefined,
  '--memory': (extra, value) => {
    extra.memory = value;
  },
  '--memory-swap': () => undefined,
  '--cpus': (extra, value) => {
    extra.cpus = numberOf('--cpus', value, 0.01, 1024);
  },
  '--pids-limit': (extra, value) => {
    extra.pids = numberOf('--pids-limit', value, 1, 1_000_000);
  },
  '--shm-size': (extra, value) => {
    extra.shmBytes = bytesOf('--shm-size', value);
  },
  '--env': (extra, value) => {
    const at = value.indexOf('=');
    if (at < 1) throw refused('--env', 'Write it as NAME=value, or better in "env" of the server.');
    extra.env = { ...extra.env, [value.slice(0, at)]: value.slice(at + 1) };
  },
  '--tmpfs': (extra, value) => {
    const [path = '', wanted = ''] = value.split(':', 2);
    if (!/^\/[^:]*$/.test(path)) throw refused('--tmpfs', 'Write it as /path or /path:size=64m.');
    extra.tmpfs = { ...extra.tmpfs, [path]: wanted };
  },
  '--ulimit': (extra, value) => {
    const match = /^([a-z]+)=(\d+)(?::(\d+))?$/.exec(value);
    if (match === null) throw refused('--ulimit', 'Write it as name=soft:hard.');
    const Soft = Number(match[2]);
    extra.ulimits = [...extra.ulimits, { Name: match[1] ?? '', Soft, Hard: Number(match[3] ?? Soft) }];
  },
  '--add-host': (extra, value) => {
    // The host of the engine is what a contained server must not reach.
    if (/host-gateway/.test(value)) weaken(extra, sentence('weak_host_name'), {});
    extra.hosts = [...extra.hosts, value];
  },
  '--dns': (extra, value) => {
    extra.dns = [...extra.dns, value];
  },
  '--user': (extra, value) => {
    extra.user = value;
  },
  '--workdir': (extra, value) => {
    extra.workdir = value;
  },
  '--network': (extra, value) => {
    extra.network = value;
  },
  '--volume': (extra, value) => {
    extra.volumes = [...extra.volumes, value];
  },
  '--hostname': (extra, value) => {
    extra.hostname = value;
  },
  '--platform': (extra, value) => {
    extra.platform = value;
  },
  '--cap-add': (extra, value) =>
    weaken(extra, sentence('weak_capability', { what: value }), {
      capabilities: [...extra.capabilities, value],
    }),
  '--device': (extra, value) =>
    weaken(extra, sentence('weak_device', { what: value }), { devices: [...extra.devices, value] }),
  '--group-add': (extra, value) =>
    weaken(extra, sentence('weak_group', { what: value }), { groups: [...extra.groups, value] }),
  '--pid': (extra, value) => weaken(extra, sentence('weak_processes', { what: value }), { pidMode: value }),
  '--ipc': (extra, value) => {
    if (value === 'private' || value === 'none') extra.ipcMode = value;
    else weaken(extra, sentence('weak_memory', { what: value }), { ipcMode: value });
  },
  '--userns': (extra, value) => weaken(extra, sentence('weak_users', { what: value }), { userns: value }),
  '--runtime': (extra, value) => {
    // gVisor and Kata contain more, not less.
    if (/^(runsc|kata|io\.containerd\.(runsc|kata))/.test(value)) extra.runtime = value;
    else weaken(extra, sentence('weak_runtime', { what: value }), { runtime: value });
  },
  '--security-opt': (extra, value) => {
    if (/^no-new-privileges([:=]true)?$/.test(value)) return;
    const securityOptions = [...extra.securityOptions, value];
    weaken(extra, sentence('weak_option', { what: value.slice(0, 60) }), { securityOptions });
  },
};

const shorts: Readonly<Record<string, string>> = {
  '-m': '--memory',
  '-e': '--env',
  '-u': '--user',
  '-w': '--workdir',
  '-v': '--volume',
  '-h': '--hostname',
  '--net': '--network',
};

/**
 * Reads the options, `--name value` or `--name=value`.
 *
 * @throws GatehouseError `isolation.bad_option` at one that is not known, or lacks its value
 */
export function readExtraArgs(args: readonly string[]): Extra {
  const extra: Building = {
    ...{ env: {}, tmpfs: {}, ulimits: [], hosts: [], dns: [], volumes: [], groups: [], capabilities: [] },
    ...{ memory: null, cpus: null, pids: null, shmBytes: null, user: null, workdir: null, network: null },
    ...{ hostname: null, platform: null, devices: [], securityOptions: [] },
    ...{ privileged: false, pidMode: null, ipcMode: null, userns: null, runtime: null, writableRoot: false },
    weakened: [],
  };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const equals = arg.startsWith('--') ? arg.indexOf('=') : -1;
    const written = equals === -1 ? arg : arg.slice(0, equals);
    const name = Object.hasOwn(shorts, written) ? (shorts[written] ?? written) : written;
    const inline = equals === -1 ? null : arg.slice(equals + 1);
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (flag !== undefined) flag(extra, inline ?? 'true');
    else if (option === undefined) throw refused(written, 'Remove it; most things have a key of their own.');
    else {
      const value = inline ?? args[++at];
      if (value === undefined || value === '') throw refused(written, 'Give it its value.');
      option(extra, value);
    }
  }
  return extra;
}

/** Bytes of `64m` and the like. @throws GatehouseError `isolation.bad_option` */
export function bytesOf(option: string, value: string): number {
  const match = /^(\d+)([bkmg]?)b?$/i.exec(value);
  const unit = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[match?.[2]?.toLowerCase() ?? ''] ?? 1;
  if (match === null) throw refused(option, 'Write a size such as 64m.');
  return Number(match[1]) * unit;
}

function numberOf(option: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (number >= least && number <= most) return number;
  throw refused(option, `Write a number from ${least} to ${most}.`);
}

function weaken(extra: Building, words: Sentence, change: Partial<Building>): void {
  Object.assign(extra, change);
  extra.weakened = [...extra.weakened, words];
}

function refused(option: string, remedy: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.bad_option',
    message: 'The option "{option}" of a container cannot be used.',
    remedy,
    values: { option: option.slice(0, 80) },
  });
}
