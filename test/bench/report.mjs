/** What a run has found, for people: one table on the terminal, and the table of README.md. */
import { FIGURES } from './figures.mjs';
import { judge, medians } from './verdict.mjs';

/**
 * A whole run as it lies in dist/bench.json.
 * @typedef {object} Report
 * @property {string} at
 * @property {object} host
 * @property {Record<string, string>} versions
 * @property {{ rounds: number, ms: number }} pace
 * @property {Record<string, string>} skipped what was not measured at all, and why
 * @property {import('./sections.mjs').Results} figures
 */

const FLOORS = ['floor-hop', 'direct-bare', 'floor-pass', 'floor-http'];
const TITLES = { gatehouse: 'gatehouse', electron: 'in Electron' };

/** Every target that is missed, as one line. @param {Report} report */
export function missed(report) {
  return rowsOf(report)
    .filter((row) => row.met === false)
    .map(
      (row) => `${row.title}: ${row.cell('gatehouse')}, ${row.ratio || row.target} (target ${row.target})`,
    );
}

/** @param {Report} report */
export function tableOf(report) {
  const rows = rowsOf(report);
  const present = new Set(Object.values(report.figures).flatMap((each) => Object.keys(medians(each))));
  const labels = ['gatehouse', 'electron', ...FLOORS].filter((label) => present.has(label));
  const peers = [...present].filter((label) => !labels.includes(label));
  const columns = [...labels, ...peers];
  const head = ['figure', 'target', ...columns.map((label) => TITLES[label] ?? label), 'ratio', 'met?'];
  const lines = rows.map((row) => [
    row.first ? row.title : '',
    row.target,
    ...columns.map((label) => (row.first ? row.cell(label) : '')),
    row.ratio,
    row.met === null ? (row.target === '' || row.ratio !== '' ? '' : '?') : row.met ? 'yes' : 'NO',
  ]);
  return `${aligned([head, ...lines])}\n${failures(report)}`;
}

function rowsOf(report) {
  return FIGURES.flatMap((figure) => {
    const measured = report.figures[figure.id];
    if (measured === undefined) return [];
    const values = medians(measured);
    const title = figure.unit === '' ? figure.title : `${figure.title}, ${figure.unit}`;
    const cell = (label) => (values[label] === undefined ? '' : number(values[label]));
    const verdicts = judge(figure, measured);
    if (verdicts.length === 0) verdicts.push({ target: '', value: null, met: null, short: '' });
    return verdicts
      .filter((verdict, index) => index === 0 || verdict.value !== null)
      .map(({ target, met, short }, index) => ({
        title,
        target,
        met,
        ratio: short,
        first: index === 0,
        cell,
      }));
  });
}

function aligned(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((text, column) => (column < 2 ? text.padEnd(widths[column]) : text.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function failures({ figures, skipped }) {
  const reasons = Object.entries(figures).flatMap(([id, { failed }]) =>
    Object.entries(failed).map(([label, why]) => ({
      id,
      text: `${TITLES[label] ?? label}: ${why.slice(0, 160)}`,
    })),
  );
  const byText = Map.groupBy === undefined ? grouped(reasons) : Map.groupBy(reasons, (each) => each.text);
  return [
    ...[...byText].map(([text, each]) => `not measured: ${each.map(({ id }) => id).join(', ')}, ${text}`),
    ...Object.entries(skipped).map(([what, why]) => `skipped: ${what}: ${why}`),
  ].join('\n');
}

/** `Map.groupBy`, which Node 20 does not have. */
function grouped(list) {
  const map = new Map();
  for (const each of list) map.set(each.text, [...(map.get(each.text) ?? []), each]);
  return map;
}

/** What README.md shows of a figure beside it: the first comparison, else what else was measured. */
const IN_README = {
  cpu: 'processor per tool call, 64 in flight, every check and the activity log on',
  rate: 'calls per second, 64 in flight',
  latency: 'median time of a call, one at a time',
  'latency-http': 'the same through an HTTP server',
  'rate-ten': 'calls per second over 10 servers, 16 in flight',
  list: '`tools/list` of 1,000 tools over 10 servers',
  big: 'processor per result of 1 MB',
  lost: 'lost or crossed answers, 256 sessions at once',
  'memory-idle': 'memory, idle with 10 servers',
  'memory-load': 'memory after load',
  session: 'memory of an idle session',
  'session-stream': 'the same with its event stream open',
  start: 'start to listening',
  'bridge-start': '`gatehouse stdio` for one client, start to its first answer',
  'bridge-latency': 'what that adds to a call',
  'bridge-memory': 'memory that is its own alone',
};

const WORDS = {
  'floor-hop': 'the bare relay',
  'direct-bare': 'a direct call',
  'floor-pass': 'a bare relay over HTTP',
};

/** A comparison as a reader sees it who does not know the names in here. */
function inWords(short, target) {
  const [, joint, whom] = / (x|over) (.*)$/.exec(target) ?? ['', '', ''];
  return `${short} ${joint === 'over' ? 'over ' : ''}${WORDS[whom] ?? whom}`;
}

/** The table of README.md. @param {Report} report */
export function markdownOf(report) {
  const values = Object.fromEntries(Object.entries(report.figures).map(([id, each]) => [id, medians(each)]));
  const electron = Object.values(values).some((each) => each.electron !== undefined);
  const head = ['figure', 'Gatehouse', ...(electron ? ['in Electron'] : []), 'beside it'];
  const { host } = report;
  const lines = FIGURES.filter(({ id }) => id in IN_README && values[id]?.gatehouse !== undefined).map(
    (figure) => {
      const own = values[figure.id];
      const shown = (value) =>
        value === undefined ? '' : `${number(value)} ${figure.unit}`.replace(' /s', '').trim();
      const beside = judge(figure, report.figures[figure.id])
        .filter(({ short }) => short !== '')
        .map(({ short, target }) => inWords(short, target));
      const cells = [IN_README[figure.id], shown(own.gatehouse), ...(electron ? [shown(own.electron)] : [])];
      return `| ${[...cells, beside.join('; ')].join(' | ')} |`;
    },
  );
  return [
    `Measured on ${report.at.slice(0, 10)} on ${host.cores} cores (${host.model}), ${host.memoryGiB} GiB, Node ${host.node}` +
      ` (load average ${host.loadBefore} before, ${host.loadAfter} after); ${versionsOf(report)}.`,
    '',
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---|').join('')}`,
    ...lines,
  ].join('\n');
}

function versionsOf({ versions }) {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

function number(value) {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
