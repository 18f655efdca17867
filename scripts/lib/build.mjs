/**
 * Builds `out/` when its inputs have changed since the last time. The new one is made beside the old one and takes its
 * place at the end, so that a stopped build leaves the old one whole.
 */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { checkoutId, root } from './places.mjs';
import { say, stopwatch, Trouble } from './say.mjs';

const out = join(root, 'out');
/** At the same depth as `out/`, so that the source maps point to the same places. */
const next = join(root, 'out.next');
const stamp = '.built-from';

const sourceFolders = ['main', 'preload', 'renderer', 'assets'];
const sourceFiles = ['package.json', 'package-lock.json', 'scripts/lib/build.mjs', 'scripts/lib/bundles.mjs'];

/** Builds what has changed; says so in one line. */
export async function build() {
  await withLock(`${checkoutId}-build`, async () => {
    const inputs = hashInputs();
    if (builtFrom() === inputs) return;
    const took = stopwatch();
    rmSync(next, { recursive: true, force: true });
    await buildInto(next);
    writeFileSync(join(next, stamp), inputs);
    const old = join(root, 'out.old');
    rmSync(old, { recursive: true, force: true });
    if (existsSync(out)) renameSync(out, old);
    renameSync(next, out);
    rmSync(old, { recursive: true, force: true });
    say(`build: done in ${took()}`);
  });
}

/** @param {string} dir */
async function buildInto(dir) {
  // Both come with the packages, which this file must not need before they are installed.
  const [vite, { bundles }] = await Promise.all([import('vite'), import('./bundles.mjs')]);
  try {
    await Promise.all(bundles(dir).map((bundle) => vite.build(bundle)));
  } catch (error) {
    // The builder's own words name the file and the place; its stack only names the builder.
    throw new Trouble(error instanceof Error ? error.message : String(error));
  }
  const cli = join(dir, 'cli.js');
  if (existsSync(cli)) chmodSync(cli, 0o755);
}

function builtFrom() {
  try {
    return readFileSync(join(out, stamp), 'utf8');
  } catch {
    return null;
  }
}

/** One hash over every file that has a say in the result. */
function hashInputs() {
  const hash = createHash('sha256');
  for (const file of inputFiles()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** @returns {string[]} relative to the checkout, in a stable order */
function inputFiles() {
  const files = sourceFolders.flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
      : [],
  );
  return [...files, ...sourceFiles].sort();
}
