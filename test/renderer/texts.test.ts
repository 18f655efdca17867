/** What is read out of texts from outside: hidden characters, levels of log lines; and small pure things of the screens. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressIn, platformOf } from '../../renderer/state/browser.ts';
import { rowFor } from '../../renderer/state/grid-keys.ts';
import { logLine } from '../../renderer/state/log-line.ts';
import { shownText, textRuns } from '../../renderer/ui/hidden.ts';
import { tipPlace } from '../../renderer/ui/tip-place.ts';
import { anyText } from '../fakes/any-text.ts';

describe('hidden characters', () => {
  const point = String.fromCodePoint;

  test.each([
    ['plain text, with\ttab and\nbreak\r\n', 'plain text, with\ttab and\nbreak\r\n'],
    [`a${point(0x200b)}b`, 'a[ZWSP]b'],
    [point(0x200b).repeat(3), '[ZWSP ×3]'],
    [`x${point(0x202e)}gpj.exe`, 'x[RLO]gpj.exe'],
    [point(0xe0048, 0xe0069), '[TAG ×2]'],
    [`${point(0xfeff)}start`, '[BOM]start'],
    [`${point(0x1b)}[31m`, '[ESC][31m'],
    [`so${point(0xad)}ft`, 'so[SHY]ft'],
    [`a${point(0x200d)}b`, 'a[ZWJ]b'],
    [`lone\rreturn`, 'lone[U+000D]return'],
    [point(0x3164), '[U+3164]'],
    ['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦'],
    ['❤️', '❤️'],
    [`می${point(0x200c)}خواهم`, `می${point(0x200c)}خواهم`],
    ['née Ünï', 'née Ünï'],
  ])('%j shows %j', (text, expected) => {
    expect(shownText(text)).toBe(expected);
  });

  test('every character is either shown or counted, and none that turns text around is shown', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const runs = textRuns(text);
        const shown = runs.map((run) => (run.kind === 'text' ? run.text : '')).join('');
        const hidden = runs.map((run) =>
          run.kind === 'text' ? 0 : Number(/×(\d+)$/.exec(run.label)?.[1] ?? 1),
        );
        expect([...shown].length + hidden.reduce((sum, count) => sum + count, 0)).toBe([...text].length);
        expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe('log lines', () => {
  test.each([
    ['[gatehouse] starting', 'own', '[gatehouse] starting'],
    ['\u001b[31mERROR\u001b[0m it broke', 'error', 'ERROR it broke'],
    ['{"level":"error","msg":"x"}', 'error', '{"level":"error","msg":"x"}'],
    ['time=1 level=warning msg=x', 'warning', 'time=1 level=warning msg=x'],
    ['[warn] x', 'warning', '[warn] x'],
    ['Error: no such file', 'error', 'Error: no such file'],
    ['TypeError: x is not a function', 'error', 'TypeError: x is not a function'],
    ['2026-11-21T09:14:02Z WARN slow', 'warning', '2026-11-21T09:14:02Z WARN slow'],
    ['0 errors found', 'plain', '0 errors found'],
    ['no error handling needed', 'plain', 'no error handling needed'],
    ['', 'plain', ''],
  ])('%j is %s', (raw, level, text) => {
    expect(logLine(raw)).toEqual({ text, level });
  });
});

describe('keys in the list', () => {
  test.each([
    ['ArrowDown', 0, 1],
    ['ArrowDown', 19, null],
    ['ArrowUp', 0, null],
    ['ArrowUp', 5, 4],
    ['Home', 5, 0],
    ['Home', 0, null],
    ['End', 5, 19],
    ['PageDown', 15, 19],
    ['PageUp', 3, 0],
    ['a', 3, null],
  ])('%s from %d goes to %s', (key, at, to) => {
    expect(rowFor(key, at, 20)).toBe(to);
  });
});

describe('the tooltip', () => {
  const room = { width: 800, height: 600 };
  const tip = { width: 100, height: 20 };
  const target = { top: 100, bottom: 126, left: 300, width: 26, height: 26 };

  test('stands under its target', () => {
    expect(tipPlace(target, tip, room)).toEqual({ top: 132, left: 263 });
  });
  test('stands over it at the lower edge', () => {
    expect(tipPlace({ ...target, top: 570, bottom: 596 }, tip, room).top).toBe(544);
  });
  test('never leaves the window', () => {
    expect(tipPlace({ ...target, left: 0 }, tip, room).left).toBe(8);
    expect(tipPlace({ ...target, left: 780 }, tip, room).left).toBe(692);
  });
});

test('the platform of the first paint, and the language of the next', () => {
  expect(platformOf('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)')).toBe('darwin');
  expect(platformOf('Mozilla/5.0 (Windows NT 10.0; Win64; x64)')).toBe('win32');
  expect(platformOf('Mozilla/5.0 (X11; Linux x86_64)')).toBe('linux');
  expect(addressIn('app://gatehouse/index.html?lang=de#/servers/a', 'ja')).toBe(
    'app://gatehouse/index.html?lang=ja#/servers/a',
  );
});
