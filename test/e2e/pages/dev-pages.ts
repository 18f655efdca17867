/**
 * The pages of renderer/dev in the Chromium of the app: built once for the sources that they are made of, served on
 * loopback, opened in windows of a running app that share nothing with its own. `close()` stops serving.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { rendererBase } from '../../../scripts/lib/bundles.mjs';
import { root } from '../../host/gateway.ts';
import type { RunningApp } from '../app.ts';

/** What serves the pages. */
export interface DevPages {
  /** Opens `app.html` or `components.html`, with a query, in a window of its own. */
  open(running: RunningApp, address: string): Promise<Page>;
  close(): Promise<void>;
}

const cache = join(root, 'node_modules', '.cache', 'gatehouse', 'dev-pages');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** Builds what has changed, and serves it. */
export async function serveDevPages(): Promise<DevPages> {
  const folder = await builtPages();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const safe = /^\/(dev|assets)\/[\w.-]+$/.test(path);
    const content = safe ? readFile(join(folder, path)) : Promise.reject(new Error('not a page'));
    content.then(
      (bytes) => response.writeHead(200, { 'content-type': types[extname(path)] ?? '' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    async open({ app }, address) {
      const [page] = await Promise.all([
        // The app makes windows of its own meanwhile.
        app.waitForEvent('window', async (made) => {
          await made.waitForURL((url) => url.protocol !== 'about:');
          return made.url().startsWith(`http://127.0.0.1:${port}/`);
        }),
        app.evaluate(({ BrowserWindow }, url) => {
          const webPreferences = { sandbox: true, partition: 'dev-pages' };
          const window = new BrowserWindow({ width: 1200, height: 900, show: true, webPreferences });
          void window.loadURL(url);
        }, `http://127.0.0.1:${port}/dev/${address}`),
      ]);
      await page.waitForLoadState('load');
      return page;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The folder of the built pages; they are made anew when what they are made of has changed. */
async function builtPages(): Promise<string> {
  const folder = join(cache, inputHash());
  if (existsSync(folder)) {
    return folder;
  }
  const made = mkdtempSync(join(tmpdir(), 'dev-pages-'));
  await build({
    ...rendererBase(),
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'warn',
    base: './',
    build: {
      outDir: made,
      emptyOutDir: true,
      target: 'chrome114',
      cssTarget: 'chrome114',
      minify: false,
      reportCompressedSize: false,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: ['app', 'components'].map((name) => join(root, 'renderer', 'dev', `${name}.html`)),
        checks: { pluginTimings: false },
      },
    },
  });
  mkdirSync(cache, { recursive: true });
  // Another file's tests may do the same at this moment; what they have made of these sources is as good.
  for (const old of readdirSync(cache)) {
    if (!old.startsWith(basename(folder))) rmSync(join(cache, old), { recursive: true, force: true });
  }
  const fresh = `${folder}.${process.pid}`;
  cpSync(made, fresh, { recursive: true });
  try {
    renameSync(fresh, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
  rmSync(made, { recursive: true, force: true });
  return folder;
}

function inputHash(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const folder of ['renderer', 'preload']) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true, recursive: true })) {
      if (entry.isFile()) {
        const file = join(entry.parentPath, entry.name);
        hash.update(file.slice(root.length)).update('\0').update(readFileSync(file));
      }
    }
  }
  return hash.digest('hex').slice(0, 16);
}
