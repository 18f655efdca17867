import { describe, expect, it } from 'vitest';
import { fault, reading, said, server } from './help.ts';
import { TBXARK } from './pages.ts';

const proxy = (options: object = {}, more: object = {}) => ({
  addr: '127.0.0.1:9090',
  name: 'P',
  version: '1',
  ...more,
  options,
});
const one = (entry: object, options: object = {}) =>
  reading({ mcpProxy: proxy(options), mcpServers: { one: { command: 'x', ...entry } } });

describe('version 2', () => {
  const read = reading(TBXARK);

  it('is known by its shape, and its servers are what they are there', () => {
    expect(read.dialect?.id).toBe('tbxark');
    expect(read.config.servers.map(({ name, transport }) => [name, transport.kind])).toEqual([
      ['github', 'stdio'],
      ['fetch', 'stdio'],
      ['amap', 'sse'],
    ]);
    expect(server(read, 'github').tools).toMatchObject({ allow: null, block: ['create_or_update_file'] });
    expect(server(read, 'fetch').required).toBe(true);
    expect(server(read, 'github').required).toBe(false);
  });

  it('authTokens replace the default, they are not united with it, and the narrower one does not open /mcp', () => {
    expect(server(read, 'github').authTokens).toEqual(['DefaultTokens']);
    expect(server(read, 'fetch').authTokens).toEqual(['SpecificTokens']);
    // Whoever has the default token may not get at "fetch" by way of the merged endpoint.
    expect(read.config.auth).toMatchObject({ token: null, tokens: [], required: null });
  });

  it('the address and the base address are in force', () => {
    expect(read.config.listen).toBe('0.0.0.0:9090');
    expect(read.config.trustedHosts).toEqual(['mcp.example.com']);
    expect(
      reading(TBXARK.replace('https://mcp.example.com', 'https://h.example/a//b/')).config.basePath,
    ).toBe('/a/b');
  });

  it('says of every key what became of it, with its line', () => {
    expect(said(read, 'mcpProxy.name')).toMatchObject({ kind: 'dropped', fault: false, line: 5 });
    expect(said(read, 'mcpProxy.options.logEnabled')).toMatchObject({ kind: 'understood', line: 10 });
    expect(said(read, 'mcpServers.github.options.toolFilter.list')).toMatchObject({
      kind: 'understood',
      line: 29,
    });
  });
});

describe('tokens', () => {
  it('authTokens: [] opens one server although there is a default', () => {
    const read = one({ options: { authTokens: [] } }, { authTokens: ['d'] });
    expect(server(read, 'one').authTokens).toEqual([]);
    expect(read.config.auth.tokens).toEqual(['d']);
  });

  it('without any token nothing is asked for, on this computer alone', () => {
    const read = reading(TBXARK.replace(/"authTokens": \[\s*"(Default|Specific)Tokens"\s*\]/g, '"x": 1'));
    expect(read.config.auth.required).toBe(false);
    expect(read.config.listen).toBe('127.0.0.1:9090');
    expect(said(read, 'mcpProxy.addr')).toMatchObject({ kind: 'changed' });
    expect(read.config.servers.map(({ authTokens }) => authTokens)).toEqual([null, null, null]);
  });

  it('a server that nobody guards keeps the whole off the network, and is open as there', () => {
    const read = reading({
      mcpProxy: proxy({}, { addr: ':9090' }),
      mcpServers: { a: { command: 'x', options: { authTokens: ['t'] } }, b: { command: 'x' } },
    });
    expect(read.config.listen).toBe('127.0.0.1:9090');
    expect(server(read, 'b').authTokens).toEqual([]);
    expect(read.config.auth.required).toBeNull();
  });

  it('in the key: the path is the token, and nothing opens the server without it', () => {
    const read = reading({
      mcpProxy: proxy(),
      mcpServers: {
        'fetch/s3cret': { command: 'x' },
        fetch: { command: 'y', options: { authTokens: ['t'] } },
      },
    });
    expect(read.config.servers.map(({ name, route, authTokens }) => [name, route, authTokens])).toEqual([
      ['fetch-2', 'fetch/s3cret', ['s3cret']],
      ['fetch', null, ['t']],
    ]);
    expect(read.config.auth.inPath).toBe(true);
    expect(JSON.stringify(read.report)).not.toContain('s3cret');
  });

  it('in the key and in the list: the list still counts, as there', () => {
    const read = reading({
      mcpProxy: proxy({ authTokens: ['d'] }),
      mcpServers: { 'team/fetch': { command: 'x' } },
    });
    expect(server(read, 'team')).toMatchObject({ route: 'team/fetch', authTokens: ['d'] });
  });
});

