/** Putting an entry in and taking it out of files of all three formats, as they are really written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Editor,
  type Entry,
  type Slot,
  safeDrop,
  safePut,
  valueIn,
} from '../../../main/clients/formats/editor.ts';
import { jsonEditor } from '../../../main/clients/formats/json.ts';
import { tomlEditor } from '../../../main/clients/formats/toml.ts';
import { yamlEditor } from '../../../main/clients/formats/yaml.ts';

const slot: Slot = { root: 'mcpServers', name: 'gatehouse', kind: 'map' };
const toml: Slot = { root: 'mcp_servers', name: 'gatehouse', kind: 'map' };
const goose: Slot = { root: 'extensions', name: 'gatehouse', kind: 'map' };
const list: Slot = { root: 'mcpServers', name: 'gatehouse', kind: 'list' };
const entry: Entry = { command: '/opt/Gate house/gatehouse', args: ['--stdio', '--client', 'c'] };

const lines = (...all: string[]): string => `${all.join('\n')}\n`;

/** Put in, found, taken out: the same characters again. */
function roundTrip(editor: Editor, text: string, where: Slot): string {
  const after = safePut(editor, text, where, entry);
  expect(valueIn(editor.parse(after), where)).toMatchObject(entry);
  // Doing it again changes nothing.
  expect(safePut(editor, after, where, entry)).toBe(after);
  expect(safeDrop(editor, after, where, false)).toBe(text);
  return after;
}

