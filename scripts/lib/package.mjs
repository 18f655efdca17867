/**
 * Packages the app with electron-builder, around the Electron that setup found.
 *
 * There are two flavours. `release` is what is shipped. `test` differs in one fuse: it accepts `--inspect`, which is how
 * the end-to-end tests drive it; where it lies is written to `node_modules/.cache/gatehouse/packaged.json`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutCache, root } from './places.mjs';
import { run } from './run.mjs';
import { megabytes, say, stopwatch, Trouble } from './say.mjs';

const limitMs = 9 * 60_000;
/** From this version on an Electron knows the fuse about file:// addresses. */
const fileProtocolFuseSince = 29;

const unpackedExecutables = /** @type {Record<string, string>} */ ({
  linux: 'gatehouse',
  win32: 'Gatehouse.exe',
  darwin: 'Gatehouse.app/Contents/MacOS/Gatehouse',
});

/**
 * Makes the app folder, and of a release also the archive.
 * @param {object} options
 * @param {import('./electron-runtime.mjs').ElectronRuntime} options.electron
 * @param {'release' | 'test'} options.flavour
 * @param {boolean} [options.installers] builds the targets of electron-builder.yml too
 * @param {AbortSignal} options.signal
 */
export async function packageApp({ electron, flavour, installers = false, signal }) {
  if (installers && electron.source === 'fallback') {
    throw new Trouble(
      `Installers are not made with the fallback Electron ${electron.version}: it is too old to ship.`,
    );
  }
  const took = stopwatch();
  const output = join(root, 'dist', flavour);
  rmSync(output, { recursive: true, force: true });
  const target = installers ? [] : ['--dir'];
  const args = [
    ...target,
    '--publish=never',
    ...settings(electron, flavour, output).map((one) => `--config.${one}`),
  ];
  const result = await run(
    process.execPath,
    [join(root, 'node_modules', 'electron-builder', 'cli.js'), ...args],
    {
      cwd: root,
      timeoutMs: limitMs,
      signal,
      env: {
        ...process.env,
        CSC_IDENTITY_AUTO_DISCOVERY: process.env.CSC_IDENTITY_AUTO_DISCOVERY ?? 'false',
      },
    },
  );
  if (result.code !== 0)
    throw new Trouble(`electron-builder failed\n${result.stdout}${result.stderr}`.trimEnd());
  const folder = unpackedFolder(output);
  if (flavour === 'test') writeFacts(folder, electron);
  say(`package: ${folder.slice(root.length + 1)} holds ${megabytes(sizeOf(folder))}, made in ${took()}`);
  if (flavour === 'release' && !installers && process.platform === 'linux')
    await archive(output, folder, signal);
}

/**
 * @param {import('./electron-runtime.mjs').ElectronRuntime} electron
 * @param {'release' | 'test'} flavour
 * @param {string} output
 */
function settings(electron, flavour, output) {
  const major = Number(electron.version.split('.')[0]);
  return [
    `directories.output=${output}`,
    `electronVersion=${electron.version}`,
    `electronDist=${electron.dist}`,
    ...(flavour === 'test' ? ['electronFuses.enableNodeCliInspectArguments=true'] : []),
    ...(major >= fileProtocolFuseSince ? ['electronFuses.grantFileProtocolExtraPrivileges=false'] : []),
  ];
}

/** @param {string} output */
function unpackedFolder(output) {
  const name = readdirSync(output).find((entry) => existsSync(join(output, entry, executableHere())));
  if (name === undefined) throw new Trouble(`electron-builder made no app in ${output}.`);
  return join(output, name);
}

function executableHere() {
  return unpackedExecutables[process.platform] ?? 'gatehouse';
}

/**
 * For test/host/electron.ts.
 * @param {string} folder
 * @param {import('./electron-runtime.mjs').ElectronRuntime} electron
 */
function writeFacts(folder, { version, sandbox }) {
  mkdirSync(checkoutCache, { recursive: true });
  const facts = { executable: join(folder, executableHere()), args: [], version, sandbox };
  writeFileSync(join(checkoutCache, 'packaged.json'), JSON.stringify(facts, null, 2));
}

/**
 * A tar.gz made by tar: electron-builder would want 7zip for it.
 * @param {string} output
 * @param {string} folder
 * @param {AbortSignal} signal
 */
async function archive(output, folder, signal) {
  const took = stopwatch();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = join(output, `Gatehouse-${version}-linux-${process.arch}.tar.gz`);
  const top = folder.slice(output.length + 1);
  const args = [
    '-czf',
    file,
    '-C',
    output,
    `--transform=s,^${top},Gatehouse-${version},`,
    '--owner=0',
    '--group=0',
    top,
  ];
  const result = await run('tar', args, { timeoutMs: limitMs, signal });
  if (result.code !== 0) throw new Trouble(`tar failed: ${result.stderr.trim()}`);
  say(`package: ${file.slice(root.length + 1)} is ${megabytes(statSync(file).size)}, made in ${took()}`);
}

/** @param {string} dir */
function sizeOf(dir) {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}
