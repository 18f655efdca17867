/**
 * Makes a TypeScript file runnable in a plain Node process, for tests that need a second process (to kill it, or to
 * give it another environment). CommonJS, as the app's own bundles are. Native packages stay outside the bundle.
 */
import { join, relative, resolve } from 'node:path';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../..');

/**
 * Bundles `entry` and everything of ours that it imports. Its name holds the folders: files of one name in two of them
 * would take each other's place while tests run side by side.
 *
 * @returns the path of the JavaScript file, below node_modules so that native packages are found from there
 */
export async function bundle(entry: string): Promise<string> {
  const outDir = join(root, 'node_modules', '.cache', 'gatehouse', 'test');
  const name = `${relative(root, entry).replace(/\.ts$/, '').replaceAll(/[\\/]/g, '-')}.cjs`;
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: {
        external: ['keytar', 'libsql'],
        output: { format: 'cjs', entryFileNames: name, codeSplitting: false },
      },
    },
  });
  return join(outDir, name);
}
