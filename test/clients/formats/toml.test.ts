/** Putting an entry in and taking it out of TOML files, as they are really written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Slot, safeDrop, safePut, valueIn } from '../../../main/clients/formats/editor.ts';
import { tomlEditor } from '../../../main/clients/formats/toml.ts';
import { entry, lines, roundTrip } from './entry.ts';

const toml: Slot = { root: 'mcp_servers', name: 'gatehouse', kind: 'map' };

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
