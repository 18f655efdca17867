/** A switch acts at once, and goes back with the reason when it must. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../preload/contract.ts';
import {
  createSwitches,
  isBusy,
  noSwitches,
  type Switches,
  type SwitchState,
  shown,
} from '../../renderer/state/optimistic.ts';
import { ok, problem, refused, settled } from './fakes.ts';

let state: SwitchState;
let truth: Map<string, boolean>;
let switches: Switches;
let answer: (result: Result<null>) => void;
let asked: number;

beforeEach(() => {
  state = noSwitches;
  truth = new Map([['a', false]]);
  asked = 0;
  switches = createSwitches(
    (next) => {
      state = next;
    },
    (key) => truth.get(key),
  );
});

const ask = (): Promise<Result<null>> => {
  asked += 1;
  return new Promise((resolve) => {
    answer = resolve;
  });
};
const seen = (): boolean => shown(state, 'a', truth.get('a') ?? false);

test('shows the wish before the core has answered', () => {
  void switches.set('a', true, ask);
  expect(seen()).toBe(true);
  expect(isBusy(state, 'a')).toBe(true);
});

test('goes back and keeps the reason when the core refuses', async () => {
  const done = switches.set('a', true, ask);
  answer(refused);
  await expect(done).resolves.toEqual(problem);
  expect(seen()).toBe(false);
  expect(isBusy(state, 'a')).toBe(false);
  expect(state.failed.get('a')).toEqual(problem);
});

test('does not flicker between the answer and the snapshot that follows it', async () => {
  const done = switches.set('a', true, ask);
  answer(ok);
  await done;
  expect(seen()).toBe(true);
  expect(isBusy(state, 'a')).toBe(false);
  truth.set('a', true);
  switches.heard();
  expect(seen()).toBe(true);
  expect(state.pending.size).toBe(0);
});

test('a snapshot on the way meanwhile does not take the wish back', () => {
  void switches.set('a', true, ask);
  switches.heard();
  expect(seen()).toBe(true);
});

test('follows the core when it ended up elsewhere', async () => {
  const done = switches.set('a', true, ask);
  answer(ok);
  await done;
  switches.heard();
  expect(seen()).toBe(false);
});

test('nothing stays behind when the new value came before the answer', async () => {
  const done = switches.set('a', true, ask);
  truth.set('a', true);
  answer(ok);
  await done;
  expect(state.pending.size).toBe(0);
});

describe('a second wish', () => {
  test('while the first is underway is shown at once and asked for after it', async () => {
    const first = switches.set('a', true, ask);
    const second = switches.set('a', false, ask);
    expect(seen()).toBe(false);
    expect(asked).toBe(1);
    truth.set('a', true);
    answer(ok);
    await expect(first).resolves.toBeNull();
    await settled();
    expect(asked).toBe(2);
    expect(seen()).toBe(false);
    expect(isBusy(state, 'a')).toBe(true);
    truth.set('a', false);
    answer(ok);
    await expect(second).resolves.toBeNull();
    expect(seen()).toBe(false);
    expect(state).toEqual(noSwitches);
  });

  test('that goes back to what is underway asks for nothing more', async () => {
    const first = switches.set('a', true, ask);
    const second = switches.set('a', false, ask);
    const third = switches.set('a', true, ask);
    truth.set('a', true);
    answer(ok);
    await expect(Promise.all([first, second, third])).resolves.toEqual([null, null, null]);
    expect(asked).toBe(1);
    expect(seen()).toBe(true);
    expect(state).toEqual(noSwitches);
  });

  test('says its own problem, and takes the place of the one that was refused', async () => {
    const first = switches.set('a', true, ask);
    const second = switches.set('a', false, ask);
    answer(refused);
    await expect(first).resolves.toBeNull();
    expect(state.failed.size).toBe(0);
    await settled();
    answer(refused);
    await expect(second).resolves.toEqual(problem);
    expect(seen()).toBe(false);
    expect(isBusy(state, 'a')).toBe(false);
  });

  test('that goes back to what is refused leaves its reason', async () => {
    const first = switches.set('a', true, ask);
    void switches.set('a', false, ask);
    void switches.set('a', true, ask);
    answer(refused);
    await expect(first).resolves.toEqual(problem);
    await settled();
    expect(asked).toBe(1);
    expect(state.failed.get('a')).toEqual(problem);
    expect(seen()).toBe(false);
  });

  test('may come as soon as the core has answered, and clears an old failure', async () => {
    const first = switches.set('a', true, ask);
    answer(refused);
    await first;
    const second = switches.set('a', true, ask);
    expect(state.failed.size).toBe(0);
    answer(ok);
    await second;
    void switches.set('a', false, ask);
    await settled();
    expect(asked).toBe(3);
    expect(seen()).toBe(false);
  });
});

test('a failure can be forgotten', async () => {
  const done = switches.set('a', true, ask);
  answer(refused);
  await done;
  switches.forget('a');
  expect(state.failed.size).toBe(0);
});