describe('JSON', () => {
  it.each([
    ['lines', lines('{', '  "mcpServers": {', '    "a": { "command": "x" }', '  },', '  "other": 1', '}')],
    ['tabs', lines('{', '\t"mcpServers": {', '\t\t"a": {', '\t\t\t"command": "x"', '\t\t}', '\t}', '}')],
    ['four spaces', lines('{', '    "mcpServers": {', '        "a": {}', '    }', '}')],
    [
      'comments',
      lines(
        '{ // top',
        '  // servers',
        '  "mcpServers": { // mine',
        '    // a server',
        '    "a": {}, // its note',
        '  },',
        '}',
      ),
    ],
    ['one line', '{"mcpServers":{"a":{"command":"x"}},"b":[1,2]}'],
    ['one line with spaces', '{ "mcpServers": { "a": { "command": "x" } } }'],
    ['one line, empty', '{"mcpServers":{}}'],
    ['no last line break', '{\n  "mcpServers": {\n    "a": 1\n  }\n}'],
    ['empty object', lines('{', '  "mcpServers": {}', '}')],
    [
      'big numbers and odd escapes',
      lines(
        '{',
        '  "n": 12345678901234567890,',
        '  "s": "\\u00e9\\/",',
        '  "mcpServers": {',
        '    "z": {}',
        '  }',
        '}',
      ),
    ],
  ])('%s', (_name, text) => {
    roundTrip(jsonEditor, text, slot);
    if (!text.includes('//')) JSON.parse(safePut(jsonEditor, text, slot, entry));
    const windows = text.replaceAll('\n', '\r\n');
    const after = roundTrip(jsonEditor, windows, slot);
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('writes the entry as a person would', () => {
    const text = lines(
      '{',
      '  "theme": "dark",',
      '  "mcpServers": {',
      '    "files": {',
      '      "command": "x"',
      '    }',
      '  }',
      '}',
    );
    expect(safePut(jsonEditor, text, slot, entry)).toBe(
      lines(
        '{',
        '  "theme": "dark",',
        '  "mcpServers": {',
        '    "gatehouse": {',
        '      "command": "/opt/Gate house/gatehouse",',
        '      "args": [',
        '        "--stdio",',
        '        "--client",',
        '        "c"',
        '      ]',
        '    },',
        '    "files": {',
        '      "command": "x"',
        '    }',
        '  }',
        '}',
      ),
    );
  });

  it.each([
    '',
    '\n',
    '// nothing yet\n',
    '{}',
    '{\n}\n',
    '{"a": 1}',
    '{\n  "a": 1\n}\n',
    '{"mcpServers": null}',
  ])('makes what is missing in %j', (text) => {
    const after = safePut(jsonEditor, text, slot, entry);
    expect(valueIn(jsonEditor.parse(after), slot)).toEqual(entry);
  });

  it('keeps what others wrote into the entry, and its order', () => {
    const text = lines(
      '{',
      '  "mcpServers": {',
      '    "gatehouse": {',
      '      "tools": ["*"], // all',
      '      "url": "http://old",',
      '      "args": ["old"],',
      '      "timeout": 5',
      '    }',
      '  }',
      '}',
    );
    const after = safePut(jsonEditor, text, slot, entry);
    expect(Object.keys(valueIn(jsonEditor.parse(after), slot) as object)).toEqual([
      'command',
      'tools',
      'args',
      'timeout',
    ]);
    expect(after).toContain('// all');
  });

  it.each([
    ['{', 'clients.syntax'],
    ['{"mcpServers": {"a": }}', 'clients.syntax'],
    ['[]', 'clients.unexpected_shape'],
    ['{"mcpServers": []}', 'clients.unexpected_shape'],
    ['{"mcpServers": "x"}', 'clients.unexpected_shape'],
    ['{"mcpServers": {}, "mcpServers": {"a": 1}}', 'clients.cannot_edit'],
    [`{"a": ${'['.repeat(50_000)}`, 'clients.syntax'],
  ])('refuses %.40s', (text, code) => {
    expect(() => safePut(jsonEditor, text, slot, entry)).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('takes out an entry wherever it stands', () => {
    const drop = (text: string): string => safeDrop(jsonEditor, text, slot, false);
    expect(drop('{"mcpServers":{"a":1,"gatehouse":{}}}')).toBe('{"mcpServers":{"a":1}}');
    expect(drop('{"mcpServers":{"a":1,"gatehouse":{},}}')).toBe('{"mcpServers":{"a":1,}}');
    expect(drop('{"mcpServers":{"gatehouse":{}}}')).toBe('{"mcpServers":{}}');
    expect(
      drop(lines('{', '  "mcpServers": {', '    "a": 1, // one', '    "gatehouse": {}', '  }', '}')),
    ).toBe(lines('{', '  "mcpServers": {', '    "a": 1 // one', '  }', '}'));
    expect(drop('{"mcpServers":{"a":1}}')).toBe('{"mcpServers":{"a":1}}');
    expect(
      safeDrop(
        jsonEditor,
        lines('{', '  "a": 1,', '  "mcpServers": {', '    "gatehouse": {}', '  }', '}'),
        slot,
        true,
      ),
    ).toBe(lines('{', '  "a": 1', '}'));
  });

  it('whatever is in the file: in, out, the same text', () => {
    const texts = fc
      .tuple(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(0, 1, 2, 4, '\t'),
        fc.boolean(),
        fc.boolean(),
      )
      .filter(
        ([others]) => !('gatehouse' in others) && !('__proto__' in others) && Object.keys(others).length > 0,
      )
      .map(([others, indent, crlf, more]) => {
        const text = JSON.stringify(
          more ? { x: 'ü', mcpServers: others, y: [1] } : { mcpServers: others },
          null,
          indent,
        );
        return crlf ? text.replaceAll('\n', '\r\n') : text;
      });
    fc.assert(
      fc.property(
        texts,
        (text) => safeDrop(jsonEditor, safePut(jsonEditor, text, slot, entry), slot, false) === text,
      ),
    );
  });
});

describe('TOML', () => {
  it.each([
    [
      'tables',
      lines('model = "o5" # mine', '', '[mcp_servers.a]', 'command = "x"', 'args = [', '  "1", # one', ']'),
    ],
    [
      'strings with brackets',
      lines('a = """', '[mcp_servers.gatehouse]', '"""', "b = '''", "[x]'''", 'c = "]["'),
    ],
    ['lists of tables', lines('[[profiles]]', 'name = "a"', '', '[[profiles]]', 'name = "b"')],
    ['dotted keys', lines('mcp_servers.a.command = "x"', '"quoted key" = 1')],
    ['dates and big numbers', lines('at = 1979-05-27T07:32:00Z', 'n = 9223372036854775807', 'f = 1e3')],
    ['nothing but comments', lines('# nothing here')],
  ])('%s', (_name, text) => {
    roundTrip(tomlEditor, text, toml);
    const after = roundTrip(tomlEditor, text.replaceAll('\n', '\r\n'), toml);
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('updates in place, in the middle of a file', () => {
    const text = lines(
      '[mcp_servers.gatehouse]',
      '# mine',
      'url = "http://old"',
      'enabled = true',
      '[mcp_servers.gatehouse.http_headers]',
      'Authorization = "x"',
      '',
      '# the next',
      '[other]',
      'a = 1',
    );
    const after = safePut(tomlEditor, text, toml, entry);
    expect(valueIn(tomlEditor.parse(after), toml)).toEqual({ ...entry, enabled: true });
    expect(after).toContain('# mine');
    expect(after).toContain('# the next\n[other]\na = 1\n');
    expect(safeDrop(tomlEditor, after, toml, false)).toBe(lines('', '# the next', '[other]', 'a = 1'));
  });

  it('knows its entry in other spellings', () => {
    for (const text of [
      lines('[ "mcp_servers" . \'gatehouse\' ]', 'command = "old"', 'enabled = true'),
      lines('[mcp_servers]', 'gatehouse = { command = "old", enabled = true }'),
    ]) {
      const after = safePut(tomlEditor, text, toml, entry);
      expect(valueIn(tomlEditor.parse(after), toml)).toEqual({ ...entry, enabled: true });
      expect(valueIn(tomlEditor.parse(safeDrop(tomlEditor, after, toml, false)), toml)).toBeUndefined();
    }
  });

  it('refuses what it cannot read or change', () => {
    expect(() => safePut(tomlEditor, 'a = ', toml, entry)).toThrow(
      expect.objectContaining({ code: 'clients.syntax' }) as Error,
    );
    expect(() => safePut(tomlEditor, 'mcp_servers = { a = { command = "x" } }\n', toml, entry)).toThrow(
      expect.objectContaining({ code: 'clients.cannot_edit' }) as Error,
    );
    expect(() => safePut(tomlEditor, 'mcp_servers = 1\n', toml, entry)).toThrow(
      expect.objectContaining({ code: 'clients.unexpected_shape' }) as Error,
    );
  });

  it('escapes whatever a path may hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (command) => {
        const after = safePut(tomlEditor, '', toml, { command, args: [], http_headers: { 'X Y': command } });
        return safeDrop(tomlEditor, after, toml, false).trim() === '';
      }),
    );
  });
});

describe('YAML', () => {
  it.each([
    [
      'a map',
      lines(
        '# top',
        'GOOSE_PROVIDER: x',
        'extensions: # mine',
        '  # built in',
        '  developer:',
        '    enabled: true',
        '    args: [a, b]',
        'last: 1',
      ),
      goose,
    ],
    ['indented by four', lines('extensions:', '    a:', '        cmd: x', '', '    b: { cmd: y }'), goose],
    ['empty flow', lines('extensions: {}', 'z: 1'), goose],
    ['flow', lines('extensions: {a: {cmd: x}}'), goose],
    ['no value', lines('extensions:', 'z: 1'), goose],
    [
      'block text',
      lines(
        'note: |',
        '  extensions:',
        '    gatehouse: no',
        'extensions:',
        '  a:',
        '    text: >-',
        '      long',
        '      text',
      ),
      goose,
    ],
    [
      'a list',
      lines(
        'name: x',
        'mcpServers:',
        '  - name: a',
        '    command: b',
        '    args:',
        '      - c',
        '  # second',
        '  - command: d',
        '    name: e',
        'rules: []',
      ),
      list,
    ],
    ['a list that is not indented', lines('mcpServers:', '- name: a', '  command: b', 'rules:', '- x'), list],
    ['an empty list', lines('mcpServers: []'), list],
  ])('%s', (_name, text, where) => {
    roundTrip(yamlEditor, text, where);
    const after = roundTrip(yamlEditor, text.replaceAll('\n', '\r\n'), where);
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it.each(['', '# nothing\n', 'a: 1\n', 'a: 1', '---\na: 1\n', '{a: 1}'])(
    'makes what is missing in %j',
    (text) => {
      for (const where of [goose, list]) {
        const after = safePut(yamlEditor, text, where, entry);
        expect(valueIn(yamlEditor.parse(after), where)).toMatchObject(entry);
      }
    },
  );

  it('updates in place and keeps the rest', () => {
    const text = lines(
      'extensions:',
      '  gatehouse:',
      '    timeout: 300 # mine',
      '    uri: http://old',
      '    args:',
      '    - a',
      '    enabled: false',
      '  b:',
      '    cmd: x',
    );
    const after = safePut(yamlEditor, text, goose, entry);
    expect(valueIn(yamlEditor.parse(after), goose)).toEqual({ ...entry, timeout: 300, enabled: false });
    expect(after).toContain('# mine');
    const items = lines(
      'mcpServers:',
      '  - command: old',
      '    name: gatehouse',
      '    url: x',
      '  - name: b',
    );
    expect(valueIn(yamlEditor.parse(safePut(yamlEditor, items, list, entry)), list)).toEqual({
      ...entry,
      name: 'gatehouse',
    });
  });

  it('refuses what it cannot read or change', () => {
    const refused = (text: string, code: string): void =>
      expect(() => safePut(yamlEditor, text, goose, entry)).toThrow(
        expect.objectContaining({ code }) as Error,
      );
    refused('a: [', 'clients.syntax');
    refused('a: 1\n---\nb: 2\n', 'clients.cannot_edit');
    refused('extensions: [a]\n', 'clients.unexpected_shape');
    refused('x: &x {a: 1}\nextensions: *x\n', 'clients.cannot_edit');
  });
});
