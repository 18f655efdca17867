/** How far the made-up servers are contained. Plain data. */
import type { ServerView } from '../../preload/contract.ts';
import type { ContainmentDetail, ContainmentView, EngineView } from '../../preload/views/isolation.ts';
import type { Said, SaidValues } from '../../preload/views/said.ts';

const view = (line: string, part: Partial<ContainmentView> = {}): ContainmentView => ({
  ...{ line, weakened: [], fellBack: false, download: null },
  ...part,
});

/** By the names of the design's servers. */
export const containments: Readonly<Record<string, ContainmentView>> = {
  filesystem: view('reads ~/projects and ~/notes, no network, 512 MB'),
  github: view('no files, reaches api.github.com and *.githubusercontent.com, 512 MB'),
  playwright: view('changes ~/downloads, every public host, and notes which, 2 GB'),
  postgres: view('no files, all of the network, 512 MB', {
    weakened: ['it runs as root inside', "it uses this computer's network as if it were not contained"],
    weakenedSaid: [said('weak_root'), said('weak_host_network')],
  }),
  'quick-notes': view('no files, no network, 512 MB', {
    download: { image: 'node:22', percent: 42 },
  }),
  memory: view('runs on this computer with your rights'),
};

export const engine: EngineView = {
  ...{ state: 'ready', version: 'Docker 27.3.1', endpoint: '/var/run/docker.sock', problem: null },
};

const bare: ContainmentDetail = {
  ...{ runsIn: 'host', line: '', weakened: [], files: '', network: '', networkKind: null, allowed: [] },
  ...{ limits: '', image: null, hosts: [], met: [], observed: null, proposal: [] },
};
const limits = '512 MB of memory, 1 core, 256 processes, 256 MB of scratch space';
const limitsSaid = {
  form: 'contained.limits_one',
  values: { memory: '512 MB', processes: '256', scratch: '256 MB' },
};
const ago = (minutes: number): number => Date.now() - minutes * 60_000;

const details: Readonly<Record<string, Partial<ContainmentDetail>>> = {
  filesystem: { files: 'reads ~/projects and ~/notes', network: 'no network', networkKind: 'none' },
  github: {
    ...{ files: 'no files', network: 'reaches api.github.com and *.githubusercontent.com' },
    ...{ networkKind: 'allowlist', allowed: ['api.github.com', '*.githubusercontent.com'] },
    image: 'ghcr.io/github/github-mcp-server:0.21.0',
    hosts: [
      { host: 'api.github.com', port: 443, refused: null, count: 214, last: ago(1) },
      {
        host: 'stats.collector-of-everything.example',
        port: 443,
        refused: 'not-listed',
        count: 3,
        last: ago(6),
      },
      { host: '169.254.169.254', port: 80, refused: 'private', count: 1, last: ago(9) },
      { host: 'raw.githubusercontent.com', port: 443, refused: null, count: 12, last: ago(31) },
    ],
  },
  playwright: {
    ...{ files: 'changes ~/downloads', network: 'every public host, and notes which', networkKind: 'learn' },
    hosts: [
      { host: 'registry.npmjs.org', port: 443, refused: null, count: 8, last: ago(2) },
      { host: 'cdn.playwright.dev', port: 443, refused: null, count: 2, last: ago(2) },
      { host: 'example.com', port: 8443, refused: null, count: 1, last: ago(1) },
    ],
    observed: { inside: true },
    met: [
      {
        text: 'it tried to read /home/ada/.ssh/id_ed25519, which it may not see',
        said: said('read', { what: '/home/ada/.ssh/id_ed25519' }),
        count: 1,
        last: ago(1),
      },
      {
        text: 'it tried to change its file systems (mount), which is refused',
        said: said('files', { what: 'mount' }),
        count: 2,
        last: ago(2),
      },
      {
        text: 'it filled its scratch space /tmp, and can write no more there',
        said: said('scratch', { place: '/tmp' }),
        count: 2,
        last: ago(3),
      },
      {
        text: 'it needed more than its 2 GB of memory, and what needed it was ended',
        said: said('memory', { limit: '2 GB' }),
        ...{ count: 1, last: ago(12) },
      },
    ],
    proposal: ['cdn.playwright.dev', 'example.com:8443', 'registry.npmjs.org'],
  },
  postgres: {
    files: 'no files',
    network: 'all of the network',
    networkKind: 'bridge',
    observed: { inside: false, why: 'its image has no Perl', said: said('no_perl') },
  },
  'quick-notes': { files: 'no files', network: 'no network', networkKind: 'none' },
};

/** The answer for the page of a server. */
export function containmentDetail({ name, runsIn, containment }: ServerView): ContainmentDetail {
  const { line = '', weakened = [], weakenedSaid = [] } = containment ?? {};
  const kept = runsIn === 'container' ? { limits, limitsSaid, image: 'node:22' } : {};
  return { ...bare, ...kept, ...details[name], runsIn, line, weakened, weakenedSaid };
}

/** What says a sentence about containment in other languages. */
function said(form: string, values: SaidValues = {}): Said {
  return { form: `contained.${form}`, values };
}
