/** Where the popover opens, and which keys open it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GatehouseError } from '../../main/protocol/error.ts';
import { placePopover, popoverSize } from '../../main/shell/popover-place.ts';
import { openShortcut } from '../../main/shell/shortcut.ts';

describe('placePopover', () => {
  const work = { x: 0, y: 25, width: 1440, height: 875 };

  test('hangs below an icon in a bar on top, centred', () => {
    expect(placePopover({ x: 1000, y: 0, width: 24, height: 24 }, work)).toEqual({
      ...{ x: 832, y: 33 },
      ...popoverSize,
    });
  });

  test('stands above an icon in a bar at the bottom, within the screen', () => {
    const bottom = { x: 0, y: 0, width: 1920, height: 1040 };
    expect(placePopover({ x: 1880, y: 1045, width: 24, height: 24 }, bottom)).toEqual({
      ...{ x: 1920 - 8 - 360, y: 1040 - 8 - 520 },
      ...popoverSize,
    });
  });

  test('is always whole inside the screen, wherever the icon is said to be', () => {
    const number = fc.integer({ min: -5_000, max: 5_000 });
    const size = fc.integer({ min: 200, max: 4_000 });
    fc.assert(
      fc.property(number, number, number, number, size, size, (ix, iy, x, y, width, height) => {
        const placed = placePopover({ x: ix, y: iy, width: 0, height: 0 }, { x, y, width, height });
        expect(placed.x).toBeGreaterThanOrEqual(x);
        expect(placed.y).toBeGreaterThanOrEqual(y);
        expect(placed.x + placed.width).toBeLessThanOrEqual(x + width);
        expect(placed.y + placed.height).toBeLessThanOrEqual(y + height);
      }),
    );
  });
});

describe('openShortcut', () => {
  function system(...refuses: string[]) {
    const held: string[] = [];
    return {
      held,
      register(keys: string) {
        if (keys === 'Nonsense+?') throw new TypeError('no such keys');
        if (refuses.includes(keys)) return false;
        held.push(keys);
        return true;
      },
      unregister: (keys: string) => void held.splice(held.indexOf(keys), 1),
    };
  }

  test('holds the keys that were chosen last, and none after the end', () => {
    const keys = system();
    const shortcut = openShortcut(keys, () => {});
    expect(keys.held).toEqual([]);
    shortcut.use('Control+Alt+G');
    shortcut.use('Control+Alt+H');
    expect(keys.held).toEqual(['Control+Alt+H']);
    shortcut.use(null);
    expect(keys.held).toEqual([]);
    shortcut.use('Control+Alt+G');
    shortcut.close();
    expect(keys.held).toEqual([]);
  });

  test.each(['Super+L', 'Nonsense+?'])('says when %s cannot be had, and keeps those before', (wanted) => {
    const keys = system('Super+L');
    const shortcut = openShortcut(keys, () => {});
    shortcut.use('Control+Alt+G');
    expect(() => shortcut.use(wanted)).toThrow(GatehouseError);
    expect(keys.held).toEqual(['Control+Alt+G']);
  });
});
