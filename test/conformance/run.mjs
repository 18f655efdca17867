/**
 * The conformance run: every subject directly, then through a Gatehouse, and the two compared, two subjects at a time.
 * The suite measures times, so what differs is run a second time, with nothing beside it, and counts when it differs
 * again: a scenario that waits 500 ms for something proves nothing on a host that is busy for longer.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutCache, root } from '../../scripts/lib/places.mjs';
import { say, stopwatch, Trouble } from '../../scripts/lib/say.mjs';
import { differences, judge, totals } from './compare.mjs';
import { newerNode } from './newer-node.mjs';
import { probeReconnection } from './probe.mjs';
import { startGateway, startServer } from './processes.mjs';
import { crosses, subjects } from './subjects.mjs';
import { runSuite } from './suite.mjs';

/** The suite waits for much of its time. */
const atOnce = 2;
/** How much of what the suite says is printed for a difference, and for how many. All of it is kept with `keep`. */
const saidChars = 240;
const shown = 60;

/**
 * @typedef {object} Options
 * @property {AbortSignal} signal
 * @property {NodeJS.ProcessEnv} env of everything that is started
 * @property {string} [only] one subject
 * @property {string} [set] one revision
 * @property {boolean} [direct] without a Gatehouse
 * @property {boolean} [cross] clients of one era before servers of the other
 * @property {boolean} [keep] the suite's results
 */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {string} set
 * @property {{ passed: number, failed: number } | null} direct
 * @property {{ passed: number, failed: number } | null} through
 * @property {number} compared checks
 * @property {readonly import('./compare.mjs').Difference[]} refused
 * @property {readonly string[]} notes
 * @property {string} trouble why there is no verdict; empty when there is one
 */

/**
 * Runs what is asked for and prints one line for each subject and set.
 * @param {Options} options
 * @returns {Promise<readonly Row[]>}
 * @throws {Trouble} when nothing can be run
 */
export async function conformance(options) {
  const list = (options.cross ? crosses : subjects).filter(({ name }) => (options.only ?? name) === name);
  const jobs = list.flatMap((subject) =>
    subject.sets.filter((set) => (options.set ?? set) === set).map((set) => ({ subject, set })),
  );
  if (jobs.length === 0) {
    const known = subjects.map(({ name, sets }) => `${name} (${sets.join(', ')})`);
    throw new Trouble(`There is no such subject or set. There are: ${known.join('; ')}.`, 2);
  }
  if (!options.direct && !existsSync(join(root, 'out', 'cli.js'))) {
    throw new Trouble('There is no build to test. Run: npm run build');
  }
  const node = await newerNode(options.signal);
  mkdirSync(checkoutCache, { recursive: true });
  const dir = mkdtempSync(join(checkoutCache, 'conformance-'));
  const bench = workbench(options, node, dir);
  try {
    const waiting = jobs.map((job, at) => ({ job, at }));
    /** @type {Row[]} */
    const rows = [];
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const took = stopwatch();
        const row = await judged(bench, options, next.job, false);
        if (options.signal.aborted) return;
        rows[next.at] = row;
        if (!unsteady(row)) say(line(row, took()));
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: atOnce }, work));
    const fault = ends.find((end) => end.status === 'rejected');
    if (fault !== undefined) throw fault.reason;
    for (const [at, job] of jobs.entries()) {
      const first = rows[at];
      if (options.signal.aborted || first === undefined || !unsteady(first)) continue;
      const took = stopwatch();
      const row = await again(bench, options, job, first);
      rows[at] = row;
      say(line(row, took()));
    }
    return rows.filter((row) => row !== undefined);
  } finally {
    if (options.keep) say(`The suite's results are in ${dir}`);
    else rmSync(dir, { recursive: true, force: true });
  }
}

/** @param {Row} row */
function unsteady(row) {
  return row.refused.length > 0 || row.trouble !== '';
}

/** @typedef {ReturnType<typeof workbench>} Workbench */

/**
 * The two ways to run a subject. Direct runs are remembered, for subjects that are like another.
 * @param {Options} options
 * @param {string} node
 * @param {string} dir
 */
