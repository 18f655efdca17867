/**
 * The rules of the house, held by reading the source; and proof that each of them can fail.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkCycles } from './architecture/cycles.ts';
import { checkDirections, type Violation } from './architecture/directions.ts';
import { importsOf, type SourceFile } from './architecture/imports.ts';
import { checkMap } from './architecture/map.ts';
import { checkShape } from './architecture/shape.ts';

const root = resolve(import.meta.dirname, '..');
const folders = ['main', 'preload', 'renderer', 'test', 'scripts', 'assets'];

function readHouse(): SourceFile[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile() && /\.(ts|mts|mjs|svelte|css)$/.test(entry.name))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return { path: relative(root, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') };
    });
}

/** Violations as lines, so that a failure reads like a list of things to do. */
function lines(violations: readonly Violation[]): string[] {
  return violations.map(
    ({ rule, path, line, message }) => `${path}${line > 0 ? `:${line}` : ''} ${message} [${rule}]`,
  );
}

describe('this house', () => {
  const house = readHouse();

  test('has files to look at', () => {
    expect(house.length).toBeGreaterThan(50);
  });
  test('imports only in the allowed directions', () => {
    expect(lines(checkDirections(house))).toEqual([]);
  });
  test('has no circles', () => {
    expect(lines(checkCycles(house))).toEqual([]);
  });
  test('has only small files that do nothing when imported', () => {
    expect(lines(checkShape(house))).toEqual([]);
  });
  test('has every room on the map', () => {
    const map = join(root, 'ARCHITECTURE.md');
    expect(lines(checkMap(house, existsSync(map) ? readFileSync(map, 'utf8') : ''))).toEqual([]);
  });
});

describe('reading imports', () => {
  const found = (path: string, text: string): Array<string | null> =>
    importsOf({ path, text }).map(({ specifier }) => specifier);

  test('sees every form in TypeScript, and not what only looks like one', () => {
    const text = [
      `import { a } from './static.ts';`,
      `import type { B } from './type.ts';`,
      `import './effect.ts';`,
      `export { c } from './again.ts';`,
      `export * from './all.ts';`,
      `import d = require('./equals.ts');`,
      `const e = await import('./lazy.ts');`,
      `let f: import('./named.ts').F;`,
      `const g = require('./required.ts');`,
      `const h = import(\`./template.ts\`);`,
      `const i = import(name);`,
      `// import './comment.ts';`,
      `const j = "import './string.ts'";`,
    ].join('\n');
    expect(found('main/x.ts', text)).toEqual([
      './static.ts',
      './type.ts',
      './effect.ts',
      './again.ts',
      './all.ts',
      './equals.ts',
      './lazy.ts',
      './named.ts',
      './required.ts',
      './template.ts',
      null,
    ]);
  });

  test('sees both scripts and the markup of a .svelte file, with the right lines', () => {
    const text = [
      `<script module lang="ts">import type { A } from './module.ts';</script>`,
      `<script lang="ts">`,
      `  import B from './B.svelte';`,
      `  let { c }: { c: import('./props.ts').C } = $props();`,
      `</script>`,
      `<p>import './text.ts'</p>`,
      `{#await import('./markup.ts') then m}<B {c} x={m} />{/await}`,
    ].join('\n');
    const imports = importsOf({ path: 'renderer/x.svelte', text });
    expect(imports.map(({ specifier, line }) => [specifier, line])).toEqual([
      ['./module.ts', 1],
      ['./B.svelte', 3],
      ['./props.ts', 4],
      ['./markup.ts', 7],
    ]);
  });
});

