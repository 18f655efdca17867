import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, describeConfigError } from '../../main/config/error.ts';
import { NO_ISOLATION } from '../../main/config/isolation.ts';
import { parseConfig } from '../../main/config/read.ts';
import { NO_TOOL_RULES } from '../../main/config/tool-rules.ts';

const FILE = '/data/config.json';

function fault(text: string): ConfigError {
  try {
    parseConfig(text, FILE);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the text was accepted');
}

function server(entry: unknown): ReturnType<typeof parseConfig>['servers'][number] | undefined {
  return parseConfig(JSON.stringify({ mcpServers: { one: entry } }), FILE).servers[0];
}

describe('parseConfig accepts', () => {
  it('an empty object', () => {
    expect(parseConfig('{}', FILE)).toEqual({
      listen: null,
      admin: { enabled: false, listen: null, idleMs: 1_800_000, sessionMs: 43_200_000 },
      auth: { token: null, tokens: [], required: null, inQuery: false, inPath: false },
      trustedHosts: [],
      basePath: '',
      limits: {
        bodyBytes: null,
        sessions: null,
        callsPerClient: null,
        queuePerClient: null,
        sessionIdleMs: null,
      },
      approval: { destructive: 'never', timeoutMs: 120_000, rules: [] },
      isolation: { ...NO_ISOLATION, images: {}, proxyImage: null, engine: null },
      activity: {
        enabled: true,
        arguments: true,
        results: true,
        days: 30,
        rows: 1_000_000,
        bytes: 256 * 1024 * 1024,
        secretNames: [],
      },
      ...{ terminal: { onThisComputer: false }, profiles: [] },
      servers: [],
    });
  });

  it('comments, trailing commas, CRLF and a byte order mark', () => {
    const text =
      '\uFEFF{\r\n  // mine\r\n  "mcpServers": {\r\n    "a": { "command": "x", /* no */ },\r\n  },\r\n}\r\n';
    expect(parseConfig(text, FILE).servers.map((s) => s.name)).toEqual(['a']);
  });

  it('the map that Claude writes, with every default', () => {
    const text = '{"mcpServers":{"fs":{"command":"npx","args":["-y","fs"],"env":{"KEY":"${keyring:fs}"}}}}';
    expect(parseConfig(text, FILE).servers).toEqual([
      {
        name: 'fs',
        enabled: true,
        transport: {
          kind: 'stdio',
          command: 'npx',
          args: ['-y', 'fs'],
          env: { KEY: '${keyring:fs}' },
          cwd: null,
        },
        authTokens: null,
        session: 'shared',
        protocol: 'auto',
        start: 'always',
        idleStopMs: null,
        startTimeoutMs: 120_000,
        callTimeoutMs: 120_000,
        toolTimeoutsMs: {},
        maxConcurrentCalls: null,
        maxQueuedCalls: 100,
        maxResultBytes: null,
        healthCheckMs: 60_000,
        quarantined: false,
        trust: 'manual',
        tools: NO_TOOL_RULES,
        isolation: NO_ISOLATION,
        route: null,
        required: false,
      },
    ]);
  });

  it('the list form, in its order', () => {
    const text = '{"mcpServers":[{"name":"z","command":"z"},{"name":"a","url":"https://a.example/mcp"}]}';
    expect(parseConfig(text, FILE).servers.map((s) => [s.name, s.transport.kind])).toEqual([
      ['z', 'stdio'],
      ['a', 'auto'],
    ]);
  });

  it.each([
    [{ url: 'http://h/mcp' }, 'auto'],
    [{ url: 'http://h/mcp', type: 'http' }, 'http'],
    [{ url: 'http://h/mcp', type: 'streamable-http' }, 'http'],
    [{ url: 'http://h/mcp', transport: 'sse' }, 'sse'],
    [{ url: '${env:BASE}/mcp', headers: { Authorization: 'Bearer ${keyring:t}' } }, 'auto'],
    [{ url: 'http://h/mcp', args: [], env: {} }, 'auto'],
    [{ command: 'x', type: 'stdio' }, 'stdio'],
  ])('%o as %s', (entry, kind) => {
    expect(server(entry)?.transport.kind).toBe(kind);
  });

  it.each([
    [{}, true],
    [{ enabled: false }, false],
    [{ disabled: true }, false],
    [{ disabled: false }, true],
    [{ disabled: true, enabled: false }, false],
  ])('the switch %o as %s', (entry, enabled) => {
    expect(server({ command: 'x', ...entry })?.enabled).toBe(enabled);
  });

  it.each([
    ['/abs', '/abs'],
    ['rel/x', '/data/rel/x'],
    ['C:\\abs', 'C:\\abs'],
    ['${env:HOME}/x', '${env:HOME}/x'],
  ])('the directory %s as %s', (cwd, expected) => {
    expect(server({ command: 'x', cwd })?.transport).toMatchObject({ cwd: expected });
    expect(server({ command: 'x', working_dir: cwd })?.transport).toMatchObject({ cwd: expected });
  });

  it('all other keys', () => {
    const text = JSON.stringify({
      $schema: 'x',
      listen: '[::1]:0',
      auth: { token: '${keyring:gatehouse}', required: false },
      mcpServers: {
        a: {
          command: 'x',
          authTokens: [],
          session: 'per-client',
          protocol: 'modern',
          callTimeoutMs: 5,
          quarantined: true,
        },
      },
    });
    const config = parseConfig(text, FILE);
    expect(config.listen).toBe('[::1]:0');
    expect(config.auth).toMatchObject({ token: '${keyring:gatehouse}', required: false });
    expect(config.servers[0]).toMatchObject({
      authTokens: [],
      session: 'per-client',
      protocol: 'modern',
      callTimeoutMs: 5,
      quarantined: true,
    });
  });
});

describe('parseConfig refuses', () => {
  it.each([
    ['', 'config.syntax', 1, 1, null],
    ['{\n  "mcpServers": {\n    "a": { "command": "x" }\n', 'config.syntax', 4, 1, null],
    ['{\n  "listen" "x"\n}', 'config.syntax', 2, 12, null],
    ['[]', 'config.invalid_value', 1, 1, null],
    ['{\n  "mcpServer": {}\n}', 'config.unknown_key', 2, 3, 'mcpServer'],
    [
      '{"mcpServers":{\n"a":{"command":"x",\n\t"comand":"y"}}}',
      'config.unknown_key',
      3,
      2,
      'mcpServers.a.comand',
    ],
    [
      '{"mcpServers":[\n{"name":"a","command":"x","foo":1}]}',
      'config.unknown_key',
      2,
      27,
      'mcpServers[0].foo',
    ],
    ['{"auth":{"tokn":"x"}}', 'config.unknown_key', 1, 10, 'auth.tokn'],
    ['{"mcpServers":{"a":{"command":1}}}', 'config.invalid_value', 1, 31, 'mcpServers.a.command'],
    [
      '{"mcpServers":{"a":{"command":"x","args":["",\n2]}}}',
      'config.invalid_value',
      2,
      1,
      'mcpServers.a.args[1]',
    ],
    [
      '{"mcpServers":{"a":{"command":"x","env":{"P":8}}}}',
      'config.invalid_value',
      1,
      46,
      'mcpServers.a.env.P',
    ],
    ['{"mcpServers":{"a":{}}}', 'config.invalid_value', 1, 20, 'mcpServers.a'],
    ['{"mcpServers":[{"command":"x"}]}', 'config.invalid_value', 1, 16, 'mcpServers[0].name'],
    [
      '{"mcpServers":{"a":{"command":"x"},\n"a":{"command":"y"}}}',
      'config.duplicate_key',
      2,
      1,
      'mcpServers.a',
    ],
    [
      '{"mcpServers":{"Git":{"command":"x"},\n"gIT":{"command":"y"}}}',
      'config.duplicate_name',
      2,
      1,
      'mcpServers.gIT',
    ],
    ['{"mcpServers":{"-a":{"command":"x"}}}', 'config.invalid_value', 1, 16, 'mcpServers.-a'],
    ['{"mcpServers":{"..":{"command":"x"}}}', 'config.invalid_value', 1, 16, 'mcpServers[".."]'],
    ['{"mcpServers":{"a/b":{"command":"x"}}}', 'config.invalid_value', 1, 16, 'mcpServers["a/b"]'],
    ['{"__proto__":{"listen":"x:1"}}', 'config.unknown_key', 1, 2, '__proto__'],
    ['{"mcpServers":{"__proto__":{"command":"x"}}}', 'config.unknown_key', 1, 16, 'mcpServers.__proto__'],
    ['{"listen":"4180"}', 'config.invalid_value', 1, 11, 'listen'],
    ['{"listen":"127.0.0.1:65536"}', 'config.invalid_value', 1, 11, 'listen'],
    ['{"auth":{"token":"two words"}}', 'config.invalid_value', 1, 18, 'auth.token'],
    ['{"auth":{"token":""}}', 'config.invalid_value', 1, 18, 'auth.token'],
  ])('%j with %s at %i:%i (%s)', (text, code, line, column, key) => {
    const error = fault(text);
    expect(error).toMatchObject({ code, line, column, key, file: FILE });
    expect(error.message).not.toBe('');
    expect(error.remedy).not.toBe('');
  });

  it.each([
    [{ command: 'x', url: 'http://h' }, 'url'],
    [{ command: 'x', type: 'sse' }, 'type'],
    [{ url: 'http://h', transport: 'stdio' }, 'transport'],
    [{ command: 'x', type: 'stdio', transport: 'sse' }, 'transport'],
    [{ command: 'x', enabled: true, disabled: true }, 'disabled'],
    [{ command: 'x', cwd: '/a', working_dir: '/b' }, 'working_dir'],
    [{ command: 'x', cwd: '~/a' }, 'cwd'],
    [{ command: 'x', headers: { A: 'b' } }, 'headers'],
    [{ command: 'x\0' }, 'command'],
    [{ command: 'x', args: ['a\0'] }, 'args[0]'],
    [{ command: 'x', env: { A: '\0' } }, 'env.A'],
    [{ command: 'x', env: { 'A=B': 'x' } }, 'env["A=B"]'],
    [{ url: 'http://h', args: ['x'] }, 'args'],
    [{ url: 'http://h', env: { A: 'b' } }, 'env'],
    [{ url: 'http://h', cwd: '/x' }, 'cwd'],
    [{ url: 'file:///etc/passwd' }, 'url'],
    [{ url: 'example.com/mcp' }, 'url'],
    [{ url: 'http://me:pass@h/' }, 'url'],
    [{ url: 'http://h', headers: { 'a b': 'x' } }, 'headers["a b"]'],
    [{ url: 'http://h', headers: { A: 'x\r\nB: y' } }, 'headers.A'],
    [{ command: 'x', authTokens: ['a b'] }, 'authTokens[0]'],
    [{ command: 'x', callTimeoutMs: 0 }, 'callTimeoutMs'],
    [{ command: 'x', callTimeoutMs: 1.5 }, 'callTimeoutMs'],
    [{ command: 'x', callTimeoutMs: 86_400_001 }, 'callTimeoutMs'],
    [{ command: 'x', session: 'mine' }, 'session'],
    [{ command: '' }, 'command'],
  ])('%o at %s', (entry, key) => {
    const error = fault(JSON.stringify({ mcpServers: { one: entry } }));
    expect(error).toMatchObject({ code: 'config.invalid_value', key: `mcpServers.one.${key}` });
  });

  it('the first of several faults', () => {
    const text = '{\n"mcpServers": {\n"a": {"command": 1},\n"b": {"x": 1}},\n"zzz": 1}';
    expect(fault(text).line).toBe(3);
  });

  it('brackets without end, without overflowing the stack', () => {
    expect(fault('['.repeat(200_000)).code).toBe('config.syntax');
    expect(fault(`{"mcpServers":${'['.repeat(500)}${']'.repeat(500)}}`).code).toBe('config.syntax');
  });

  it.each([
    ['{"mcpServers":{"a":{"comand":"y"}}}', 'command'],
    ['{"mcpServers":{"a":{"URL":"y"}}}', 'url'],
    ['{"mcpservers":{}}', 'mcpServers'],
    ['{"mcpServers":{"a":{"command":"x","active":true}}}', 'enabled'],
    ['{"mcpServers":{"a":{"command":"x","timeout":5}}}', 'callTimeoutMs'],
    ['{"mcpServers":{"a":{"command":"x","name":"b"}}}', 'command'],
    ['{"auth":{"x":1}}', 'token'],
  ])('%j and hints at %s', (text, hint) => {
    expect(fault(text).remedy).toContain(hint);
  });

  it('without repeating any value of the file', () => {
    const secret = 'hunter2-secret';
    const texts = [
      { auth: { token: `${secret} x` } },
      { auth: { required: secret } },
      { listen: secret },
      { mcpServers: { a: { command: 'x', args: secret } } },
      { mcpServers: { a: { command: 'x', session: secret } } },
      { mcpServers: { a: { url: `http://u:${secret}@h/` } } },
      { mcpServers: { a: { url: secret } } },
      { mcpServers: { a: { url: 'http://h', headers: { A: `${secret}\n` } } } },
      { mcpServers: { a: { command: 'x', authTokens: [`${secret} `] } } },
    ];
    for (const text of texts) expect(describeConfigError(fault(JSON.stringify(text)))).not.toContain(secret);
  });
});

describe('describeConfigError', () => {
  it('begins with the place', () => {
    expect(describeConfigError(fault('{\n  "mcpServer": {}\n}'))).toMatch(
      /^\/data\/config\.json:2:3: .*"mcpServers"\?$/,
    );
  });
});

describe('for any text', () => {
  it('parseConfig returns or throws a ConfigError with a place inside the text', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '//',
      '/*',
      '*/',
      '\n',
      '\r',
      'mcpServers',
      'a',
      '1',
      '\\',
      'null',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        try {
          parseConfig(text, FILE);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          if (!(error instanceof ConfigError)) return;
          const lines = text.split(/\r\n|\r|\n/);
          expect(error.line).toBeGreaterThanOrEqual(1);
          expect(error.line).toBeLessThanOrEqual(lines.length);
          expect(error.column).toBeLessThanOrEqual((lines[(error.line ?? 1) - 1] ?? '').length + 1);
        }
      }),
    );
  });
});
