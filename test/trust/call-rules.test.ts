import { describe, expect, it } from 'vitest';
import { compileRules, fits, type RuleSources } from '../../main/trust/call-rules.ts';

const tools = [
  { server: 'files', tool: 'delete_file', destructive: true },
  { server: 'files', tool: 'read_file', destructive: false },
  { server: 'git', tool: 'delete_branch', destructive: true },
];
const nothing: RuleSources = { destructive: 'never', rules: [], choices: [] };
const asked = (sources: Partial<RuleSources>, client = 'c'): string[] => {
  const rules = compileRules({ ...nothing, ...sources }, tools);
  return tools.filter(({ server, tool }) => rules.asks(server, tool, client)).map(({ tool }) => tool);
};

describe('before which calls a person is asked', () => {
  it('asks before nothing unless somebody wants it', () => {
    expect(asked({})).toEqual([]);
  });

  it('asks before destructive tools where that is the default', () => {
    expect(asked({ destructive: 'ask' })).toEqual(['delete_file', 'delete_branch']);
  });

  it('lets the first rule that fits count', () => {
    const rules = [
      { server: 'files', tool: 'delete_*', client: null, rule: 'never' },
      { server: '*', tool: '*', client: null, rule: 'ask' },
    ] as const;
    expect(asked({ destructive: 'ask', rules })).toEqual(['read_file', 'delete_branch']);
    expect(asked({ destructive: 'ask', rules: [...rules].reverse() })).toHaveLength(3);
  });

  it('has rules for single clients, and others go on to the next', () => {
    const rules = [
      { server: '*', tool: '*', client: 'cursor-?', rule: 'ask' },
      { server: 'git', tool: '*', client: null, rule: 'ask' },
    ] as const;
    expect(asked({ rules }, 'cursor-1')).toHaveLength(3);
    expect(asked({ rules }, 'claude')).toEqual(['delete_branch']);
  });

  it('puts a choice for one tool above the configuration, and one for a client above that', () => {
    const choice = { server: 'files', tool: 'delete_file' } as const;
    const forAll = { ...choice, client: null, rule: 'never' } as const;
    expect(asked({ destructive: 'ask', choices: [forAll] })).toEqual(['delete_branch']);
    const one = { ...choice, client: 'c', rule: 'ask' } as const;
    expect(asked({ choices: [forAll, one] })).toEqual(['delete_file']);
    expect(asked({ choices: [forAll, one] }, 'd')).toEqual([]);
    const never = { ...choice, client: 'c', rule: 'never' } as const;
    expect(asked({ destructive: 'ask', choices: [never] })).toEqual(['delete_branch']);
    expect(asked({ destructive: 'ask', choices: [never] }, 'd')).toEqual(['delete_file', 'delete_branch']);
  });

  it('unlisted-tool: a server hides no tool from the rules by not listing it', () => {
    const hidden = (sources: Partial<RuleSources>, tool = 'hidden'): boolean =>
      compileRules({ ...nothing, ...sources }, tools).asks('files', tool, 'c');
    const rule = (server: string, name: string) =>
      ({ server, tool: name, client: null, rule: 'ask' }) as const;
    expect(hidden({})).toBe(false);
    expect(hidden({ destructive: 'ask' })).toBe(true);
    expect(hidden({ rules: [rule('files', 'hid*')] })).toBe(true);
    expect(hidden({ rules: [rule('git', '*'), rule('files', 'read_*')] })).toBe(false);
    expect(hidden({ choices: [rule('files', 'hidden')] })).toBe(true);
    expect(hidden({ rules: [rule('git', '*')] }, 'a'.repeat(1_000_000))).toBe(true);
  });

  it('twice-listed: of two with one name the first is asked about, since it is the one that is called', () => {
    const twice = [
      { server: 's', tool: 'a', destructive: true },
      { server: 's', tool: 'a', destructive: false },
    ];
    expect(compileRules({ ...nothing, destructive: 'ask' }, twice).asks('s', 'a', 'c')).toBe(true);
  });
});

describe('patterns', () => {
  it.each([
    ['*', '', true],
    ['a*', 'abc', true],
    ['a*c', 'abcbc', true],
    ['?', '', false],
    ['a?c', 'abc', true],
    ['abc', 'abcd', false],
    ['*b', 'abc', false],
    ['a.c', 'abc', false],
    ['**x**', 'x', true],
    ['A', 'a', false],
    ['*?', '*', true],
  ])('%s and %s', (pattern, text, expected) => {
    expect(fits(pattern, text)).toBe(expected);
  });

  it('takes no time for what goes back and forth in other matchers', () => {
    expect(fits(`${'*a'.repeat(100)}b`, 'a'.repeat(5_000))).toBe(false);
  });
});
