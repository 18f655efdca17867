/** Requests of the revision 2026-07-28: what is refused before anything is done for it. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { META } from '../../main/protocol/modern.ts';
import { fakePorts, fakeView } from '../fakes/gateway-ports.ts';
import { closingDoors, eventually, headers, type ModernDoor, meta, text, VERSION } from './modern-door.ts';

const open = closingDoors();

describe('which requests are of this revision (versioning section, "Backward Compatibility")', () => {
  const claim = { _meta: meta() };
  it.each<[string, boolean, string, Record<string, string>]>([
    ['the body says so', true, text('tools/list', claim), {}],
    ['the header alone says so', true, text('tools/list', {}), { 'MCP-Protocol-Version': VERSION }],
    ['a later revision', true, text('tools/list', {}), { 'MCP-Protocol-Version': '2027-01-01' }],
    ['initialize with a whole claim', true, text('initialize', claim), headers('initialize')],
    ['initialize without', false, text('initialize', {}), { 'MCP-Protocol-Version': VERSION }],
    ['neither says so', false, text('tools/list', {}), { 'MCP-Protocol-Version': '2025-11-25' }],
    ['no header at all', false, text('tools/list', {}), {}],
    [
      'an older revision in a session',
      false,
      text('tools/list', { _meta: { [META.version]: '2025-11-25' } }),
      { 'Mcp-Session-Id': 'x' },
    ],
    ['an escaped slash', true, text('tools/list', claim).replaceAll('/', '\\/'), {}],
    [
      'a notification of its header',
      true,
      '{"jsonrpc":"2.0","method":"x"}',
      { 'MCP-Protocol-Version': VERSION },
    ],
    ['a batch with its header', true, '[]', { 'MCP-Protocol-Version': VERSION }],
  ])('%s: %s', async (_what, modern, body, extra) => {
    const door = await open();
    await door.post(body, extra).answer;
    expect(door.modern).toBe(modern);
  });
});

describe('per-request fields (overview section)', () => {
  it.each<[string, object]>([
    ['_meta', {}],
    ['protocolVersion', { _meta: { [META.clientCapabilities]: {} } }],
    ['clientCapabilities', { _meta: { [META.version]: VERSION } }],
    ['clientCapabilities', { _meta: meta({ [META.clientCapabilities]: [] }) }],
    ['logLevel', { _meta: meta({ [META.logLevel]: 'loud' }) }],
    ['protocolVersion', { _meta: meta({ [META.version]: 7 }) }],
  ])('400 and -32602 without a sound %s', async (key, params) => {
    const door = await open();
    const { status, json } = await door.post(text('server/discover', params, 'a'), headers('server/discover'))
      .answer;
    expect(status).toBe(400);
    expect(json).toMatchObject({ id: 'a', error: { code: -32602, message: expect.stringContaining(key) } });
  });

  it('takes requests without clientInfo, and with the same facts spelled in another way', async () => {
    const door = await open();
    const { [META.clientInfo]: _info, ...rest } = meta();
    expect((await door.send('server/discover', { _meta: rest }).answer).status).toBe(200);
    const spaced = JSON.stringify(
      { jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: meta() } },
      null,
      1,
    );
    expect((await door.post(spaced, headers('server/discover')).answer).status).toBe(200);
  });

  it('answers an unknown revision with those it speaks (versioning section, "Protocol Version Negotiation")', async () => {
    const door = await open();
    const params = { _meta: meta({ [META.version]: 'v999' }) };
    const { status, json } = await door.post(
      text('server/discover', params),
      headers('server/discover', { 'MCP-Protocol-Version': 'v999' }),
    ).answer;
    expect(status).toBe(400);
    expect(json.error).toMatchObject({
      code: -32022,
      data: {
        requested: 'v999',
        supported: [VERSION, '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
      },
    });
  });

  it('says first that header and body differ, whatever either says', async () => {
    const door = await open();
    const params = { _meta: meta({ [META.version]: 'v999' }) };
    const sent = door.post(text('server/discover', params, 3), headers('server/discover'));
    expect(await sent.answer).toMatchObject({ status: 400, json: { id: 3, error: { code: -32020 } } });
  });

  it('does not offer a revision with sessions to who names it in a stateless request', async () => {
    const door = await open();
    const params = { _meta: meta({ [META.version]: '2025-11-25' }) };
    const { json } = await door.post(text('tools/list', params), { 'MCP-Protocol-Version': '2025-11-25' })
      .answer;
    expect(json.error).toMatchObject({
      code: -32022,
      data: { requested: '2025-11-25', supported: [VERSION] },
    });
  });
});

describe('headers repeat the body (streamable HTTP section, "Server Validation")', () => {
  const call = text('tools/call', { name: 'echo', arguments: {}, _meta: meta() }, 9);
  it.each<[string, Record<string, string>]>([
    ['no version header', { 'Mcp-Method': 'tools/call', 'Mcp-Name': 'echo' }],
    [
      'another version header',
      headers('tools/call', { 'MCP-Protocol-Version': '2025-11-25', 'Mcp-Name': 'echo' }),
    ],
    ['no method', { 'MCP-Protocol-Version': VERSION, 'Mcp-Name': 'echo' }],
    ['another method', headers('tools/list', { 'Mcp-Name': 'echo' })],
    ['the method in capitals', headers('TOOLS/CALL', { 'Mcp-Name': 'echo' })],
    ['no name', headers('tools/call')],
    ['another name', headers('tools/call', { 'Mcp-Name': 'other' })],
    ['a name that cannot be decoded', headers('tools/call', { 'Mcp-Name': '=?base64?!?=' })],
  ])('400 and -32020 with %s', async (_what, wrong) => {
    const door = await open();
    const { status, json } = await door.post(call, wrong).answer;
    expect(status).toBe(400);
    expect(json).toMatchObject({ id: 9, error: { code: -32020, data: { code: 'gateway.header_mismatch' } } });
    expect(door.ports.forwarded).toHaveLength(0);
  });

  it.each([
    ['echo', 'echo'],
    ['echo', '  echo  '],
    ['caf\u00e9', '=?base64?Y2Fmw6k=?='],
  ])('takes %j for the header %j', async (name, header) => {
    const ports = fakePorts();
    ports.current = fakeView({ [name]: {} });
    const door = await open({ ports });
    const sent = door.post(
      text('tools/call', { name, arguments: {}, _meta: meta() }),
      headers('tools/call', { 'Mcp-Name': header }),
    );
    (await door.forwarded(0)).result('{}');
    expect((await sent.answer).status).toBe(200);
  });

  it('asks for none on the private socket: stdio has no headers (stdio section, "Request Metadata")', async () => {
    const path = join(tmpdir(), `gh-unit-${process.pid}.sock`);
    const ports = fakePorts();
    ports.current = fakeView({ echo: { properties: { r: { type: 'string', 'x-mcp-header': 'R' } } } });
    const door = await open({ path, ports });
    const sent = door.post(text('tools/call', { name: 'echo', arguments: { r: 'x' }, _meta: meta() }));
    (await door.forwarded(0)).result('{"content":[]}');
    expect((await sent.answer).json.result).toEqual({ content: [] });
  });
});

describe('custom headers (streamable HTTP section, "Server Behavior for Custom Headers")', () => {
  const schema = {
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      deep: { type: 'object', properties: { n: { type: 'integer', 'x-mcp-header': 'N' } } },
    },
  };
  const call = (args: object, extra: Record<string, string>) => async (door: ModernDoor) => {
    const sent = door.post(
      text('tools/call', { name: 'tool', arguments: args, _meta: meta() }),
      headers('tools/call', { 'Mcp-Name': 'tool', ...extra }),
    );
    void eventually(() => door.ports.forwarded.length > 0, 1_000).then(
      () => door.ports.forwarded[0]?.result('{}'),
      () => undefined,
    );
    return sent.answer;
  };
  it.each<[string, number, object, Record<string, string>]>([
    ['the value', 200, { region: 'us' }, { 'Mcp-Param-Region': 'us' }],
    ['the value in Base64', 200, { region: 'Hello' }, { 'mcp-param-region': '=?base64?SGVsbG8=?=' }],
    ['a nested number, written in another way', 200, { deep: { n: 42 } }, { 'Mcp-Param-N': '42.0' }],
    ['nothing for null', 200, { region: null }, {}],
    ['nothing for what is absent', 200, {}, {}],
    ['nothing', 400, { region: 'us' }, {}],
    ['another value', 400, { region: 'us' }, { 'Mcp-Param-Region': 'eu' }],
    ['Base64 without padding', 400, { region: 'Hello' }, { 'Mcp-Param-Region': '=?base64?SGVsbG8?=' }],
    ['another number', 400, { deep: { n: 42 } }, { 'Mcp-Param-N': '43' }],
  ])('with %s: %i', async (_what, status, args, extra) => {
    const ports = fakePorts();
    ports.current = fakeView({ tool: schema });
    const door = await open({ ports });
    const answer = await call(args, extra)(door);
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.json.error?.code).toBe(-32020);
  });
});