describe('toolFilter', () => {
  it.each([
    [{ mode: 'allow', list: ['a'] }, ['a'], []],
    [{ mode: 'Block', list: ['a', 'b'] }, null, ['a', 'b']],
    [{ mode: 'allow', list: [] }, null, []],
    [{ mode: 'deny', list: ['a'] }, null, []],
    [{ list: ['a'] }, null, []],
  ])('%j', (toolFilter, allow, block) => {
    expect(server(one({ options: { toolFilter } }), 'one').tools).toMatchObject({ allow, block });
  });

  it('knows no patterns: what would be one here lets nothing through', () => {
    const read = one({ options: { toolFilter: { mode: 'allow', list: ['get_*', 'a', '?'] } } });
    expect(server(read, 'one').tools).toMatchObject({ allow: ['a'] });
    expect(said(read, 'mcpServers.one.options.toolFilter.list')).toMatchObject({ kind: 'dropped' });
  });

  it('with a mode that is none lets all through, and says so', () => {
    const read = one({ options: { toolFilter: { mode: 'deny', list: ['a'] } } });
    expect(said(read, 'mcpServers.one.options.toolFilter.mode')).toMatchObject({
      kind: 'dropped',
      fault: true,
    });
  });
});

describe('timeouts', () => {
  const at = (timeout: unknown, transportType = 'streamable-http') => ({
    mcpProxy: proxy(),
    mcpServers: { one: { url: 'https://h.example/mcp', transportType, timeout } },
  });

  it('count nanoseconds, or have a unit', () => {
    expect(server(reading(at(30_000_000_000)), 'one').callTimeoutMs).toBe(30_000);
    expect(server(reading(at('1m30s')), 'one').callTimeoutMs).toBe(90_000);
  });

  it('of less than a millisecond are refused with a hint and the place', () => {
    expect(fault(at(30))).toMatchObject({
      code: 'config.invalid_value',
      key: 'mcpServers.one.timeout',
      line: 12,
    });
    expect(fault(at(30)).message).toContain('nanoseconds');
  });

  it('count for streamable HTTP only', () => {
    const read = reading(at(30, 'sse'));
    expect(server(read, 'one').callTimeoutMs).toBe(120_000);
    expect(said(read, 'mcpServers.one.timeout')?.kind).toBe('dropped');
  });
});

