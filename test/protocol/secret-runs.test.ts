/** Tokens known by their shape: what spares trying all shapes must never spare the right one, and nothing may run away. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksRandom, SHAPES } from '../../main/protocol/secret-patterns.ts';
import { hideRuns } from '../../main/protocol/secret-runs.ts';

const hidden = (text: string): string[] => {
  const kinds: string[] = [];
  hideRuns(text, (kind) => {
    kinds.push(kind);
    return '';
  });
  return kinds;
};

/** A text that the expression matches, of the few parts of expressions that shapes are made of. `pick` decides. */
function example(source: string, pick: (most: number) => number): string {
  let at = 0;
  const charsOf = (set: string): string[] => {
    const wanted = new RegExp(set);
    return [...'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-.+/=~:'].filter((char) =>
      wanted.test(char),
    );
  };
  const atom = (): string => {
    const rest = source.slice(at);
    const set = /^(?:\[(?:\\.|[^\]])+\]|\\[wd])/.exec(rest)?.[0];
    if (set !== undefined) {
      at += set.length;
      const chars = charsOf(set);
      return chars[pick(chars.length)] ?? '';
    }
    if (source[at] === '(') {
      at += 3;
      const ahead = source[at - 1] === '!';
      const text = choice();
      at += 1;
      return ahead ? '' : text;
    }
    if (source[at] === '^') {
      at += 1;
      return '';
    }
    if (source[at] === '\\') at += 1;
    return source[at++] ?? '';
  };
  const repeated = (): string => {
    const begin = at;
    let text = atom();
    const [all, least, most] = /^(?:\{(\d+),?(\d*)\}|[*?+])/.exec(source.slice(at)) ?? [''];
    const end = at + all.length;
    if (all !== '') {
      const low = all === '+' ? 1 : Number(least ?? 0);
      const high = Math.max(low, Number(most || (all.startsWith('{') ? 0 : 1)));
      const times = low + pick(high - low + 1);
      text = Array.from({ length: times }, () => {
        at = begin;
        return atom();
      }).join('');
    }
    at = end;
    return text;
  };
  const choice = (): string => {
    const options: string[] = [];
    let text = '';
    for (;;) {
      const next = source[at];
      if (next === undefined || next === ')' || next === '|') {
        options.push(text);
        text = '';
        if (next !== '|') return options[pick(options.length)] ?? '';
        at += 1;
      } else text += repeated();
    }
  };
  return choice();
}

describe('shapes of tokens', () => {
  it.each(SHAPES.map(({ kind, shape }) => ({ kind, shape })))('$kind is recognized: $shape', ({ shape }) => {
    let found = 0;
    const check = fc.property(fc.infiniteStream(fc.nat(1_000)), (numbers) => {
      const text = example(shape.source, (most) => (numbers.next().value ?? 0) % Math.max(most, 1));
      const first = SHAPES.find((one) => one.shape.test(text));
      if (first === undefined || text.length < 16) return;
      found += 1;
      expect(hidden(text), text).toContain(first.kind);
    });
    fc.assert(check, { numRuns: 60 });
    expect(found).toBeGreaterThan(20);
  });

  it('stand for themselves among others in one run', () => {
    const github = `ghp_${'a1B2c3D4e5'.repeat(4)}`;
    const npm = `npm_${'Z9y8X7w6V5'.repeat(4)}`;
    const run = `${github}/${npm}:${github}`;
    expect(hidden(run)).toEqual(['GitHub token', 'npm token', 'GitHub token']);
  });
});

describe('what a server may send', () => {
  it.each([
    ['a name of many letters with a number behind it', `${'a'.repeat(300)}12345-${'a1'.repeat(48)}`],
    ['the same in capitals and small letters', `${'aBc'.repeat(100)}12345-${'a1'.repeat(48)}`],
    ['many tokens in one run', `eyJabcdefgh.`.repeat(4_000)],
    ['many marks without a token', 'sk-'.repeat(20_000)],
    ['many parts of a path', `${'aB1'.repeat(9)}/`.repeat(1_500)],
  ])('is judged in no time: %s', (_what, text) => {
    const before = performance.now();
    hidden(text);
    expect(performance.now() - before).toBeLessThan(400);
  });

  it('names, numbers and hash values are not random, keys are', () => {
    for (const plain of [
      'getUserAccountByIdentifierAndName',
      'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
      '123e4567-e89b-42d3-a456-426614174000',
      'sha256-a94a8fe5ccb19ba61c4c0873d391e987',
      '2026-11-28_07:15:00.123456',
      'some_long_snake_case_name_of_2026',
    ]) {
      expect(looksRandom(plain), plain).toBe(false);
    }
    expect(looksRandom('h7Kd92mQx0vRb4TzLw81')).toBe(true);
    expect(looksRandom('files/h7Kd92mQx0vRb4TzLw81nPc3/list')).toBe(true);
  });
});
