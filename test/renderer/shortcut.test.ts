/** Which keys may be taken from every program, and how they are written down. */
import { expect, test } from 'vitest';
import { acceleratorOf, type Pressed } from '../../renderer/state/shortcut.ts';

const none = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };
const press = (code: string, part: Partial<Pressed> = {}): Pressed => ({ ...none, code, ...part });

test.each([
  [press('KeyG', { ctrlKey: true, altKey: true }), 'Control+Alt+G'],
  [press('Digit1', { altKey: true, shiftKey: true }), 'Alt+Shift+1'],
  [press('Space', { ctrlKey: true }), 'Control+Space'],
  [press('F13', { metaKey: true }), 'Super+F13'],
])('%j is %s', (event, keys) => {
  expect(acceleratorOf(event, false)).toBe(keys);
});

test('the Mac has its own name for the key with its sign', () => {
  expect(acceleratorOf(press('KeyG', { metaKey: true }), true)).toBe('Command+G');
});

test.each([
  press('KeyG'),
  press('KeyG', { shiftKey: true }),
  press('ControlLeft', { ctrlKey: true }),
  press('Enter', { ctrlKey: true }),
  press('F25', { ctrlKey: true }),
])('%j is nothing that may be taken', (event) => {
  expect(acceleratorOf(event, false)).toBeNull();
});
