/** Made-up worlds for the fake core: the one of the design, and the hard ones. Plain data. */
import type { Snapshot } from '../../preload/contract.ts';
import type { WaitingSignInView } from '../../preload/views/client-sign-in.ts';
import type { DoctorCheck } from '../../preload/views/doctor.ts';
import type { ToolView } from '../../preload/views/servers.ts';
import { heldWorld } from './held.ts';
import { githubTools, hostileTools } from './tools.ts';
import { hostile, long, nine, server } from './world-servers.ts';

/** Everything that the fake core knows. */
export interface World {
  readonly snapshot: Snapshot;
  readonly tools: Readonly<Record<string, readonly ToolView[]>>;
  /** What waits for a person. */
  readonly held: Pick<typeof heldWorld, 'calls' | 'approvals' | 'shown' | 'decided'>;
  readonly logs: Readonly<Record<string, readonly string[]>>;
  readonly checks: readonly DoctorCheck[];
  /** Clients that want to sign in. */
  readonly signIns: readonly WaitingSignInView[];
  /** Servers and tools whose switch fails. */
  readonly refuses: readonly string[];
  /** Nothing has happened yet. */
  readonly quiet: boolean;
  /** It never answers. */
  readonly silent: boolean;
}

const calm: Snapshot = {
  revision: 1,
  version: '0.1.0',
  mode: 'desktop',
  platform: 'linux',
  dataDir: '/home/ada/.local/share/gatehouse',
  paused: false,
  endpoint: {
    state: 'listening',
    url: 'http://127.0.0.1:4180/mcp',
    problem: null,
    tokenRequired: true,
    sessions: 3,
  },
  config: {
    file: '/home/ada/.local/share/gatehouse/config.json',
    state: 'ok',
    problem: null,
    line: null,
    column: null,
    dialect: null,
    notAsWritten: 0,
    needsRestart: [],
    plainKeys: 0,
  },
  secrets: { store: 'keychain', description: 'the system keychain', problem: null },
  activity: { state: 'recording', problem: null, rows: 261, bytes: 94_208 },
  waiting: { items: 4, servers: 1, signIns: 0, all: 4 },
  servers: nine,
  callsWaiting: { count: 1, revision: 1 },
  configRevision: 0,
  clientsRevision: 0,
};

const githubLog = [
  '[gatehouse] starting ghcr.io/github/github-mcp-server:0.21.0',
  'GitHub MCP Server running on stdio',
  '\u001b[33mWARN\u001b[0m rate limit: 4,812 of 5,000 left, resets in 31 min',
  '{"level":"error","msg":"GET /repos/acme-labs/billing-api/issues/77: 404 Not Found"}',
  'time=2026-11-21T09:14:02Z level=info msg="tools listed" count=51',
];

const checks: readonly DoctorCheck[] = [
  { id: 'node', name: 'Node.js', state: 'ok', detail: 'v24.4.0, of Electron 45.4.1', problem: null },
  {
    id: 'data-dir',
    name: 'data directory',
    state: 'ok',
    detail: '/home/ada/.local/share/gatehouse',
    problem: null,
  },
  { id: 'config', name: 'configuration', state: 'ok', detail: '9 servers, 8 enabled', problem: null },
  {
    id: 'secrets',
    name: 'secrets',
    state: 'problem',
    detail: '',
    problem: {
      code: 'secrets.keychain_gone',
      message: 'The keychain that holds your keys does not answer.',
      remedy: 'Unlock it, then run the checks again.',
    },
  },
  {
    id: 'engine',
    name: 'container engine',
    state: 'note',
    detail: '',
    problem: {
      code: 'isolation.engine_not_found',
      message: 'No Docker or Podman answers.',
      remedy: 'Install or start Docker for servers in containers.',
    },
  },
  {
    id: 'endpoint',
    name: 'endpoint',
    state: 'ok',
    detail: 'Gatehouse is running: http://127.0.0.1:4180/mcp',
    problem: null,
  },
  { id: 'npx', name: 'npx', state: 'ok', detail: '11.4.2', problem: null },
];

const asking: WaitingSignInView = {
  id: 'KD-47-PX',
  name: 'Visual Studio Code',
  vouchedBy: null,
  redirect: 'http://127.0.0.1:33418/',
  redirectKind: 'loopback',
  asks: 'write',
  server: null,
  profile: null,
  profiles: ['work', 'research'],
  before: null,
  since: Date.now() - 4000,
  until: Date.now() + 296_000,
};

