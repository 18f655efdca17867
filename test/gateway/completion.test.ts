/** Completion of arguments, whatever front the request came through. */
import { describe, expect, it } from 'vitest';
import { type Json, openHouse } from './clients.ts';

describe('completion/complete (completion section)', () => {
  it.each([
    ['a prompt', { type: 'ref/prompt', name: 'two__greet' }, 'two', 'greet'],
    ['a template', { type: 'ref/resource', uri: 'one+test:{x}' }, 'one', 'test:{x}'],
    ['a resource', { type: 'ref/resource', uri: 'one+test:a' }, 'one', 'test:a'],
  ])('finds the server of %s, and writes its own name', (_what, ref, server, name) => {
    const house = openHouse();
    const argument = { name: 'a', value: 'name' };
    const asked = house.open().request('completion/complete', { argument, ref });
    const [one] = house.ports.forwarded;
    expect(one?.server).toBe(server);
    const { bytes, key } = one?.request ?? {};
    const written = `${bytes?.toString('utf8', 0, key?.start)}${key?.text.toString()}${bytes?.toString('utf8', key?.end)}`;
    expect(JSON.parse(written).params).toEqual({
      argument,
      ref: { ...ref, ...(ref.type === 'ref/prompt' ? { name } : { uri: name }) },
    });
    one?.result('{"completion":{"values":["x"]}}');
    expect(asked.answered?.result).toEqual({ completion: { values: ['x'] } });
  });

  it.each([
    { type: 'ref/prompt', name: 'greet' },
    { type: 'ref/resource' },
    { type: 'ref/x', name: 'one__a' },
    7,
  ])('refuses %j on a merged route', (ref) => {
    const asked = openHouse().open().request('completion/complete', { ref });
    expect(((asked.answered?.error ?? {}) as Json).code).toBe(-32602);
  });
});
