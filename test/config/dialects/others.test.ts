import { describe, expect, it } from 'vitest';
import { reading, said, server } from './help.ts';
import { MCPPROXY, PTBSARE, PTBSARE_TOOLS, SPARFENYUK } from './samples.ts';

describe('mcpproxy-go', () => {
  const read = reading(MCPPROXY);

  it('the servers of its page', () => {
    expect(read.dialect?.id).toBe('mcpproxy-go');
    expect(read.config.listen).toBe('127.0.0.1:8080');
    expect(read.config.servers.map(({ name, transport }) => [name, transport.kind])).toEqual([
      ['filesystem', 'stdio'],
      ['remote-server', 'http'],
      ['github-server', 'http'],
      ['isolated-server', 'stdio'],
    ]);
    expect(server(read, 'github-server').transport).toMatchObject({
      oauth: { clientId: 'your-client-id', scopes: ['repo', 'user'] },
    });
    expect(server(read, 'isolated-server').isolation).toMatchObject({
      mode: 'container',
      image: 'node:20',
      network: 'bridge',
    });
  });

  it('asks for no token unless require_mcp_auth says so, and then takes the key in the address too', () => {
    expect(read.config.auth.required).toBe(false);
    const guarded = reading({
      require_mcp_auth: true,
      api_key: '${keyring:k}',
      listen: ':9000',
      mcpServers: [],
    });
    expect(guarded.config.auth).toMatchObject({ required: null, tokens: ['${keyring:k}'], inQuery: true });
    expect(guarded.config.listen).toBe('0.0.0.0:9000');
    const open = reading({ enable_tray: true, listen: ':9000', mcpServers: [] });
    expect(open.config.listen).toBe('127.0.0.1:9000');
    expect(said(open, 'listen')?.kind).toBe('changed');
  });

  it('quarantined, trust_mode, tools, times, profiles, hosts', () => {
    const one = (entry: object) =>
      server(
        reading({ call_tool_timeout: '90s', mcpServers: [{ name: 'one', command: 'x', ...entry }] }),
        'one',
      );
    expect(one({ quarantined: true }).quarantined).toBe(true);
    expect(one({ quarantined: null })).toMatchObject({ quarantined: false, callTimeoutMs: 90_000 });
    expect(one({ trust_mode: 'auto' }).trust).toBe('auto');
    expect(one({ trust_mode: 'scan' }).trust).toBe('manual');
    expect(one({ skip_quarantine: true }).trust).toBe('auto');
    expect(one({ enabled: false, enabled_tools: ['a'] })).toMatchObject({
      enabled: false,
      tools: { allow: ['a'] },
    });
    expect(
      one({ disabled_tools: ['b'], init_timeout: '2m', working_dir: '/w', max_concurrent_requests: 3 }),
    ).toMatchObject({
      tools: { block: ['b'] },
      startTimeoutMs: 120_000,
      maxConcurrentCalls: 3,
      transport: { cwd: '/w' },
    });
    const more = reading({
      trusted_hosts: ['gate.example', '.lan:8080', '*'],
      profiles: [
        { name: 'dev', servers: ['my server', 'nobody'] },
        { name: 'All!', servers: [] },
      ],
      mcpServers: [{ name: 'my server', protocol: 'stdio', command: 'x' }],
    });
    expect(more.config.trustedHosts).toEqual(['gate.example', '.lan:8080']);
    expect(more.config.profiles).toMatchObject([{ name: 'dev', servers: ['my-server'] }]);
    expect(said(more, 'trusted_hosts')?.fault).toBe(true);
  });
});

describe('sparfenyuk', () => {
  const read = reading(SPARFENYUK);

  it('the servers of its pages, with both switches', () => {
    expect(read.dialect?.id).toBe('sparfenyuk');
    expect(read.config.servers.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['fetch', true],
      ['github', true],
      ['off', false],
    ]);
    const off = reading({ mcpServers: { a: { disabled: true, command: 'x', transportType: 'stdio' } } });
    expect(server(off, 'a').enabled).toBe(false);
    expect(said(off, 'mcpServers.a.disabled')?.text).toContain('here it counts');
  });

  it('timeout is ignored, and said to be', () => {
    expect(server(read, 'fetch').callTimeoutMs).toBe(120_000);
    expect(said(read, 'mcpServers.fetch.timeout')?.kind).toBe('dropped');
  });

  it('an entry that is none is left out alone', () => {
    const odd = reading({
      mcpServers: {
        a: { command: 'x', transportType: 'stdio' },
        b: 'x',
        c: { args: ['y'] },
        d: { command: 'x', args: 'y' },
      },
    });
    expect(odd.config.servers.map(({ name }) => name)).toEqual(['a', 'd']);
    expect(odd.report.filter(({ fault }) => fault).map(({ key }) => key)).toEqual([
      'mcpServers.b',
      'mcpServers.c',
      'mcpServers.d.args',
    ]);
  });
});

