/** Putting an entry in and taking it out of YAML files, as they are really written. */
import { describe, expect, it } from 'vitest';
import { type Slot, safePut, valueIn } from '../../../main/clients/formats/editor.ts';
import { yamlEditor } from '../../../main/clients/formats/yaml.ts';
import { entry, lines, roundTrip } from './entry.ts';

const goose: Slot = { root: 'extensions', name: 'gatehouse', kind: 'map' };
const list: Slot = { root: 'mcpServers', name: 'gatehouse', kind: 'list' };

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