describe('directions', () => {
  /** Files that exist in every case below, so that only the direction is in question. */
  const targets = [
    'main/app.ts',
    'main/index.ts',
    'main/logger.ts',
    ...['protocol', 'catalog', 'trust', 'config', 'secrets', 'activity', 'gateway', 'upstreams', 'isolation'],
    ...['identity', 'clients', 'state', 'api', 'commands', 'shell'],
  ].map((name) => (name.includes('/') ? name : `main/${name}/t.ts`));
  const others = [
    'preload/contract.ts',
    'preload/views/t.ts',
    'preload/api.ts',
    'preload/index.ts',
    'renderer/t.ts',
    'renderer/ui/T.svelte',
  ];

  /** What a file may import, out of all of them, as short names. */
  function reach(from: string): string[] {
    const house = [...targets, ...others].filter((path) => path !== from).map((path) => ({ path, text: '' }));
    const up = '../'.repeat(from.split('/').length - 1);
    return house
      .filter(
        ({ path }) =>
          checkDirections([...house, { path: from, text: `import type { X } from '${up}${path}';` }])
            .length === 0,
      )
      .map(({ path }) => path.replace(/^main\/(\w+)\/t\.ts$/, '$1'));
  }

  const foundations = ['catalog', 'trust', 'config', 'secrets', 'activity'];
  const siblings = ['gateway', 'upstreams', 'isolation', 'identity', 'clients'];
  const contract = 'preload/contract.ts';
  const views = 'preload/views/t.ts';

  test('protocol imports nothing of ours', () => {
    expect(reach('main/protocol/x.ts')).toEqual(['protocol']);
  });
  test.each(foundations)('%s imports protocol only', (room) => {
    expect(reach(`main/${room}/x.ts`).sort()).toEqual(['protocol', room].sort());
  });
  test.each(siblings)('%s never imports a sibling, the shell, a command or the root', (room) => {
    expect(reach(`main/${room}/x.ts`).sort()).toEqual(
      [...foundations, 'protocol', contract, views, room].sort(),
    );
  });
  test.each(['state', 'api', 'shell'])('%s imports protocol, the contract and its own', (room) => {
    expect(reach(`main/${room}/x.ts`)).toEqual(['protocol', room, contract, views]);
  });
  test.each(['main/commands/x.ts', 'main/cli.ts', 'main/app.ts'])(
    '%s imports the core, never the shell',
    (from) => {
      const core = ['protocol', ...foundations, ...siblings, 'state', 'api', 'commands', contract, views];
      const root = ['main/app.ts', 'main/logger.ts'].filter((path) => path !== from);
      expect(reach(from).sort()).toEqual([...core, ...root].sort());
    },
  );
  test('only index.ts imports the shell', () => {
    expect(reach('main/index.ts')).toContain('shell');
  });
  test('the contract imports its views, the preload script little, the pages nothing of main', () => {
    expect(reach('preload/contract.ts')).toEqual([views]);
    expect(reach(views)).toEqual([]);
    expect(reach('preload/index.ts')).toEqual([contract, views, 'preload/api.ts']);
    expect(reach('renderer/views/x.ts')).toEqual([
      contract,
      views,
      'preload/api.ts',
      'renderer/t.ts',
      'renderer/ui/T.svelte',
    ]);
    expect(reach('renderer/views/X.ts')).not.toContain('preload/index.ts');
  });

  test.each([
    ['main/gateway/x.ts', `import 'electron';`],
    ['main/app.ts', `import type { App } from 'electron';`],
    ['main/app.ts', `let a: import('electron/main').App;`],
    ['main/config/x.ts', `import Store from 'electron-store';`],
    ['renderer/x.ts', `await import('electron');`],
    ['main/upstreams/x.ts', `import Docker from 'dockerode';`],
    ['main/commands/x.ts', `const keytar = require('keytar');`],
    ['main/trust/x.ts', `import type Database from 'libsql';`],
    ['main/trust/x.ts', `await import('@libsql/linux-x64-gnu');`],
    ['renderer/x.ts', `import { join } from 'node:path';`],
    ['preload/index.ts', `import { join } from 'node:path';`],
    ['main/app.ts', `await import(name);`],
    ['main/app.ts', `import './gone.ts';`],
  ])('%s may not say %s', (path, text) => {
    expect(checkDirections([{ path, text }])).toHaveLength(1);
  });
  test.each([
    ['main/index.ts', `import { app } from 'electron';`],
    ['main/shell/x.ts', `import type { Tray } from 'electron'; import Store from 'electron-store';`],
    ['preload/index.ts', `import { ipcRenderer } from 'electron';`],
    ['main/isolation/x.ts', `await import('dockerode');`],
    ['main/secrets/x.ts', `await import('keytar');`],
    ['main/activity/x.ts', `await import('libsql');`],
    ['test/shell/x.test.ts', `import { app } from 'electron'; import '../../main/app.ts';`],
  ])('%s may say %s', (path, text) => {
    expect(checkDirections([{ path, text }])).toEqual([]);
  });
  test('a script in a .svelte file is under the same rules', () => {
    const text = `<script lang="ts">import type { App } from '../../main/app.ts';</script>`;
    const house = [
      { path: 'renderer/ui/X.svelte', text },
      { path: 'main/app.ts', text: '' },
    ];
    expect(checkDirections(house)).toMatchObject([
      { rule: 'direction', path: 'renderer/ui/X.svelte', line: 1 },
    ]);
  });
});

