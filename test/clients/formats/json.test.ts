/** Putting an entry in and taking it out of JSON files, as they are really written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Slot, safeDrop, safePut, valueIn } from '../../../main/clients/formats/editor.ts';
import { jsonEditor } from '../../../main/clients/formats/json.ts';
import { entry, lines, roundTrip } from './entry.ts';

const slot: Slot = { root: 'mcpServers', name: 'gatehouse', kind: 'map' };

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
