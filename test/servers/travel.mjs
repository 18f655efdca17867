/**
 * A fixture server that reads like one from the street, without any SDK. `plan_trip` takes all that a schema can ask for
 * (objects in objects, lists of objects, choices, one of several forms, defaults) and answers with text, an image, a link
 * and, as structured content, the very arguments that it was given. `book_trip` says that it failed, `find_hotel` answers
 * with an error of the protocol, `watch_prices` answers only when it is cancelled, that is never.
 */
import { deflateSync } from 'node:zlib';

const sendRaw = (text) => process.stdout.write(`${text}\n`);
const say = (message) => sendRaw(JSON.stringify({ jsonrpc: '2.0', ...message }));

const planTrip = {
  type: 'object',
  properties: {
    from: { type: 'string', minLength: 2, description: 'Town or station to start from.' },
    to: { type: 'string', minLength: 2, description: 'Where to go.' },
    leave: { type: 'string', format: 'date', description: 'Day of departure.' },
    class: { type: 'string', enum: ['first', 'second'], default: 'second', description: 'Of the seat.' },
    flexible: { type: 'boolean', default: true, description: 'Whether a day earlier or later will do.' },
    travelers: {
      type: 'array',
      minItems: 1,
      description: 'Everybody who comes along.',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          age: { type: 'integer', minimum: 0, maximum: 120 },
          card: { type: 'string', enum: ['none', 'half fare', 'all lines'], default: 'none' },
        },
        required: ['name'],
      },
    },
    pay: {
      description: 'How it is paid.',
      oneOf: [
        {
          title: 'Invoice',
          type: 'object',
          properties: { kind: { const: 'invoice' }, email: { type: 'string', format: 'email' } },
          required: ['kind', 'email'],
        },
        {
          title: 'Voucher',
          type: 'object',
          properties: { kind: { const: 'voucher' }, code: { type: 'string', minLength: 6 } },
          required: ['kind', 'code'],
        },
      ],
    },
    comfort: {
      type: 'object',
      description: 'Wishes for the way.',
      properties: {
        quiet: { type: 'boolean' },
        seat: {
          type: 'object',
          properties: { row: { type: 'integer', minimum: 1 }, window: { type: 'boolean' } },
        },
      },
    },
  },
  required: ['from', 'to', 'travelers', 'pay'],
};
const noArguments = { type: 'object', properties: {} };
const tools = [
  [
    'plan_trip',
    'Finds the best connection for a group and shows it on a map.',
    planTrip,
    { readOnlyHint: true },
  ],
  [
    'book_trip',
    'Books what was planned.',
    { type: 'object', properties: { plan: { type: 'string' } }, required: ['plan'] },
    { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  ],
  [
    'find_hotel',
    'Looks for a room near a station.',
    noArguments,
    { readOnlyHint: true, openWorldHint: true },
  ],
  ['watch_prices', 'Waits until a price falls.', noArguments, { readOnlyHint: true }],
].map(([name, description, inputSchema, annotations]) => ({ name, description, inputSchema, annotations }));

/** A picture of the way: 320 x 120, two towns and a line between them. */
function map() {
  const [width, height] = [320, 120];
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const way = 60 + 28 * Math.sin((x - 40) / 38);
      const near = (a, b, r) => (x - a) ** 2 + (y - b) ** 2 < r * r;
      const town = near(40, 60, 7) || near(280, 60 + 28 * Math.sin(240 / 38), 7);
      const color = town
        ? [176, 42, 32]
        : x > 40 && x < 280 && Math.abs(y - way) < 2
          ? [29, 92, 150]
          : [229, 240, 232];
      rows.set(color, y * (width * 3 + 1) + 1 + x * 3);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    out.set(body, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

function call(id, name, given) {
  switch (name) {
    case 'plan_trip':
      return say({
        id,
        result: {
          content: [
            { type: 'text', text: `${given.from} to ${given.to}: 2 h 41 min, one change in Olten.` },
            { type: 'image', data: map().toString('base64'), mimeType: 'image/png' },
            {
              type: 'resource_link',
              uri: 'https://travel.example/plans/41',
              name: 'plan-41',
              title: 'The whole plan',
            },
          ],
          structuredContent: given,
        },
      });
    case 'book_trip':
      return say({
        id,
        result: { isError: true, content: [{ type: 'text', text: 'This plan has expired. Plan it again.' }] },
      });
    case 'find_hotel':
      return say({
        id,
        error: { code: -32050, message: 'The booking service is closed.', data: { opens: '06:00' } },
      });
    default:
      return undefined;
  }
}

function handle(line) {
  const { id, method, params } = JSON.parse(line);
  if (method === 'tools/call') return call(id, params.name, params.arguments ?? {});
  if (method === 'tools/list') return say({ id, result: { tools } });
  if (method === 'initialize') {
    const { protocolVersion } = params;
    const serverInfo = { name: 'travel', version: '1' };
    return say({ id, result: { protocolVersion, capabilities: { tools: {} }, serverInfo } });
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
