/**
 * What the conformance suite is run against: our fixture servers and one real server, each as it stands and behind a
 * Gatehouse. Data only.
 */
import { join } from 'node:path';
import { root } from '../../scripts/lib/places.mjs';

const legacy = join(root, 'test', 'servers', 'conformance-legacy.mjs');
const modern = join(root, 'test', 'servers', 'conformance-modern.mjs');
const everything = join(
  root,
  'node_modules',
  '@modelcontextprotocol',
  'server-everything',
  'dist',
  'index.js',
);

/** @typedef {'2025-11-25' | '2026-07-28'} Revision */

/**
 * @typedef {object} Subject
 * @property {string} name
 * @property {readonly Revision[]} sets
 * @property {import('./processes.mjs').Program} [program] serves over HTTP; left out for one that the gateway starts itself
 * @property {string} [like] the subject whose direct verdicts are expected, for transports that the suite cannot speak
 * @property {(url: string) => object} entry of the gateway's configuration
 * @property {boolean} [failsItself] some scenarios ask for what this server does not have
 * @property {readonly import('./compare.mjs').Allowance[]} [allowances]
 */

/** @type {readonly Revision[]} */
const of2025 = ['2025-11-25'];
/** @type {readonly Revision[]} */
const of2026 = ['2026-07-28'];

/** @param {...string} args */
const started = (...args) => ({ command: process.execPath, args });
/** @param {string} url */
const plainUrl = (url) => ({ url });

/**
 * A gateway hands on the streams in which a server of 2025 answers. Where the server behind it has none (stdio, HTTP+SSE,
 * the stateless revision), it opens one only where there is more to say than the answer; the suite looks at streams only
 * where it finds them, and compares with the same server over streamable HTTP.
 * @type {readonly import('./compare.mjs').Allowance[]}
 */
const plainAnswers = [
  plain('server-sse-multiple-streams', 'server-sse-streams-functional', 'SUCCESS', 'INFO'),
  plain('server-sse-polling', 'server-sse-content-type', 'absent', 'INFO'),
  plain('server-sse-polling', 'server-sse-priming-event', 'SUCCESS', 'absent'),
  plain('server-sse-polling', 'server-sse-retry-field', 'SUCCESS', 'absent'),
  plain('server-sse-polling', 'server-sse-disconnect-resume', 'SUCCESS', 'absent'),
];

/**
 * @param {string} scenario
 * @param {string} check
 * @param {import('./compare.mjs').Verdict} direct
 * @param {import('./compare.mjs').Verdict} through
 * @returns {import('./compare.mjs').Allowance}
 */
function plain(scenario, check, direct, through) {
  const because = 'the server behind the gateway answers without streams of its own';
  return { scenario, check, direct, through, because };
}

/** @type {readonly Subject[]} */
export const subjects = [
  {
    name: 'legacy',
    sets: of2025,
    program: { args: [legacy] },
    entry: plainUrl,
  },
  {
    name: 'legacy-stdio',
    sets: of2025,
    like: 'legacy',
    entry: () => started(legacy, '--stdio'),
    allowances: plainAnswers,
  },
  {
    name: 'legacy-sse',
    sets: of2025,
    like: 'legacy',
    program: { args: [legacy, '--sse'] },
    entry: (url) => ({ url, type: 'sse' }),
    allowances: plainAnswers,
  },
  {
    name: 'everything',
    sets: of2025,
    program: { args: [everything, 'streamableHttp'], portVariable: 'PORT' },
    entry: plainUrl,
    failsItself: true,
    allowances: [
      {
        scenario: 'server-session-lifecycle',
        check: 'server-session-terminated-returns-404',
        direct: 'FAILURE',
        through: 'SUCCESS',
        because: "sessions with clients are the gateway's own",
      },
      {
        scenario: 'dns-rebinding-protection',
        check: 'localhost-host-rebinding-rejected',
        direct: 'FAILURE',
        through: 'SUCCESS',
        because: 'this server answers whoever asks, the gateway does not',
      },
    ],
  },
  { name: 'modern', sets: of2026, program: { args: [modern] }, entry: plainUrl },
  { name: 'modern-stdio', sets: of2026, like: 'modern', entry: () => started(modern, '--stdio') },
  {
    name: 'dual',
    sets: [...of2025, ...of2026],
    program: { args: [modern, '--era', 'dual'] },
    entry: plainUrl,
    allowances: plainAnswers,
  },
];

/**
 * Clients of one era before servers of the other. What the gateway can translate passes; what one era does not have
 * cannot. So these are told, and decide nothing.
 * @type {readonly Subject[]}
 */
export const crosses = [
  { name: 'modern', sets: of2025, like: 'legacy', program: { args: [modern] }, entry: plainUrl },
  { name: 'modern-stdio', sets: of2025, like: 'legacy', entry: () => started(modern, '--stdio') },
  { name: 'legacy', sets: of2026, like: 'modern', program: { args: [legacy] }, entry: plainUrl },
  { name: 'legacy-stdio', sets: of2026, like: 'modern', entry: () => started(legacy, '--stdio') },
];
