/** Makes the desktop of the end-to-end tests, which is written in TypeScript, startable by plain Node. */
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './places.mjs';

/** @returns {Promise<string>} a program that holds a desktop until it is ended and prints its environment */
export async function bundleDesktop() {
  const outDir = join(root, 'node_modules', '.cache', 'gatehouse', 'bench');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: join(root, 'test/host/desktop.fixture.ts'),
      outDir,
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'desktop.cjs', codeSplitting: false } },
    },
  });
  return join(outDir, 'desktop.cjs');
}
