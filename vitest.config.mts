/**
 * Five kinds of tests: `unit` (no other process, part of `npm run check`), `integration` (real processes, files and
 * sockets), `load` (many clients at once, nothing beside it), `containers` (real container engines) and `e2e` (real
 * Electron, each file with a desktop of its own; those that measure come after the others, alone: `e2e-alone`).
 */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import pkg from './package.json' with { type: 'json' };

const define = { __GATEHOUSE_VERSION__: JSON.stringify(pkg.version) };

/**
 * Components are rendered as text here, with what Node itself makes of Svelte: read as it is, not transformed. The one
 * part of bits-ui that the screens use comes without the 340 modules of the others. It saves a third of the processor
 * time of the screens' tests.
 */
const screens = {
  ssr: { external: ['svelte', 'esm-env'] },
  resolve: {
    alias: {
      'bits-ui': fileURLToPath(
        new URL('node_modules/bits-ui/dist/bits/dropdown-menu/index.js', import.meta.url),
      ),
    },
  },
};

/**
 * Journeys that say nothing new of the packaged app. What packaging can break is where things lie and how they are
 * started: entries, worker threads, native modules, the preload script, pages, pictures, the bridge, the single instance.
 * Each of these has a journey that stays. The files here repeat, over the same way to the same core, what screens show.
 * A new file runs on both until somebody knows better.
 */
const onlyUnpackaged = [
  // How screens look, and whether everybody can use them.
  'components',
  'looks',
  'many',
  'screens',
  'tray-looks',
  // A packaged app loads no probe.
  'quiet',
  // Decisions and forms in the window; `servers` and `first-run` act in the same way.
  'add',
  'core-words',
  'approvals',
  'held',
  'keyboard',
  'tools',
  'try',
  // What is written for clients, and that it works, is in `bridge`; the way in for browsers is the core's alone.
  'clients',
  'client-sign-in',
  // The vault of the keychain is in `secrets`; the rest of it is the core's alone.
  'sign-in',
];

/** They measure time that passes: nothing may run beside them. (`many` counts what its own threads use.) */
const measuring = ['quiet', 'start'];

/**
 * The files that take longest, by what their paths end with. They begin first, so that none of them runs on alone when all
 * others are done: a fresh clone knows no times of earlier runs, and how large a file is says little.
 */
const longest = [
  ...[
    'upstreams/faults',
    'commands/stdio',
    'upstreams/faults-answers',
    'admin/pages',
    'trust/trust',
    'clients/kill',
  ],
  ...[
    'identity/local/sdk-clients',
    'admin/terminal',
    'commands/deciding',
    'upstreams/lifecycle',
    'trust/held-back',
  ],
  ...[
    'oauth/flows',
    'upstreams/upkeep',
    'secrets/leaks',
    'terminal/terminal',
    'upstreams/diagnosis',
    'admin/journey',
  ],
]
  .map((name) => `${name}.int.test.ts`)
  .concat(
    [
      ...[
        'e2e/many',
        'e2e/sign-in',
        'e2e/clients',
        'e2e/ends',
        'e2e/settings',
        'e2e/looks',
        'e2e/first-run',
        'e2e/tools',
      ],
      ...['e2e/popover', 'e2e/activity', 'e2e/client-sign-in', 'e2e/tray', 'e2e/terminal', 'e2e/add'],
    ].map((name) => `${name}.e2e.ts`),
  );

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((end) => moduleId.endsWith(`/${end}`));
      return at === -1 ? longest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

/** Files of end-to-end tests by name. */
const journeys = (names: readonly string[]): string[] => names.map((name) => `test/e2e/${name}.e2e.ts`);
/** What is left out of the app that is under test. */
const leftOut = process.env.GATEHOUSE_E2E_TARGET === 'packaged' ? onlyUnpackaged : [];

export default defineConfig({
  define,
  ...screens,
  plugins: [svelte({ configFile: false })],
  test: {
    pool: 'forks',
    // What sources were made into is kept by what they hold: it saves a sixth of the unit tests' processor time.
    experimental: { fsModuleCache: true, fsModuleCachePath: 'node_modules/.cache/gatehouse/modules' },
    // Tests that never ask for a mock leave nothing behind for the next one either.
    restoreMocks: true,
    unstubEnvs: true,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.int.test.ts'],
          // No module of ours keeps state, so files may share a process: it halves the time.
          isolate: false,
          maxWorkers: 2,
          // None needs more than seconds; a computer that is busy with other things may take long for them.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/**/*.int.test.ts'],
          // Most of their time is waiting, and each file has ports, folders, keyrings and servers of its own: three at
          // once take little more of the processors than two. Not more: bounds on times are meant for a busy computer,
          // not for any.
          maxWorkers: 3,
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'load',
          include: ['test/load/**/*.load.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'containers',
          include: ['test/containers/**/*.docker.ts'],
          exclude: ['test/containers/speed.docker.ts'],
          globalSetup: ['test/containers/engine.setup.ts'],
          // Each worker has an engine of its own.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'containers-alone',
          include: ['test/containers/speed.docker.ts'],
          globalSetup: ['test/containers/engine.setup.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.ts'],
          exclude: journeys([...leftOut, ...measuring]),
          // Half of their time is waiting: for a page to draw, for an app to end.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e-alone',
          include: journeys(measuring),
          exclude: journeys(leftOut),
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
