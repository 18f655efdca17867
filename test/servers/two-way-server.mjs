/**
 * A fixture server over stdio without any SDK that speaks either era, or both, and uses everything that goes from a
 * server to its clients. Tools: `ask {method, params}` asks the client and tells what it said; `log {text}` logs at
 * every level that is wanted; `touch {uri}` tells those who subscribed; `grow` adds a tool and tells so; `facts` tells
 * what it knows (greeting, level, subscriptions, notifications heard, cancelled requests, process id); `slow` never
 * answers; `crash` ends the process.
 * Arguments: `--era legacy|modern|dual`; `--silent-probe` and `--exit-on-probe` are how it takes `server/discover` while
 * it is legacy; `--late MS` reads nothing for so long; `--strict` refuses capabilities with settings; `--plain` declares
 * tools only, and tells of no changes.
 */
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    era: { type: 'string', default: 'legacy' },
    late: { type: 'string', default: '0' },
    'silent-probe': { type: 'boolean', default: false },
    'exit-on-probe': { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    plain: { type: 'boolean', default: false },
  },
});
const VERSION = '2026-07-28';
const PREFIX = 'io.modelcontextprotocol/';
const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
/** What this process speaks; a server of both eras decides by how it is greeted. */
let era = values.era === 'dual' ? null : values.era;
let pinned = false;
const names = ['ask', 'log', 'touch', 'grow', 'facts', 'slow', 'crash'];
const facts = {
  pid: process.pid,
  greeting: null,
  greetings: 0,
  level: null,
  levels: 0,
  subscribed: [],
  subscriptions: 0,
  heard: [],
  cancelled: [],
  listens: 0,
  calls: 0,
};
const subscribed = new Set();
/** Open streams by the id of their request. */
const streams = new Map();
const asked = new Map();
let nextAsk = 0;

const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const answer = (id, result) =>
  say({ id, result: era === 'modern' ? { resultType: 'complete', ...result } : result });
const refuse = (id, code, message, data) => say({ id, error: { code, message, ...(data && { data }) } });
const text = (id, value) =>
  answer(id, {
    content: [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }],
  });
const capabilities = () =>
  values.plain
    ? { tools: {} }
    : {
        tools: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        logging: {},
      };
const serverInfo = { name: 'two-way', version: '1' };

function ask(id, params) {
  const { method, params: what } = params.arguments;
  if (era === 'modern') {
    const given = params.inputResponses?.it;
    if (given !== undefined) return text(id, { result: given, state: params.requestState });
    return answer(id, {
      resultType: 'input_required',
      inputRequests: { it: { method, params: what } },
      requestState: 'opaque "\u00e4',
    });
  }
  const own = `ask-${nextAsk++}`;
  asked.set(own, (reply) => text(id, reply));
  say({ id: own, method, params: what });
}

function log(id, { arguments: args, _meta }) {
  const from = era === 'modern' ? _meta?.[`${PREFIX}logLevel`] : (facts.level ?? 'debug');
  for (const level of from === undefined ? [] : LEVELS.slice(LEVELS.indexOf(from))) {
    say({ method: 'notifications/message', params: { level, logger: 'two-way', data: args?.text } });
  }
  text(id, 'logged');
}

function tell(kind, method, params = {}) {
  if (era !== 'modern') return say({ method, params });
  for (const [id, filter] of streams) {
    const wanted =
      kind === 'resourceSubscriptions' ? filter[kind]?.includes(params.uri) : filter[kind] === true;
    if (wanted) say({ method, params: { _meta: { [`${PREFIX}subscriptionId`]: id }, ...params } });
  }
}

