/**
 * A fixture server whose tools answer in every way, without any SDK: `echo` tells the very text of its arguments,
 * `pictures` gives images that are none among ones that are, `mixed` every kind of piece, `digits` a structured answer,
 * `fails` says that it failed, `errs` answers with an error, `waits` never answers and writes to the file of `--log` when
 * it begins and when it is cancelled, `huge` answers with many megabytes.
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { log: { type: 'string' } } });
const sendRaw = (text) => process.stdout.write(`${text}\n`);
const say = (message) => sendRaw(JSON.stringify({ jsonrpc: '2.0', ...message }));
const content = (id, ...pieces) => say({ id, result: { content: pieces } });

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** Says that it is 60,000 pixels wide and high: 14 GB when it is drawn. */
const bomb = Buffer.from(png);
bomb.writeUInt32BE(60_000, 16);
bomb.writeUInt32BE(60_000, 20);
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const image = (bytes, mimeType) => ({ type: 'image', data: bytes.toString('base64'), mimeType });

const schema = {
  type: 'object',
  properties: {
    city: { type: 'string', minLength: 1, description: 'Where' },
    days: { type: 'integer', minimum: 1, maximum: 14, default: 3 },
    unit: { enum: ['celsius', 'fahrenheit'], default: 'celsius' },
    place: {
      type: 'object',
      properties: { lat: { type: 'number' }, tags: { type: 'array', items: { type: 'string' } } },
    },
    when: {
      anyOf: [
        { type: 'string', format: 'date', title: 'A day' },
        { type: 'integer', title: 'In days' },
      ],
    },
    self: { $ref: '#' },
  },
  required: ['city'],
};
const names = ['echo', 'pictures', 'mixed', 'digits', 'fails', 'errs', 'waits', 'huge'];

function call(id, name, line) {
  switch (name) {
    case 'waits':
      if (values.log !== undefined) appendFileSync(values.log, 'begun\n');
      return;
    case 'echo':
      return content(id, { type: 'text', text: line });
    case 'pictures':
      return content(
        id,
        image(png, 'image/png'),
        image(svg, 'image/png'),
        image(svg, 'image/svg+xml'),
        image(bomb, 'image/png'),
      );
    case 'mixed':
      return content(
        id,
        { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' },
        { type: 'resource_link', uri: 'file:///a', name: 'a', title: 'The a' },
        { type: 'resource', resource: { uri: 'file:///b', text: 'b'.repeat(200_000) } },
        { type: 'resource', resource: { uri: 'file:///c', blob: 'AAAA' } },
        { type: 'tomorrow', with: ['it'] },
        'not even an object',
      );
    case 'digits':
      return sendRaw(
        `{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":{"id":12345678901234567890}}}`,
      );
    case 'fails':
      return say({ id, result: { isError: true, content: [{ type: 'text', text: 'no such city' }] } });
    case 'errs':
      return say({ id, error: { code: -32042, message: 'broken', data: { at: 1 } } });
    case 'huge':
      return content(id, { type: 'text', text: 'h'.repeat(12 * 1024 * 1024) });
    default:
      return undefined;
  }
}

function handle(line) {
  const { id, method, params } = JSON.parse(line);
  if (method === 'tools/call') return call(id, params.name, line);
  if (method === 'notifications/cancelled' && values.log !== undefined) {
    return appendFileSync(values.log, 'cancelled\n');
  }
  if (method === 'initialize') {
    const { protocolVersion } = params;
    const serverInfo = { name: 'answering', version: '1' };
    return say({ id, result: { protocolVersion, capabilities: { tools: {} }, serverInfo } });
  }
  if (method === 'tools/list') {
    const annotations = { readOnlyHint: true, openWorldHint: true };
    const description = 'Answers.';
    return say({
      id,
      result: { tools: names.map((name) => ({ name, description, annotations, inputSchema: schema })) },
    });
  }
  if (id !== undefined) say({ id, result: {} });
}

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) handle(line);
});
process.stdin.on('end', () => process.exit(0));
