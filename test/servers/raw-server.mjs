/**
 * A fixture server without any SDK: says and tells bytes as they are. Tools:
 * `received` gives back, as text, the very line it was called with; `strange` answers with bytes that no serializer
 * would write; `refuse` answers with an error; `tool_error` with isError; `crash` ends the process; `slow` sends
 * progress and answers when it is cancelled or after `ms`; `cancelled` tells which request ids were cancelled; `grow`
 * adds a tool and tells so; `pid` and `env` tell about the process. Arguments: `--name N`, `--tools N`, `--deaf`
 * (ignores end of input and SIGTERM), `--late MS` (answers initialize late), `--pages N`.
 */
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    name: { type: 'string', default: 'raw' },
    tools: { type: 'string', default: '0' },
    deaf: { type: 'boolean', default: false },
    late: { type: 'string', default: '0' },
    pages: { type: 'string', default: '1' },
  },
});
const names = [
  'received',
  'strange',
  'refuse',
  'tool_error',
  'crash',
  'slow',
  'cancelled',
  'grow',
  'pid',
  'env',
];
for (let i = 0; i < Number(values.tools); i++) names.push(`extra_${i}`);
const cancelled = [];
const running = new Map();

if (values.deaf) process.on('SIGTERM', () => undefined);
const alive = values.deaf ? setInterval(() => undefined, 1_000) : null;

function say(text) {
  process.stdout.write(`${text}\n`);
}

function textResult(id, text) {
  say(JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }] } }));
}

function list(id, params) {
  const pages = Number(values.pages);
  const page = Number(params?.cursor ?? 0);
  const size = Math.ceil(names.length / pages);
  const tools = names
    .slice(page * size, (page + 1) * size)
    .map((name) => `{"x-own":{"n":9007199254740993},"name":"${name}","inputSchema":{"type":"object"}}`);
  const next = page + 1 < pages ? `,"nextCursor":"${page + 1}"` : '';
  say(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"tools":[${tools.join(',')}]${next}}}`);
}

function slow(id, params) {
  const token = params._meta?.progressToken;
  let step = 0;
  const tell = () => {
    step++;
    if (token !== undefined) {
      say(
        `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":${step},"x":1e400,"progressToken":${JSON.stringify(token)}}}`,
      );
    }
  };
  tell();
  const timer = setInterval(tell, 20);
  const end = setTimeout(() => {
    clearInterval(timer);
    running.delete(id);
    textResult(id, `slow done after ${step}`);
  }, params.arguments?.ms ?? 100);
  running.set(id, () => {
    clearInterval(timer);
    clearTimeout(end);
  });
}

function call(id, params, line) {
  switch (params.name) {
    case 'received':
      return textResult(id, line);
    case 'strange':
      // Key order, white space, an unknown content type, huge numbers, and look-alikes of an id.
      return say(
        `{"result":{"structuredContent":[1,{"id":7}],"content":[{"type":"hologram","n":12345678901234567890,"t":"\\"id\\":3"}], "_meta":{"k":1e400},"zzz":null},"id":${JSON.stringify(id)},"jsonrpc":"2.0"}`,
      );
    case 'refuse':
      return say(
        `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":{"code":-32042,"message":"URL needed: \\u00e4","data":{"elicitations":[{"n":9007199254740993}]}}}`,
      );
    case 'tool_error':
      return say(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"content":[],"isError":true}}`);
    case 'crash':
      console.error('about to crash');
      return process.exit(7);
    case 'slow':
      return slow(id, params);
    case 'cancelled':
      return textResult(id, JSON.stringify(cancelled));
    case 'grow':
      names.push(`grown_${names.length}`);
      say('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
      return textResult(id, 'grown');
    case 'pid':
      return textResult(id, String(process.pid));
    case 'env':
      return textResult(id, JSON.stringify(process.env));
    default:
      return textResult(id, params.name);
  }
}

function handle(line) {
  const { id, method, params } = JSON.parse(line);
  switch (method) {
    case 'initialize': {
      const answer = () =>
        say(
          JSON.stringify({
            jsonrpc: '2.0',
            id,
            result: {
              protocolVersion: params.protocolVersion,
              capabilities: { tools: { listChanged: true } },
              serverInfo: { name: values.name, version: '1.2.3' },
              instructions: `I am ${values.name}.`,
            },
          }),
        );
      return Number(values.late) > 0 ? setTimeout(answer, Number(values.late)) : answer();
    }
    case 'tools/list':
      return list(id, params);
    case 'tools/call':
      return call(id, params, line);
    case 'notifications/cancelled':
      cancelled.push(params.requestId);
      running.get(params.requestId)?.();
      return;
    default:
      if (id !== undefined)
        say(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } }));
  }
}

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) handle(line);
});
process.stdin.on('end', () => {
  if (alive === null) process.exit(0);
});