describe('ptbsare', () => {
  const around = { beside: { 'tool_config.json': PTBSARE_TOOLS } };
  const read = reading(PTBSARE, around);

  it('servers, their switches and keys: the bearer token wins', () => {
    expect(read.dialect?.id).toBe('ptbsare');
    expect(read.config.servers.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['weather', true],
      ['remote', false],
      ['plain', true],
    ]);
    expect(server(read, 'remote').transport).toMatchObject({
      kind: 'sse',
      headers: { Authorization: 'Bearer tok' },
    });
    expect(server(read, 'plain').transport).toMatchObject({ kind: 'http', headers: { 'X-Api-Key': 'key' } });
    expect(said(read, 'mcpServers.weather.installCommands')?.kind).toBe('dropped');
    expect(said(read, 'proxy')?.kind).toBe('dropped');
  });

  it('tool_config.json beside it', () => {
    expect(server(read, 'weather').tools).toEqual({
      allow: null,
      block: ['secret'],
      overrides: [{ tool: 'forecast', name: 'tomorrow', title: null, description: 'What comes.' }],
    });
    const dashed = reading(PTBSARE, {
      env: { SERVER_TOOLNAME_SEPERATOR: ' -- ' },
      beside: { 'tool_config.json': '{"tools":{"weather--x":{"enabled":false}}}' },
    });
    expect(server(dashed, 'weather').tools.block).toEqual(['x']);
    expect(reading(PTBSARE, { beside: { 'tool_config.json': '[' } }).report.some(({ fault }) => fault)).toBe(
      true,
    );
  });

  it('names what of its environment has no effect', () => {
    const { report } = reading(PTBSARE, {
      env: {
        RETRY_SSE_TOOL_CALL: 'false',
        HTTP_TOOL_CALL_MAX_RETRIES: '5',
        STDIO_TOOL_CALL_RETRY_DELAY_BASE_MS: '1',
      },
    });
    const said = report.map(({ text }) => text).join('\n');
    for (const name of [
      'RETRY_SSE_TOOL_CALL',
      'HTTP_TOOL_CALL_MAX_RETRIES',
      'STDIO_TOOL_CALL_RETRY_DELAY_BASE_MS',
    ])
      expect(said).toContain(`The environment variable ${name} has no effect.`);
    expect(said).not.toContain('STDIO_TOOL_CALL_MAX_RETRIES');
  });

  it('its environment', () => {
    expect(read.config).toMatchObject({ listen: '127.0.0.1:3663', auth: { required: false, tokens: [] } });
    const guarded = reading(PTBSARE, {
      env: {
        PORT: '8000',
        ALLOWED_KEYS: ' a, b,',
        ALLOWED_TOKENS: 'c',
        MCP_PROXY_SSE_ALLOWED_KEYS: 'old',
        ADMIN_PASSWORD: 'pw',
      },
    });
    expect(guarded.config).toMatchObject({
      listen: '127.0.0.1:8000',
      auth: { required: null, tokens: ['a', 'b', 'c', 'old'], inQuery: true },
    });
    expect(JSON.stringify(guarded.report)).not.toContain('pw');
  });
});

it('what is in our own words is read as ever, mistakes and all', () => {
  expect(reading('{"mcpServers":{"a":{"command":"x","enabled":false}}}').dialect).toBeNull();
  expect(reading('{"auth":{"required":false},"mcpServers":{}}').dialect).toBeNull();
  expect(() => reading('{"mcpServers":{"a":{"comand":"x"}}}')).toThrow('comand');
  expect(() => reading('{"lisen":"x","mcpServers":{}}')).toThrow('lisen');
});
