/**
 * The figures that the gateway is judged by: what they are called, in which unit, and what they must reach.
 */

/**
 * What must hold. `ratio` and `added` compare with the best of `against` within each round; `value` stands alone.
 * Without a limit it is only shown.
 * @typedef {{ kind: 'ratio' | 'added' | 'value', bound: 'most' | 'least', limit: number | null, against?: readonly string[] }} Target
 * @typedef {{ id: string, title: string, unit: string, better: 'less' | 'more', targets: readonly Target[] }} Figure
 */

const HOP = ['floor-hop'];
const DIRECT = ['direct-bare'];
const HUB = ['mcp-hub'];
const PASS = ['floor-pass'];
const BRIDGES = ['mcp-proxy', 'mcp-proxy sse', 'supergateway'];

const most = (limit) => /** @type {const} */ ({ kind: 'value', bound: 'most', limit });
const ratio = (bound, limit, against) => /** @type {const} */ ({ kind: 'ratio', bound, limit, against });
const added = (limit, against) => /** @type {const} */ ({ kind: 'added', bound: 'most', limit, against });
const beside = (kind, against) => /** @type {const} */ ({ kind, bound: 'most', limit: null, against });

/** @type {readonly Figure[]} */
export const FIGURES = [
  figure('cpu', 'processor per call, 64 in flight', 'us', 'less', [
    ratio('most', 1.6, HOP),
    ratio('most', 1 / 5, HUB),
  ]),
  figure('rate', 'calls per second, 64 in flight', '/s', 'more', [
    ratio('least', 0.8, HOP),
    ratio('least', 4.5, HUB),
    ratio('least', 2.5, BRIDGES),
  ]),
  figure('latency', 'median latency, one at a time', 'us', 'less', [added(90, HOP)]),
  figure('cpu-stateless', 'processor per call, 64 in flight, 2026-07-28', 'us', 'less', [
    ratio('most', 1.6, HOP),
  ]),
  figure('rate-stateless', 'calls per second, 64 in flight, 2026-07-28', '/s', 'more', [
    ratio('least', 0.8, HOP),
  ]),
  figure('latency-stateless', 'median latency, one at a time, 2026-07-28', 'us', 'less', [added(90, HOP)]),
  figure('latency-http', 'median latency, an HTTP server behind', 'us', 'less', [
    added(350, DIRECT),
    beside('added', PASS),
  ]),
  figure('rate-ten', 'calls per second over 10 servers, 16 in flight', '/s', 'more', [
    ratio('least', 4.5, HUB),
    beside('ratio', HOP),
  ]),
  figure('cpu-ten', 'processor per call over 10 servers, 16 in flight', 'us', 'less', [
    beside('ratio', HUB),
    beside('ratio', HOP),
  ]),
  figure('list', 'tools/list of 1,000 tools over 10 servers, median', 'ms', 'less', [most(0.5)]),
  figure('big', 'processor per 1 MB result', 'ms', 'less', [most(2)]),
  figure('lost', 'lost or crossed answers, 256 sessions at once', '', 'less', [most(0)]),
  figure('rate-crowd', 'calls per second, 256 sessions at once', '/s', 'more', []),
  figure('memory-idle', 'memory, idle with 10 servers', 'MiB', 'less', [most(75)]),
  figure('memory-load', 'memory after load', 'MiB', 'less', [most(140)]),
  figure('memory-big', 'memory after 1 MB results', 'MiB', 'less', []),
  figure('memory-app', 'memory of the whole app with its helpers, idle', 'MiB', 'less', []),
  figure('session', 'memory of an idle session', 'KiB', 'less', [most(15)]),
  figure('session-stream', 'memory of an idle session with its stream', 'KiB', 'less', [most(20)]),
  figure('start', 'start to listening', 'ms', 'less', []),
  figure('bridge-start', 'bridge for one client, start to its first answer', 'ms', 'less', [most(400)]),
  figure('bridge-latency', 'bridge, what it adds to the median call over HTTP', 'us', 'less', []),
  figure('bridge-memory', 'bridge, memory that is its own alone', 'MiB', 'less', [most(60)]),
  figure('ready', 'start to 10 servers connected', 'ms', 'less', []),
];

function figure(id, title, unit, better, targets) {
  return { id, title, unit, better, targets };
}