function call(id, params) {
  facts.calls++;
  switch (params.name) {
    case 'ask':
      return ask(id, params);
    case 'log':
      return log(id, params);
    case 'touch': {
      const { uri } = params.arguments;
      if (era === 'modern' || subscribed.has(uri)) {
        tell('resourceSubscriptions', 'notifications/resources/updated', { uri });
      }
      return text(id, 'touched');
    }
    case 'grow':
      names.push(`grown_${names.length}`);
      tell('toolsListChanged', 'notifications/tools/list_changed');
      return text(id, 'grown');
    case 'facts':
      facts.subscribed = [...subscribed];
      return text(id, {
        ...facts,
        streams: [...streams.values()],
        ...(era === 'modern' && { meta: params._meta }),
      });
    case 'slow':
      return;
    case 'crash':
      return process.exit(7);
    default:
      return text(id, params.name);
  }
}

function initialize(id, params) {
  facts.greetings++;
  // Like the SDK's: one of both eras is what it was greeted as last, before anything else was asked.
  if (era === 'modern' && (values.era !== 'dual' || pinned))
    return refuse(id, -32022, 'Unsupported protocol version', { supported: [VERSION] });
  if (values.strict && Object.values(params.capabilities).some((one) => Object.keys(one).length > 0)) {
    return refuse(id, -32602, 'Unrecognized field in capabilities');
  }
  era = 'legacy';
  facts.greeting = params;
  answer(id, {
    protocolVersion: params.protocolVersion,
    capabilities: capabilities(),
    serverInfo,
    instructions: 'Both ways.',
  });
}

function discover(id, params) {
  if (era === 'legacy') {
    if (values['exit-on-probe']) process.exit(3);
    if (!values['silent-probe']) refuse(id, -32601, 'Method not found');
    return;
  }
  era = 'modern';
  facts.greeting = params;
  answer(id, {
    supportedVersions: [VERSION],
    capabilities: capabilities(),
    instructions: 'Both ways.',
    _meta: { [`${PREFIX}serverInfo`]: serverInfo },
  });
}

function listen(id, { notifications }) {
  facts.listens++;
  streams.set(id, notifications);
  say({
    method: 'notifications/subscriptions/acknowledged',
    params: { _meta: { [`${PREFIX}subscriptionId`]: id }, notifications },
  });
}

function handle(line) {
  const { id, method, params = {}, result, error } = JSON.parse(line);
  if (method === undefined) {
    const given = asked.get(id);
    asked.delete(id);
    return given?.(error === undefined ? { result } : { error });
  }
  if (id === undefined) {
    if (method === 'notifications/cancelled') {
      facts.cancelled.push(params.requestId);
      streams.delete(params.requestId);
    } else facts.heard.push(method);
    return;
  }
  if (method === 'initialize') return initialize(id, params);
  if (method === 'server/discover') return discover(id, params);
  pinned = true;
  if (era === 'modern' && params._meta?.[`${PREFIX}protocolVersion`] !== VERSION) {
    return refuse(id, -32602, 'The version is missing in _meta');
  }
  switch (method) {
    case 'tools/list':
      return answer(id, {
        tools: names.map((name) => ({ name, inputSchema: { type: 'object' } })),
        ...(era === 'modern' && { ttlMs: 5000, cacheScope: 'public' }),
      });
    case 'resources/list':
      return answer(id, { resources: [{ uri: 'note://1', name: 'one' }] });
    case 'tools/call':
      return call(id, params);
    case 'logging/setLevel':
      facts.level = params.level;
      facts.levels++;
      return answer(id, {});
    case 'resources/subscribe':
      facts.subscriptions++;
      if (params.uri === 'note://absent')
        return refuse(id, -32002, 'Resource not found', { uri: params.uri });
      subscribed.add(params.uri);
      return answer(id, {});
    case 'resources/unsubscribe':
      subscribed.delete(params.uri);
      return answer(id, {});
    case 'subscriptions/listen':
      return listen(id, params);
    case 'ping':
      return answer(id, {});
    default:
      return refuse(id, -32601, 'Method not found');
  }
}

let rest = '';
function read() {
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) handle(line);
  });
  process.stdin.on('end', () => process.exit(0));
}
if (Number(values.late) > 0) setTimeout(read, Number(values.late));
else read();