describe('circles', () => {
  test('two files, three files, and type imports', () => {
    const two = [
      { path: 'main/a.ts', text: `import './b.ts';` },
      { path: 'main/b.ts', text: `import type { A } from './a.ts';` },
    ];
    expect(lines(checkCycles(two))).toEqual([
      'main/a.ts imports itself: main/a.ts -> main/b.ts -> main/a.ts [cycle]',
    ]);
    const three = [
      { path: 'main/a.ts', text: `import './b.ts'; import './c.ts';` },
      { path: 'main/b.ts', text: `import './c.ts';` },
      { path: 'main/c.ts', text: `let b: import('./b.ts').B;` },
    ];
    expect(checkCycles(three)).toHaveLength(1);
  });
  test('a diamond is none', () => {
    const house = [
      { path: 'main/a.ts', text: `import './b.ts'; import './c.ts';` },
      { path: 'main/b.ts', text: `import './d.ts';` },
      { path: 'main/c.ts', text: `import './d.ts';` },
      { path: 'main/d.ts', text: '' },
    ];
    expect(checkCycles(house)).toEqual([]);
  });
});

describe('the shape of a file', () => {
  test.each([
    ['size', 'main/x.ts', '//\n'.repeat(401)],
    ['size', 'renderer/X.svelte', '<p></p>\n'.repeat(401)],
    ['size', 'test/x.test.ts', '//\n'.repeat(401)],
    ['barrel', 'main/catalog/index.ts', `export { a } from './a.ts';`],
    ['barrel', 'main/catalog/all.ts', `import { a } from './a.ts';\nexport { a };`],
    ['default', 'main/x.ts', `export default 1;`],
    ['default', 'main/x.ts', `export default function x() {}`],
    ['default', 'test/x.ts', `const a = 1;\nexport { a as default };`],
    ['state', 'main/x.ts', `let count = 0;`],
    ['state', 'renderer/x.ts', `export const cache = new Map<string, string>();`],
    ['state', 'main/x.ts', `const seen: string[] = [];`],
    ['side-effect', 'main/x.ts', `start();`],
    ['side-effect', 'main/x.ts', `import './other.ts';`],
    ['side-effect', 'main/x.ts', `if (true) start();`],
  ])('%s: %s (case %#)', (rule, path, text) => {
    expect(checkShape([{ path, text }]).map((violation) => violation.rule)).toEqual([rule]);
  });
  test.each([
    ['main/x.ts', '//\n'.repeat(400)],
    ['main/cli.ts', `start();`],
    ['vitest.config.mts', `export default {};`],
    ['main/x.ts', `export { a } from './a.ts';\nexport const b = 1;`],
    ['main/x.ts', `const words = new Set(['a']);\nexport const isWord = (text: string) => words.has(text);`],
    ['test/x.test.ts', `let n = 0;\ntest('x', () => {});`],
    ['main/env.d.ts', `declare const __X__: string;\ndeclare let y: string;`],
    ['renderer/main.ts', `import './style/base.css';`],
  ])('allows %s (case %#)', (path, text) => {
    expect(checkShape([{ path, text }])).toEqual([]);
  });
});

describe('the map', () => {
  const house = ['main/app.ts', 'main/trust/a.ts', 'renderer/ui/B.svelte'].map((path) => ({
    path,
    text: '',
  }));
  const map = (tree: string): string =>
    `# Map\ntrust/ in a sentence is not enough\n\`\`\`\n${tree}\n\`\`\`\n`;

  test('names a room that is missing', () => {
    expect(
      checkMap(house, map('main/\n  app.ts\nrenderer/  Svelte: ui/ (no domain words)')).map(
        ({ path }) => path,
      ),
    ).toEqual(['main/trust']);
  });
  test('is content when all are there', () => {
    expect(checkMap(house, map('main/\n  trust/   quarantine\nrenderer/  ui/'))).toEqual([]);
  });
  test('does not take a longer name for a shorter one', () => {
    expect(checkMap(house, map('main/\n  distrust/\nrenderer/  ui/'))).toHaveLength(1);
  });
});
