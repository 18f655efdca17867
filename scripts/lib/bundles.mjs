/**
 * What `out/` is made of, as vite configurations: the two Node entries with their lazy chunks, the preload script as
 * one file, and the pages. Everything is bundled but what is native or belongs to Electron itself.
 *
 * The entries are built apart: in one build, code that both need can land inside one of the entries, and the other
 * would run it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { root } from './places.mjs';
import { plainIcons } from './plain-icons.mjs';

/** @typedef {import('vite').InlineConfig} InlineConfig */

/** The oldest runtime that the app must run in: Electron 25 (Node 18.15, Chromium 114). */
const nodeTarget = 'node18';
const chromeTarget = 'chrome114';

/** Electron itself, native add-ons, and what a package merely tries to load (`cpu-features`, for ssh2). */
const external = [
  /^electron(\/.*)?$/,
  'keytar',
  /^libsql(\/|$)/,
  /^@libsql\//,
  /^@lydell\/node-pty/,
  'cpu-features',
  /\.node$/,
];

/**
 * What runs before anything else, for Node 18.15: it has WebCrypto, but not yet as a global, it cannot trace (pino asks
 * for a channel when it is loaded, and traces only where somebody listens), and has no `URL.canParse` (the MCP SDK looks at
 * what authorization servers say with it).
 */
const node18 = [
  "globalThis.crypto ??= require('node:crypto').webcrypto;",
  "require('node:diagnostics_channel').tracingChannel ??= () => ({ hasSubscribers: false });",
  'URL.canParse ??= (url, base) => { try { new URL(url, base); return true; } catch { return false; } };',
].join('\n');

/**
 * Every bundle that can be built now; an entry whose source is not there is left out.
 * @param {string} outDir absolute
 * @returns {InlineConfig[]}
 */
export function bundles(outDir) {
  return [
    nodeBundle(outDir, 'start'),
    nodeBundle(outDir, 'index'),
    nodeBundle(outDir, 'cli'),
    nodeBundle(outDir, 'keychain'),
    nodeBundle(outDir, 'egress'),
    nodeBundle(outDir, 'activity-worker'),
    nodeBundle(outDir, 'stdio-worker'),
    nodeBundle(outDir, 'sample-worker'),
    preloadBundle(outDir),
    rendererBundle(outDir),
  ].filter((bundle) => bundle !== null);
}

/** @returns {InlineConfig} */
function shared() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    configFile: false,
    envDir: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    define: { __GATEHOUSE_VERSION__: JSON.stringify(version) },
  };
}

/**
 * @param {string} outDir
 * @param {'start' | 'index' | 'cli' | 'keychain' | 'egress' | 'activity-worker' | 'stdio-worker' | 'sample-worker'} name of the entry in main/
 * @returns {InlineConfig | null}
 */
function nodeBundle(outDir, name) {
  const input = join(root, 'main', `${name}.ts`);
  if (!existsSync(input)) return null;
  return {
    ...shared(),
    resolve: { mainFields: ['module', 'main'], conditions: ['node', 'module', 'default'] },
    // All of it is bundled; a package that is read from disk at run time would have to be shipped.
    ssr: { noExternal: true, target: 'node' },
    plugins: [asciiOnly()],
    build: {
      ...common(outDir, nodeTarget),
      license: { fileName: `licenses-${name}.md` },
      ssr: true,
      rolldownOptions: {
        input,
        external,
        platform: 'node',
        // How long a plugin takes says something of the machine, not of the program.
        checks: { pluginTimings: false },
        output: {
          format: 'cjs',
          // Electron 25 finds packages inside app.asar by require(), not yet by import().
          dynamicImportInCjs: false,
          entryFileNames: '[name].js',
          chunkFileNames: `${name}-chunks/[name]-[hash].js`,
          // The licenses are in a file of their own.
          comments: false,
          banner: (chunk) =>
            chunk.isEntry ? `${name === 'cli' ? '#!/usr/bin/env node\n' : ''}${node18}` : '',
        },
      },
    },
  };
}

/**
 * Escapes what is not ASCII: with one such letter, V8 keeps the whole text of the program with two bytes a letter, as
 * long as the app runs. Escapes mean the same wherever such letters stand: in strings, templates, expressions and names.
 * @returns {import('vite').Plugin}
 */
function asciiOnly() {
  return {
    name: 'ascii-only',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        file.code = file.code.replace(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
      }
    },
  };
}

/**
 * A sandboxed preload script can only `require('electron')`, so it is one file.
 * @param {string} outDir
 * @returns {InlineConfig | null}
 */
function preloadBundle(outDir) {
  const input = join(root, 'preload', 'index.ts');
  if (!existsSync(input)) return null;
  return {
    ...shared(),
    ssr: { noExternal: true },
    build: {
      ...common(outDir, chromeTarget),
      ssr: true,
      rolldownOptions: {
        input,
        external,
        output: { format: 'cjs', entryFileNames: 'preload.js', codeSplitting: false },
      },
    },
  };
}

/**
 * The pages run under a policy without inline code and without data: fonts, so nothing is inlined, and from their own
 * scheme, so addresses are relative.
 * @param {string} outDir
 * @returns {InlineConfig | null}
 */
function rendererBundle(outDir) {
  const renderer = join(root, 'renderer');
  if (!existsSync(join(renderer, 'index.html'))) return null;
  return {
    ...shared(),
    ...rendererBase(),
    base: './',
    build: {
      ...common(join(outDir, 'renderer'), chromeTarget),
      license: { fileName: 'licenses.md' },
      cssTarget: chromeTarget,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // In kB. They come from this computer, not over a network; one that has grown by half is worth a look.
      chunkSizeWarningLimit: 750,
      rolldownOptions: {
        checks: { pluginTimings: false },
        input: { index: join(renderer, 'index.html'), popover: join(renderer, 'popover.html') },
      },
      minify: true,
    },
  };
}

/**
 * The part that the pages' development server shares with their build.
 * @returns {InlineConfig}
 */
export function rendererBase() {
  return { root: join(root, 'renderer'), plugins: [plainIcons(), svelte({ configFile: false })] };
}

/**
 * @param {string} outDir
 * @param {string} target
 * @returns {import('vite').BuildOptions}
 */
function common(outDir, target) {
  return { outDir, target, emptyOutDir: false, sourcemap: true, minify: false, reportCompressedSize: false };
}
