import { describe, expect, it } from 'vitest';
import { createTemplateTable, templateMatcher } from '../../main/catalog/template.ts';

describe('templateMatcher', () => {
  it.each([
    ['file:///{path}', 'file:///a/b', true],
    ['file:///{path}', 'http:///a', false],
    ['x://{a}/mid/{b}/end', 'x://1/mid/2/end', true],
    ['x://{a}/mid/{b}/end', 'x://1/2/end', false],
    ['x://fixed', 'x://fixed', true],
    ['{everything}', 'anything', false],
    ['a{x}a', 'a', false],
  ])('%s matches %s: %s', (template, uri, expected) => {
    expect(templateMatcher(template)(uri)).toBe(expected);
  });
});

describe('the table of templates', () => {
  it('takes no template that could share a URI with an earlier server s', () => {
    const table = createTemplateTable();
    expect([...table.add('a', ['x://{1}', 'x://b/{2}', 'y://z/{3}'])]).toEqual([
      'x://{1}',
      'x://b/{2}',
      'y://z/{3}',
    ]);
    expect([...table.add('b', ['x://c/{1}', 'y://{2}', 'y://z', 'y://y/{3}', 'w{4}', ''])]).toEqual([
      'y://y/{3}',
      'w{4}',
    ]);
    expect(table.ownerOf('x://b/5')).toBe('a');
    expect(table.ownerOf('y://y/5')).toBe('b');
    expect(table.ownerOf('y://q')).toBeNull();
  });

  it('finds short beginnings beside long ones', () => {
    const table = createTemplateTable();
    table.add('a', ['a-long-beginning://{1}', 'z:{2}', 'mm://{3}']);
    expect(['z:1', 'mm://1', 'a-long-beginning://1'].map(table.ownerOf)).toEqual(['a', 'a', 'a']);
  });

  it('tries a URI against few templates, however many a server lists', () => {
    const table = createTemplateTable();
    const many = Array.from({ length: 20_000 }, (_, i) => `x://{a}/${i}/{b}`);
    expect(table.add('a', many).size).toBeLessThanOrEqual(256);
    expect(table.ownerOf('x://1/2/3')).toBe('a');
  });
});
