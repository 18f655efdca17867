import { ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { type ListKind, readItem } from '../../main/protocol/listing.ts';
import { soundItem } from '../../main/protocol/sound.ts';

/** What is made of an item; the very same text where nothing is changed, null where it is left out. */
function made(kind: ListKind, item: object): string | null {
  const listed = readItem(kind, Buffer.from(JSON.stringify(item)));
  return listed === null ? null : (soundItem(kind, listed)?.bytes.toString() ?? null);
}
const tool = (more: object): object => ({ name: 't', inputSchema: { type: 'object' }, ...more });

describe('what strict clients would refuse', () => {
  it('sound items stay byte by byte', () => {
    const all = tool({
      'x-own': 1e3,
      title: 'T',
      description: '',
      icons: [{ src: 'data:', sizes: ['48x48'] }],
      inputSchema: { type: 'object', properties: { a: {} }, required: ['a'], $defs: 7 },
      outputSchema: { type: 'array' },
      annotations: { readOnlyHint: true, own: 1 },
      execution: { taskSupport: 'optional' },
      _meta: { any: null },
    });
    expect(made('tools', all)).toBe(JSON.stringify(all));
    const listed = readItem('tools', Buffer.from('{ "name" : "t","inputSchema":{"type":"object"} }'));
    expect(listed === null ? null : soundItem('tools', listed)).toBe(listed);
    const resource = { uri: 'x:1', name: 'n', size: 1, annotations: { audience: ['user'], priority: 0.5 } };
    expect(made('resources', resource)).toBe(JSON.stringify(resource));
  });

  it.each([
    { title: 5 },
    { description: null },
    { description: { en: 'x' } },
    { icons: [{}] },
    { icons: [{ src: 'x', sizes: '48x48' }] },
    { annotations: 'none' },
    { annotations: { readOnlyHint: 'yes' } },
    { outputSchema: 7 },
    { execution: [] },
    { _meta: [] },
  ])('what a tool can do without is left out: %o', (more) => {
    expect(made('tools', tool(more))).toBe(JSON.stringify(tool({})));
    expect(ListToolsResultSchema.safeParse({ tools: [tool(more)] }).success).toBe(false);
  });

  it.each([
    'object',
    7,
    [],
    { type: 'string' },
    { type: 'object', properties: [] },
    { type: 'object', properties: { a: true } },
    { type: 'object', required: 'a' },
  ])('a tool whose arguments nobody can know is left out: %o', (inputSchema) => {
    expect(made('tools', tool({ inputSchema }))).toBeNull();
    expect(ListToolsResultSchema.safeParse({ tools: [tool({ inputSchema })] }).success).toBe(false);
  });

  it('what is only not said is said', () => {
    const plain = JSON.stringify(tool({}));
    expect(made('tools', { name: 't' })).toBe(plain);
    expect(made('tools', tool({ inputSchema: {} }))).toBe(plain);
    expect(made('tools', tool({ inputSchema: null }))).toBe(plain);
    expect(made('resources', { uri: 'x:1' })).toBe('{"uri":"x:1","name":"x:1"}');
    expect(made('resourceTemplates', { uriTemplate: 'x:{a}', name: null })).toBe(
      '{"uriTemplate":"x:{a}","name":"x:{a}"}',
    );
  });

  it('prompts keep their name without arguments that nobody can give', () => {
    const sound = { name: 'p', arguments: [{ name: 'a', description: 'd', required: true }] };
    expect(made('prompts', sound)).toBe(JSON.stringify(sound));
    expect(made('prompts', { name: 'p', arguments: [{}] })).toBe('{"name":"p"}');
    expect(made('resources', { uri: 'x:1', name: 5 })).toBeNull();
  });
});