const base: World = {
  held: heldWorld,
  signIns: [],
  checks,
  snapshot: calm,
  tools: { github: githubTools, failing: [], [long]: hostileTools, filesystem: githubTools.slice(0, 14) },
  logs: { github: githubLog, [long]: ['\u202eevil', 'x'.repeat(3000), '<b>bold</b>'] },
  refuses: ['linear', 'fork_repository'],
  quiet: false,
  silent: false,
};
/** As the core counts what waits. */
function counted(snapshot: Snapshot): Snapshot {
  const { servers, callsWaiting, waiting, endpoint, config } = snapshot;
  const needing = servers.filter(
    ({ state, enabled, waiting: held }) =>
      state === 'failed' || state === 'quarantined' || state === 'signing-in' || (enabled && held > 0),
  );
  const broken = Number(endpoint.state === 'failed') + Number(config.state === 'broken');
  const all = broken + callsWaiting.count + waiting.signIns + needing.length;
  return { ...snapshot, waiting: { ...waiting, all } };
}
const withSnapshot = (part: Partial<Snapshot>): World => ({
  ...base,
  snapshot: counted({ ...calm, ...part }),
});
const sql = JSON.stringify({ sql: "UPDATE orders SET status='void' WHERE id=8841" });
const [held] = heldWorld.calls.map((call) => ({ ...call, args: sql, argsBytes: sql.length }));
const states = ['ready', 'ready', 'ready', 'starting', 'disabled', 'retrying', 'ready', 'failed'] as const;

/** By name, as the address of the development page gives it. */
export const worlds = {
  nine: base,
  calm: {
    ...withSnapshot({
      waiting: { items: 0, servers: 0, signIns: 0, all: 0 },
      callsWaiting: { count: 0, revision: 0 },
      servers: nine.filter((one) => one.state === 'ready' || one.state === 'disabled'),
    }),
    held: { ...heldWorld, calls: [], approvals: { servers: [], items: [] }, decided: [] },
  },
  /** Much at once, for the popover. */
  waiting: {
    ...withSnapshot({
      callsWaiting: { count: 2, revision: 1 },
      waiting: { items: 6, servers: 1, signIns: 1, all: 0 },
      servers: nine.map((one) => (one.name === 'github' ? { ...one, waiting: 2 } : one)),
    }),
    signIns: [asking],
    held: {
      ...heldWorld,
      calls:
        held === undefined
          ? []
          : [held, { ...held, id: '2', tool: 'drop_table', until: held.until + 40_000 }],
    },
  },
  call: {
    ...withSnapshot({
      callsWaiting: { count: 1, revision: 1 },
      servers: nine.filter(({ state }) => state !== 'signing-in' && state !== 'failed'),
    }),
    held: { ...heldWorld, calls: held === undefined ? [] : [held] },
  },
  signing: {
    ...withSnapshot({
      callsWaiting: { count: 0, revision: 0 },
      waiting: { items: 0, servers: 0, signIns: 1, all: 0 },
      servers: nine.filter(({ state }) => state !== 'quarantined' && state !== 'failed'),
    }),
    signIns: [asking],
    held: { ...heldWorld, calls: [] },
  },
  mac: withSnapshot({ platform: 'darwin' }),
  windows: withSnapshot({ platform: 'win32' }),
  empty: { ...withSnapshot({ servers: [] }), quiet: true },
  one: withSnapshot({ servers: nine.slice(5, 6) }),
  many: withSnapshot({
    servers: Array.from({ length: 200 }, (_, index) =>
      server(`server-${index + 1}`, {
        state: states[index % states.length] ?? 'ready',
        enabled: states[index % states.length] !== 'disabled',
        callsToday: index * 3,
      }),
    ),
  }),
  hostile: withSnapshot({ servers: hostile }),
  paused: withSnapshot({ paused: true }),
  down: withSnapshot({
    endpoint: {
      state: 'failed',
      url: null,
      problem: {
        code: 'gateway.port_in_use',
        values: { port: '4180', host: '127.0.0.1' },
        message: 'Port 4180 is used by another program (node, 5121).',
        remedy: 'End that program, or choose another port in the configuration file.',
      },
      tokenRequired: true,
      sessions: 0,
    },
  }),
  broken: withSnapshot({
    config: {
      file: '/home/ada/.local/share/gatehouse/config.json',
      state: 'broken',
      problem: {
        code: 'config.unknown_key',
        form: 'near',
        values: { key: 'mcpServers.github.comand', near: 'command' },
        message: 'The key “comand” of server “github” is not known; “command” is.',
        remedy: 'Correct it and save the file.',
      },
      line: 12,
      column: 7,
      dialect: null,
      notAsWritten: 0,
      needsRestart: [],
      plainKeys: 0,
    },
  }),
  asked: {
    ...withSnapshot({ waiting: { items: 4, servers: 1, signIns: 1, all: 0 } }),
    signIns: [asking],
  },
  silent: { ...base, silent: true },
} as const satisfies Readonly<Record<string, World>>;

/** Name of a world. */
export type WorldName = keyof typeof worlds;