function workbench({ signal, env }, node, dir) {
  let count = 0;
  /** @type {Map<string, Promise<Awaited<ReturnType<typeof runSuite>>>>} */
  const known = new Map();
  const suite = async (/** @type {string} */ url, /** @type {string} */ set, /** @type {string} */ name) => {
    count++;
    const result = await runSuite({ node, url, set, dir: join(dir, `${count}-${name}-${set}`), env, signal });
    return set === '2025-11-25' ? { ...result, ...(await probeReconnection(url)) } : result;
  };
  /** @param {import('./subjects.mjs').Subject} itself @param {string} set */
  const directly = async (itself, set) => {
    if (itself.program === undefined) throw new Trouble(`${itself.name} cannot be run directly.`);
    const server = await startServer(itself.program, env);
    try {
      const result = await suite(server.endpoint, set, `${itself.name}-direct`);
      const failed = Object.keys(result).filter((name) =>
        result[name]?.some(({ status }) => status === 'FAILURE'),
      );
      if (failed.length > 0 && !itself.failsItself) {
        throw new Trouble(`${itself.name} itself fails ${failed.join(', ')} of ${set}.`);
      }
      return result;
    } finally {
      await server.stop();
    }
  };
  return {
    /**
     * @param {import('./subjects.mjs').Subject} subject
     * @param {string} set
     * @param {boolean} anew although it is known
     */
    async direct(subject, set, anew) {
      const itself = subjects.find(({ name }) => name === (subject.like ?? subject.name)) ?? subject;
      const key = `${itself.name} ${set}`;
      const before = known.get(key);
      if (before !== undefined && !anew) return before;
      const result = directly(itself, set);
      known.set(key, result);
      return result;
    },
    /**
     * @param {import('./subjects.mjs').Subject} subject
     * @param {string} set
     */
    async through(subject, set) {
      const server = subject.program === undefined ? undefined : await startServer(subject.program, env);
      try {
        const gateway = await startGateway(subject.name, subject.entry(server?.endpoint ?? ''), env);
        try {
          return await suite(gateway.endpoint, set, `${subject.name}-through`);
        } finally {
          await gateway.stop();
        }
      } finally {
        await server?.stop();
      }
    },
  };
}

/**
 * @param {Workbench} bench
 * @param {Options} options
 * @param {{ subject: import('./subjects.mjs').Subject, set: string }} job
 * @param {boolean} anew although the direct run is known
 * @returns {Promise<Row>}
 */
async function judged(bench, options, { subject, set }, anew) {
  /** @type {Row} */
  const row = {
    name: subject.name,
    set,
    direct: null,
    through: null,
    compared: 0,
    refused: [],
    notes: [],
    trouble: '',
  };
  try {
    const direct = await bench.direct(subject, set, anew);
    row.direct = totals(direct);
    if (options.direct) return row;
    const through = await bench.through(subject, set);
    const { refused, allowed } = judge(differences(direct, through), subject.allowances ?? []);
    const notes = Object.entries(allowed).map(
      ([because, some]) => `allowed, because ${because}: ${some.map(spelled).join('; ')}`,
    );
    const compared = Object.values(direct).flat().length;
    return { ...row, through: totals(through), compared, refused, notes };
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return { ...row, trouble: error.message };
  }
}

/**
 * The second time, for what differed.
 * @param {Workbench} bench
 * @param {Options} options
 * @param {{ subject: import('./subjects.mjs').Subject, set: string }} job
 * @param {Row} first
 * @returns {Promise<Row>}
 */
async function again(bench, options, job, first) {
  const second = await judged(bench, options, job, true);
  if (unsteady(second)) return second;
  const once = [...first.refused.map(spelled), ...(first.trouble === '' ? [] : [first.trouble])];
  return { ...second, notes: [...second.notes, ...once.map((what) => `only once: ${what}`)] };
}

/** @param {import('./compare.mjs').Difference} difference */
function spelled({ scenario, check, direct, through, said }) {
  const short = said.split('\n')[0]?.slice(0, saidChars) ?? '';
  return `${scenario} ${check}: direct ${direct}, through ${through}${short === '' ? '' : ` (${short})`}`;
}

/** @param {readonly import('./compare.mjs').Difference[]} refused */
function listed(refused) {
  const left = refused.length - shown;
  return [...refused.slice(0, shown).map(spelled), ...(left > 0 ? [`and ${left} more`] : [])];
}

/**
 * @param {Row} row
 * @param {string} took
 */
function line({ name, set, direct, through, refused, notes, trouble }, took) {
  const figures = (/** @type {Row['direct']} */ sum) => (sum === null ? '-' : `${sum.passed}/${sum.failed}`);
  const verdict =
    trouble !== '' ? 'NOT RUN' : through === null ? 'direct only' : `${refused.length} differences`;
  const head = `  ${name.padEnd(14)} ${set}  direct ${figures(direct).padEnd(7)} through ${figures(through).padEnd(7)} ${verdict} (${took})`;
  const rest = [...(trouble === '' ? [] : [trouble]), ...listed(refused), ...notes];
  return [head, ...rest.map((text) => `      ${text.replaceAll('\n', '\n      ')}`)].join('\n');
}
