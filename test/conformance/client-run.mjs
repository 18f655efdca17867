/**
 * The suite's scenarios for clients that have to do with signing in, with a Gatehouse as the client. One process of the
 * suite for each: side by side they would only measure how busy the host is. A few at once.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutCache, root } from '../../scripts/lib/places.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { say, stopwatch, Trouble } from '../../scripts/lib/say.mjs';
import { newerNode } from './newer-node.mjs';

const suite = join(root, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
const limitMs = 120_000;
const scenarioMs = 90_000;
const atOnce = 2;

const common = [
  'metadata-default',
  'metadata-var1',
  'metadata-var2',
  'metadata-var3',
  'basic-cimd',
  'scope-from-www-authenticate',
  'scope-from-scopes-supported',
  'scope-omitted-when-undefined',
  'scope-step-up',
  'scope-retry-limit',
  'token-endpoint-auth-basic',
  'token-endpoint-auth-post',
  'token-endpoint-auth-none',
  'pre-registration',
  // Not scored by the suite, since they are an extension.
  'client-credentials-jwt',
  'client-credentials-basic',
];
const newer = [
  'resource-mismatch',
  'offline-access-scope',
  'offline-access-not-supported',
  'authorization-server-migration',
  'iss-supported',
  'iss-not-advertised',
  'iss-supported-missing',
  'iss-wrong-issuer',
  'iss-unexpected',
  'iss-normalized',
  'metadata-issuer-mismatch',
];

/** By revision, all that are scored. */
const scenarios = { '2025-11-25': common, '2026-07-28': [...common, ...newer] };

/**
 * Runs all of them, those of one revision, or each once, in the revision that brought it.
 * @param {{ signal: AbortSignal, env: NodeJS.ProcessEnv, set?: string, once?: boolean }} options
 * @returns {Promise<{ passed: number, failed: readonly string[] }>} checks that passed, and what did not
 */
export async function clientConformance({ signal, env, set, once = false }) {
  const node = await newerNode(signal);
  mkdirSync(checkoutCache, { recursive: true });
  const dir = mkdtempSync(join(checkoutCache, 'conformance-client-'));
  const jobs = Object.entries(scenarios)
    .filter(([revision]) => (set ?? revision) === revision)
    .flatMap(([revision, names]) => names.map((name) => ({ revision, name })))
    .filter(({ revision, name }) => !once || revision === '2025-11-25' || newer.includes(name));
  const took = stopwatch();
  /** @type {string[]} */
  const failed = [];
  let passed = 0;
  const work = async () => {
    for (let job = jobs.shift(); job !== undefined && !signal.aborted; job = jobs.shift()) {
      const out = join(dir, `${job.revision}-${job.name}`);
      const checks = await runScenario(node, job, out, env, signal);
      const bad = checks.filter(({ status }) => status === 'FAILURE');
      passed += checks.filter(({ status }) => status === 'SUCCESS').length;
      for (const { id } of bad) failed.push(`${job.revision} ${job.name}: ${id}`);
      if (checks.length === 0) failed.push(`${job.revision} ${job.name}: it did not run`);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  say(`  as a client    signing in: ${passed} checks passed, ${failed.length} failed (${took()})`);
  for (const one of failed) say(`      ${one}`);
  return { passed, failed };
}

/**
 * @param {string} node
 * @param {{ revision: string, name: string }} job
 * @param {string} out
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} signal
 * @returns {Promise<readonly { id: string, status: string }[]>}
 */
async function runScenario(node, { revision, name }, out, env, signal) {
  const client = join(root, 'test', 'conformance', 'client-under-test.mjs');
  const args = [suite, 'client', '--command', `"${process.execPath}" "${client}"`, '-o', out];
  args.push(
    '--scenario',
    `auth/${name}`,
    '--spec-version',
    revision,
    '--timeout',
    String(scenarioMs),
    '--force',
  );
  const result = await run(node, args, { cwd: root, env, timeoutMs: limitMs, signal });
  if (result.timedOut) throw new Trouble(`The conformance suite took too long with ${name} of ${revision}.`);
  const found = existsSync(out) ? readdirSync(out, { recursive: true }).map(String) : [];
  return found
    .filter((file) => file.endsWith('checks.json'))
    .flatMap((file) => JSON.parse(readFileSync(join(out, file), 'utf8')));
}
