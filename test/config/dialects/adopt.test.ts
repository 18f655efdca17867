/** What holds for every foreign file: nothing is lost silently, and nothing hostile gets through or breaks the reader. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adopt } from '../../../main/config/dialects/adopt.ts';
import * as parsers from '../../../main/config/dialects/trees.ts';
import { ConfigError } from '../../../main/config/error.ts';
import { offeredServers } from '../../../main/config/offered.ts';
import { parseConfig } from '../../../main/config/read.ts';
import { fault, reading } from './help.ts';
import { EXAMPLES, TBXARK } from './pages.ts';
import { MCPPROXY, PTBSARE, SPARFENYUK } from './samples.ts';

const NOTHING = { env: () => undefined, beside: () => null, parsers };

/** Every leaf of a JSON value, as the report writes keys; only plain keys are made here. */
function leaves(value: unknown, path = ''): string[] {
  if (Array.isArray(value))
    return value.length === 0 ? [path] : value.flatMap((one, index) => leaves(one, `${path}[${index}]`));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return entries.length === 0
      ? [path]
      : entries.flatMap(([key, one]) => leaves(one, path === '' ? key : `${path}.${key}`));
  }
  return [path];
}

/** Whether a key, or something that it is in, is named. */
function isNamed(leaf: string, named: ReadonlySet<string>): boolean {
  for (let key = leaf; key !== ''; key = key.replace(/(\.[^.[]*|\[\d+\]|^[^.[]*)$/, ''))
    if (named.has(key)) return true;
  return false;
}

const KEYS = [
  'command',
  'args',
  'env',
  'url',
  'headers',
  'type',
  'transportType',
  'protocol',
  'timeout',
  'enabled',
  'disabled',
  'active',
  'options',
  'toolFilter',
  'mode',
  'list',
  'authTokens',
  'name',
  'config',
  'oauth',
  'isolation',
  'working_dir',
  'serverUrl',
  'httpUrl',
  'inputs',
  'odd',
];
const word = fc.constantFrom(
  'stdio',
  'sse',
  'streamable-http',
  'allow',
  'x',
  '',
  'https://h.example/mcp',
  '30s',
  '$A',
  '${B}',
  '~',
);
const leaf = fc.oneof(word, fc.integer({ min: -5, max: 2_000_000 }), fc.boolean(), fc.constant(null));
const tree = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 5 }),
  ),
})).value;
const entry = fc.dictionary(fc.constantFrom(...KEYS), tree, { maxKeys: 7 });
const map = fc.dictionary(
  fc.constantFrom('a', 'b', 'c1', 'ab'),
  fc.oneof({ weight: 4, arbitrary: entry }, { weight: 1, arbitrary: leaf }),
  { maxKeys: 4 },
);
const file = fc.oneof(
  fc.record({
    mcpProxy: fc.dictionary(fc.constantFrom('addr', 'baseURL', 'name', 'options', 'odd'), tree, {
      maxKeys: 4,
    }),
    mcpServers: map,
  }),
  fc.record({ server: fc.constant({ addr: ':1', globalAuthTokens: ['t'] }), clients: map, odd: tree }),
  fc.record({
    enable_tray: fc.boolean(),
    mcpServers: fc.array(entry, { maxLength: 4 }),
    docker_isolation: tree,
    profiles: tree,
  }),
  fc.record({ mcpServers: map, globalShortcut: fc.constant(''), odd: tree }),
  fc.record({ inputs: tree, servers: map }),
  fc.record({ context_servers: map, theme: tree }),
  fc.record({ mcp_servers: map }),
  fc.record({ registry: fc.constant({ a: { image: 'x', odd: 1 } }), odd: tree }),
);