describe('variables', () => {
  it('become references, so that no value gets into a converted file; what is not set becomes nothing', () => {
    const read = reading(
      {
        mcpProxy: proxy({ authTokens: ['$TOKEN'] }, { addr: '$ADDR' }),
        mcpServers: {
          '${NAME}': { command: 'x', args: ['--key=$KEY', 'a$b $ c', '$NONE'], env: { A: '${KEY}' } },
        },
      },
      { env: { TOKEN: 't0p', KEY: 'k3y', NAME: 'one', ADDR: '127.0.0.1:1' } },
    );
    expect(server(read, 'one').transport).toMatchObject({
      args: ['--key=${env:KEY}', 'a $ c', ''],
      env: { A: '${env:KEY}' },
    });
    expect(server(read, 'one').authTokens).toEqual(['${env:TOKEN}']);
    expect(read.config.listen).toBe('127.0.0.1:1');
    expect(read.text).not.toMatch(/t0p|k3y/);
    expect(said(read, 'mcpServers["${NAME}"].args[2]')?.text).toContain('NONE');
  });

  it('may stand for more than text', () => {
    const text =
      '{"mcpProxy":{"addr":"127.0.0.1:1"},"mcpServers":{"a":{"command":"x","options":{"disabled":$OFF}}}}';
    expect(server(reading(text, { env: { OFF: 'true' } }), 'a').enabled).toBe(false);
  });

  it('with quotes in them do not break out of their text', () => {
    const read = one({ env: { A: '$EVIL' } });
    expect(server(read, 'one').enabled).toBe(true);
    const evil = reading(
      { mcpProxy: proxy(), mcpServers: { one: { command: '$EVIL' } } },
      { env: { EVIL: 'x","url":"http://evil' } },
    );
    expect(server(evil, 'one').transport).toMatchObject({ kind: 'stdio', command: '${env:EVIL}' });
  });
});

describe('version 1', () => {
  const OLD = {
    server: {
      baseURL: 'http://127.0.0.1:9090',
      addr: '127.0.0.1:9090',
      name: 'P',
      version: '1',
      globalAuthTokens: ['g'],
    },
    clients: {
      one: {
        type: 'stdio',
        config: { command: 'npx', args: ['x'], env: { A: 'b' } },
        panicIfInvalid: true,
        logEnabled: true,
        authTokens: ['o'],
      },
      two: {
        type: 'streamable-http',
        config: { url: 'https://h.example/mcp', headers: { A: 'b' }, timeout: 5_000_000_000 },
      },
      three: { type: 'sse', config: { url: 'https://h.example/sse' } },
    },
  };

  it('is read without the losses of its own conversion', () => {
    const read = reading(OLD);
    expect(server(read, 'one')).toMatchObject({
      required: true,
      authTokens: ['o', 'g'],
      transport: { command: 'npx', env: { A: 'b' } },
    });
    expect(server(read, 'two')).toMatchObject({
      transport: { kind: 'http', headers: { A: 'b' } },
      callTimeoutMs: 5_000,
      authTokens: ['g'],
    });
    expect(server(read, 'three').transport.kind).toBe('sse');
  });

  it('gives way to version 2, half by half', () => {
    const both = reading({
      ...OLD,
      mcpProxy: proxy({ authTokens: ['d'] }),
      mcpServers: { a: { command: 'x' } },
    });
    expect(both.config.servers.map(({ name, authTokens }) => [name, authTokens])).toEqual([['a', ['d']]]);
    expect(said(both, 'clients')?.kind).toBe('dropped');
    const half = reading({ mcpProxy: proxy(), clients: OLD.clients });
    expect(half.config.servers.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
  });
});

it.each([['../escape'], ['a//b'], ['/a'], ['a b'], ['{x}'], ['a\\b']])(
  'a key that climbs or breaks a path is refused: %j',
  (key) => {
    expect(fault({ mcpProxy: proxy(), mcpServers: { [key]: { command: 'x' } } })).toMatchObject({
      code: 'config.invalid_value',
    });
  },
);

it('command wins over url, disabled is off, and an entry without both is left out alone', () => {
  const read = reading({
    mcpProxy: proxy(),
    mcpServers: {
      a: { command: 'x', url: 'https://h.example' },
      b: { command: 'x', options: { disabled: true } },
      c: {},
    },
  });
  expect(server(read, 'a').transport.kind).toBe('stdio');
  expect(server(read, 'b').enabled).toBe(false);
  expect(read.config.servers).toHaveLength(2);
  expect(read.report.some(({ key, fault: wrong }) => key === 'mcpServers.c' && wrong)).toBe(true);
});

it('an unknown type is refused as there', () => {
  expect(fault({ mcpProxy: proxy({}, { type: 'grpc' }), mcpServers: {} }).key).toBe('mcpProxy.type');
});
