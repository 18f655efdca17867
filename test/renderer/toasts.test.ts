/** At most two messages; news goes by itself, errors stay. */
import { expect, test, vi } from 'vitest';
import { createToasts, type Toast, type Toasts, toastTime } from '../../renderer/state/toasts.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

interface Opened {
  readonly toasts: Toasts;
  readonly timers: Set<Timer>;
  texts(): string[];
  fire(): void;
}

function open(): Opened {
  let shown: readonly Toast[] = [];
  const timers = new Set<Timer>();
  const toasts = createToasts(
    (next) => {
      shown = next;
    },
    (at, run) => {
      const timer = { at, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  );
  return {
    toasts,
    timers,
    texts: () => shown.map(({ text }) => text),
    fire() {
      for (const timer of [...timers]) {
        timers.delete(timer);
        timer.run();
      }
    },
  };
}

const news = (text: string) => ({ tone: 'ok', text, act: null }) as const;
const error = (text: string) => ({ tone: 'bad', text, act: null }) as const;

test('news goes after six seconds', () => {
  const { toasts, timers, texts, fire } = open();
  toasts.show(news('Copied'));
  expect(texts()).toEqual(['Copied']);
  expect([...timers].map(({ at }) => at)).toEqual([toastTime]);
  fire();
  expect(texts()).toEqual([]);
});

test('an error stays until it is dismissed', () => {
  const { toasts, timers, texts } = open();
  toasts.show(error('It failed'));
  expect(timers.size).toBe(0);
  toasts.dismiss(1);
  expect(texts()).toEqual([]);
});

test('a third pushes out the oldest, and its timer', () => {
  const { toasts, timers, texts } = open();
  for (const text of ['one', 'two', 'three']) {
    toasts.show(news(text));
  }
  expect(texts()).toEqual(['two', 'three']);
  expect(timers.size).toBe(2);
});

test('the same message again is shown once', () => {
  const { toasts, texts } = open();
  toasts.show(error('kept'));
  toasts.show(news('Copied'));
  toasts.show(news('Copied'));
  expect(texts()).toEqual(['kept', 'Copied']);
});

test('nothing goes while someone looks', () => {
  const { toasts, timers, texts, fire } = open();
  toasts.show(news('one'));
  toasts.hold(true);
  toasts.show(news('two'));
  expect(timers.size).toBe(0);
  toasts.hold(false);
  expect(timers.size).toBe(2);
  fire();
  expect(texts()).toEqual([]);
});

test('who showed it hears when it is gone, once', () => {
  const { toasts } = open();
  const gone = vi.fn();
  toasts.show({ ...error('one'), gone });
  toasts.show(news('two'));
  expect(gone).not.toHaveBeenCalled();
  toasts.dismiss(1);
  toasts.dismiss(1);
  expect(gone).toHaveBeenCalledTimes(1);
});

test('closing leaves no timer', () => {
  const { toasts, timers } = open();
  toasts.show(news('one'));
  toasts.close();
  expect(timers.size).toBe(0);
});