describe('any file of another program', () => {
  it('is read or refused with a place; every key of it is in the report; what comes out is a configuration of ours', () => {
    fc.assert(
      fc.property(file, (value) => {
        let read: ReturnType<typeof reading>;
        try {
          read = reading(value);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          if (error instanceof ConfigError) expect(error.line).not.toBeNull();
          return;
        }
        if (read.dialect === null) return;
        const named = new Set(read.report.map(({ key }) => key));
        for (const key of leaves(value))
          if (key !== '') expect([key, isNamed(key, named)]).toEqual([key, true]);
        expect(parseConfig(read.text, '/etc/x.json')).toEqual(read.config);
        for (const { line, column } of read.report) expect(line > 0 && column > 0).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('cut, spliced and with odd bytes in it ends in a place too', () => {
    const samples = [TBXARK, SPARFENYUK, MCPPROXY, PTBSARE];
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.nat(),
        fc.nat(40),
        fc.string({ maxLength: 6 }),
        fc.constantFrom('x.json', 'x.yaml', 'x.toml', 'x'),
        (text, at, length, put, name) => {
          const start = at % text.length;
          const broken = text.slice(0, start) + put + text.slice(start + length);
          try {
            adopt(broken, `/etc/${name}`, NOTHING);
          } catch (error) {
            expect(error).toBeInstanceOf(ConfigError);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([['CRLF and a byte order mark', (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}`]])(
    'with %s is the same',
    (_name, change) => {
      expect(reading(change(TBXARK)).config).toEqual(reading(TBXARK).config);
      expect(reading(change(TBXARK)).report.map(({ line }) => line)).toEqual(
        reading(TBXARK).report.map(({ line }) => line),
      );
    },
  );
});

describe('hostile files', () => {
  it.each([
    [
      'a key twice',
      '{"mcpProxy":{},"mcpServers":{"a":{"command":"x"},"a":{"command":"y"}}}',
      'config.duplicate_key',
    ],
    ['__proto__', '{"mcpProxy":{},"mcpServers":{"__proto__":{"command":"x"}}}', 'config.unknown_key'],
    ['brackets without end', `{"mcpProxy":${'['.repeat(50_000)}`, 'config.syntax'],
    [
      'deep nesting',
      `{"mcpProxy":{},"mcpServers":${'{"a":'.repeat(200)}1${'}'.repeat(200)}}`,
      'config.syntax',
    ],
    [
      'too many parts',
      JSON.stringify({
        mcpProxy: {},
        mcpServers: Object.fromEntries(Array.from({ length: 21_000 }, (_, i) => [`s${i}`, {}])),
      }),
      'config.too_large',
    ],
    ['no JSON', '{"mcpProxy":', 'config.syntax'],
  ])('%s', (_name, text, code) => {
    expect(fault(text)).toMatchObject({ code });
    expect(fault(text).line).toBeGreaterThan(0);
  });

  it.each([
    ['an alias bomb', 'extensions:\n  a: &a { type: stdio }\n  b: *a\n', 'x.yaml', 'config.syntax', 3],
    ['a key twice in YAML', 'extensions:\n  a: {}\n  a: {}\n', 'x.yaml', 'config.duplicate_key', 3],
    ['__proto__ in YAML', 'extensions:\n  __proto__: { cmd: x }\n', 'x.yaml', 'config.syntax', 2],
    ['broken YAML', 'extensions:\n  a: [\n', 'x.yaml', 'config.syntax', null],
    ['a key twice in TOML', '[mcp_servers.a]\ncommand = "x"\ncommand = "y"\n', 'x.toml', 'config.syntax', 3],
    ['broken TOML', '[mcp_servers.a\n', 'x.toml', 'config.syntax', null],
    ['__proto__ in TOML', '[mcp_servers.__proto__]\ncommand = "x"\n', 'x.toml', 'config.unknown_key', 1],
    [
      '__proto__ within a line of TOML',
      'a = [{ __proto__ = { x = 1 } }]\n',
      'x.toml',
      'config.unknown_key',
      1,
    ],
    ['brackets without end in TOML', `a = ${'['.repeat(50_000)}`, 'x.toml', 'config.syntax', 1],
    ['deep nesting in TOML', `a = ${'['.repeat(100)}${']'.repeat(100)}`, 'x.toml', 'config.syntax', 1],
    ['nothing of ours', 'a: 1\n', 'x.yaml', 'config.unknown_dialect', 1],
  ])('%s', (_name, text, name, code, line) => {
    const error = fault(text, { file: `/etc/${name}` });
    expect(error.code).toBe(code);
    if (line !== null) expect(error.line).toBe(line);
  });

  it.each(['http://', 'ftp://h/x', 'javascript:alert(1)', 'https://h\u0000x/', ' '])(
    'the address %j leaves one server out, with its line',
    (url) => {
      const read = reading({
        mcpProxy: { addr: '127.0.0.1:1' },
        mcpServers: { good: { command: 'x' }, bad: { url } },
      });
      expect(read.config.servers.map(({ name }) => name)).toEqual(['good']);
      const line = read.report.find(({ fault: wrong }) => wrong);
      expect(line).toMatchObject({ key: 'mcpServers.bad', kind: 'dropped' });
      expect(JSON.stringify(read.report)).not.toContain('alert');
    },
  );
});

describe('what a file offers to ours', () => {
  it('holds every server back and takes over no way in', () => {
    const found = offeredServers(TBXARK, '/etc/x.json', NOTHING);
    expect(found.dialect?.id).toBe('tbxark');
    expect(found.servers.map(({ name, entry: { quarantined } }) => [name, quarantined])).toEqual([
      ['github', true],
      ['fetch', true],
      ['amap', true],
    ]);
    for (const { name, entry: made } of found.servers) {
      expect(Object.keys(made)).not.toContain('authTokens');
      expect(
        parseConfig(JSON.stringify({ mcpServers: { [name]: made } }), '/c.json').servers[0]?.quarantined,
      ).toBe(true);
    }
    expect(found.servers[0]?.entry.tools).toEqual({ block: ['create_or_update_file'] });
    const ours = offeredServers(
      '{"mcpServers":[{"name":"a","command":"x","cwd":"here","trust":"auto","quarantined":false,"required":true}]}',
      '/etc/c.json',
      NOTHING,
    );
    expect(ours.servers).toEqual([
      { name: 'a', entry: { command: 'x', cwd: '/etc/here', quarantined: true } },
    ]);
  });

  it('reads the settings of a client as such, whatever else is in them', () => {
    const settings = {
      // Keys that only files of ours, or of mcpproxy-go, have at the top.
      ...{ auth: { type: 'oauth' }, limits: {}, features: { x: true }, api_key: 'k' },
      history: Array.from({ length: 30_000 }, (_, index) => ({ index })),
      mcpServers: { a: { command: 'x' }, b: { url: 'https://h.example/mcp', odd: 1 } },
    };
    const { servers, report } = offeredServers(JSON.stringify(settings), '/h/.c.json', NOTHING, 'client');
    expect(servers.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(report.find(({ key }) => key === 'mcpServers.b.odd')).toMatchObject({ kind: 'dropped' });
  });
});

it.each(EXAMPLES)('$title: the example of its page is understood', ({ text, dialect, servers }) => {
  const read = reading(text);
  expect(read.dialect?.id ?? null).toBe(dialect);
  expect(read.config.servers.map(({ name }) => name)).toEqual(servers);
  expect(read.report.filter(({ fault: wrong }) => wrong)).toEqual([]);
});

describe('what people copy from pages', () => {
  const names = ({ config }: ReturnType<typeof reading>): string[] => config.servers.map(({ name }) => name);

  it('one server alone, with a name and without', () => {
    const one = reading('{\n  "name": "a b",\n  "command": "npx",\n  "args": ["x"]\n}');
    expect([one.dialect?.id, names(one)]).toEqual(['clients', ['a-b']]);
    expect(one.report.find(({ key }) => key.endsWith('.args'))).toMatchObject({ line: 4, column: 3 });
    expect(names(reading({ url: 'https://h.example/mcp' }))).toEqual(['server']);
    expect(names(reading('command: npx\nargs: [x]\n', { file: '/x.yaml' }))).toEqual(['server']);
  });

  it('servers without anything around them, and a list of them', () => {
    const two = reading({ a: { command: 'x' }, b: { url: 'https://h.example/mcp', disabled: true } });
    expect(two.config.servers.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect(names(reading('[{ "name": "a", "command": "x" }, { "command": "y" }]'))).toEqual(['a', 'server']);
  });

  it('a key with its server and no braces, each part in its place', () => {
    const read = reading('  "fetch": {\n    "command": "uvx",\n    "timeout": 60\n  },\n');
    expect(names(read)).toEqual(['fetch']);
    expect(read.report.find(({ key }) => key.endsWith('.timeout'))).toMatchObject({ line: 3, column: 5 });
    const line = reading('"a": { "command": "x", "odd": 1 }');
    expect(line.report.find(({ key }) => key.endsWith('.odd'))).toMatchObject({ line: 1, column: 24 });
  });

  it('opens no door, and does not release what is held back', () => {
    const one = reading({ name: 'a', command: 'x', protocol: 'stdio', quarantined: true });
    expect(one.dialect?.id).toBe('mcpproxy-go');
    expect(one.config.auth.required).toBeNull();
    expect(one.config.servers[0]?.quarantined).toBe(true);
    expect(reading({ command: 'x', quarantined: true }).config.servers[0]?.quarantined).toBe(true);
  });

  it.each([
    '{"mcpServer":{"a":{"command":"x"}}}',
    '{"a":{"command":"x"},"b":{}}',
    '{"a":{"command":1}}',
    '[]',
  ])('is not seen in what may be a mistake: %s', (text) =>
    expect(fault(text).code).toMatch(/^config\.(unknown_key|wrong_type|invalid_value|syntax)$/),
  );
});
