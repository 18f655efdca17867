import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../main/config/read.ts';

const read = (approval: unknown): ReturnType<typeof parseConfig>['approval'] =>
  parseConfig(JSON.stringify({ approval }), '/x/config.json').approval;

describe('approval in the file', () => {
  it('is read with its rules in order', () => {
    const rules = [
      { server: 'git', tool: 'delete_*', rule: 'ask' },
      { server: '*', tool: '*', client: 'ci', rule: 'never' },
    ];
    expect(read({ destructive: 'ask', timeoutSeconds: 30, rules })).toEqual({
      destructive: 'ask',
      timeoutMs: 30_000,
      rules: [
        { server: 'git', tool: 'delete_*', client: null, rule: 'ask' },
        { server: '*', tool: '*', client: 'ci', rule: 'never' },
      ],
    });
  });

  it.each([
    [{ destructive: 'always' }],
    [{ timeoutSeconds: 1 }],
    [{ timeoutSeconds: 7_200 }],
    [{ rules: [{ server: 'a', rule: 'ask' }] }],
    [{ rules: [{ server: 'a', tool: 'b', rule: 'allow' }] }],
    [{ asks: true }],
  ])('refuses %j with the place', (approval) => {
    expect(() => read(approval)).toThrow(expect.objectContaining({ line: expect.any(Number) }));
  });
});
