/**
 * The gate of the scanner: how much of the corpus it finds, and how often it cries wolf, on the part that it was tuned
 * on and on the part that was held out.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createScanner } from '../../../main/trust/scanner/scan.ts';
import { corpus, type Item, isFlagged, scanItem } from '../corpus/corpus.ts';

const scanner = createScanner();
const items = corpus().map((item) => ({ ...item, flagged: isFlagged(scanItem(scanner, item)) }));
type Judged = (typeof items)[number];

const share = (some: readonly Judged[]): number => some.filter(({ flagged }) => flagged).length / some.length;
const of = (label: Item['label'], heldOut: boolean): Judged[] =>
  items.filter((item) => item.label === label && item.heldOut === heldOut);

/** One line per technique, so that a run shows where it is weak. */
function table(): string {
  const groups = [...new Set(items.map(({ label, group }) => `${label} ${group}`))];
  const cell = (some: readonly Judged[]): string =>
    `${some.filter(({ flagged }) => flagged).length}/${some.length}`.padStart(9);
  const lines = groups.map((name) => {
    const all = items.filter(({ label, group }) => `${label} ${group}` === name);
    return `${name.padEnd(58)}${cell(all.filter((item) => !item.heldOut))}${cell(all.filter((item) => item.heldOut))}`;
  });
  return [`${'flagged'.padEnd(58)}    tuned held out`, ...lines].join('\n');
}

/** What the documentation says of the corpus and of both parts, in its own words. */
function documented(): string[] {
  const count = (label: Item['label'], group: RegExp): number =>
    items.filter((item) => item.label === label && group.test(item.group)).length;
  const found = (some: readonly Judged[]): string => {
    const flagged = some.filter((item) => item.flagged).length;
    return `${flagged} of ${some.length} (${Number(((flagged / some.length) * 100).toFixed(1))} %)`;
  };
  const percent = (text: string): string => text.replace(/\((\d+) %\)/, (_whole, all) => `(${all}.0 %)`);
  const servers = new Set(items.flatMap(({ group }) => (group.startsWith('real: ') ? [group] : [])));
  return [
    `has ${items.length} definitions: ${count('hostile', /./)} attacks`,
    `${count('benign', /^hard: /)} honest`,
    `${count('benign', /^real: /)} definitions as ${servers.size} real servers list`,
    ...(['tuned', 'held out'] as const).map((name) => {
      const held = name === 'held out';
      return `| ${name} | ${percent(found(of('hostile', held)))} | ${found(of('benign', held))} |`;
    }),
  ];
}

describe('the labelled corpus', () => {
  it('is what the documentation says of it', () => {
    const page = readFileSync(new URL('../../../docs/scanner.md', import.meta.url), 'utf8');
    for (const words of documented()) expect(page).toContain(words);
  });

  it('is large enough, and a third of it is held out', () => {
    expect(items.filter(({ label }) => label === 'hostile').length).toBeGreaterThanOrEqual(290);
    expect(items.length).toBeGreaterThanOrEqual(600);
    const held = items.filter(({ heldOut }) => heldOut).length / items.length;
    expect(held).toBeGreaterThan(0.27);
    expect(held).toBeLessThan(0.4);
    expect(new Set(items.map(({ label, id }) => `${label} ${id}`)).size).toBe(items.length);
    console.log(table());
  });

  it.each([
    ['tuned', false],
    ['held out', true],
  ])('finds at least 95 in 100 attacks of the %s part', (_name, heldOut) => {
    expect(share(of('hostile', heldOut))).toBeGreaterThanOrEqual(0.95);
  });

  it.each([
    ['tuned', false],
    ['held out', true],
  ])('speaks up at no more than 2 in 100 honest texts of the %s part', (_name, heldOut) => {
    expect(share(of('benign', heldOut))).toBeLessThanOrEqual(0.02);
  });
});
