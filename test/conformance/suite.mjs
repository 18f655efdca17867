/**
 * Runs the MCP project's conformance suite against one address and reads what it wrote. The suite is a development
 * dependency and not fetched by this script, although it runs under a Node of its own: so the lock file pins all of it,
 * hash by hash, and `npm ci` brings it along. It costs some twenty small packages that nothing else uses.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/places.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { Trouble } from '../../scripts/lib/say.mjs';

const program = join(root, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
const limitMs = 3 * 60_000;
const scenarioMs = 20_000;

/**
 * @typedef {object} SuiteRun
 * @property {string} node runs the suite
 * @property {string} url of the server under test
 * @property {string} set the revision whose requirements are run
 * @property {string} dir where the results go
 * @property {NodeJS.ProcessEnv} env
 * @property {AbortSignal} signal
 */

/**
 * @param {SuiteRun} options
 * @returns {Promise<import('./compare.mjs').Run>}
 * @throws {Trouble} when the suite itself did not work
 */
export async function runSuite({ node, url, set, dir, env, signal }) {
  mkdirSync(dir, { recursive: true });
  const args = [
    program,
    'server',
    '--url',
    url,
    '--requirements',
    set,
    '-o',
    dir,
    '--timeout',
    String(scenarioMs),
  ];
  const result = await run(node, args, { cwd: dir, env, timeoutMs: limitMs, signal });
  const checks = readChecks(dir);
  if (Object.keys(checks).length === 0 || result.timedOut || result.code > 1) {
    const why = result.timedOut ? 'it took too long' : `it ended with ${result.code}`;
    throw new Trouble(`The conformance suite did not work on ${url}: ${why}.\n${result.stderr.slice(-2000)}`);
  }
  return checks;
}

/**
 * @param {string} dir
 * @returns {import('./compare.mjs').Run}
 */
function readChecks(dir) {
  /** @type {Record<string, import('./compare.mjs').Check[]>} */
  const checks = {};
  for (const name of readdirSync(dir).sort()) {
    const scenario = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(name)?.[1];
    const file = join(dir, name, 'checks.json');
    if (scenario === undefined || !existsSync(file)) continue;
    checks[scenario] = [...(checks[scenario] ?? []), ...JSON.parse(readFileSync(file, 'utf8'))];
  }
  return checks;
}
