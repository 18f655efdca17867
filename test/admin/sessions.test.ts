/** How long a session is good, and how many there are. */
import { expect, it } from 'vitest';
import { createSessions } from '../../main/admin/sessions.ts';
import { createSetupCode } from '../../main/admin/setup-code.ts';
import { createTries, type Trier } from '../../main/admin/tries.ts';
import { manualClock } from '../fakes/manual-clock.ts';

const MINUTE = 60_000;
const times = () => ({ idleMs: 30 * MINUTE, wholeMs: 12 * 60 * MINUTE });

it('a session ends when nobody does anything, however often its page asks by itself', () => {
  const clock = manualClock();
  const sessions = createSessions(clock, times);
  const { cookie, key, session } = sessions.open('one');
  clock.advance(20 * MINUTE);
  expect(sessions.find(cookie, key, 'one', true)).toBe(session);
  for (let i = 0; i < 3; i += 1) {
    clock.advance(10 * MINUTE);
    expect(sessions.find(cookie, key, 'one', false)).toBe(session);
  }
  clock.advance(1);
  sessions.sweep('one');
  expect(session.signal.aborted).toBe(true);
  expect(sessions.find(cookie, key, 'one', true)).toBeNull();
  expect(sessions.size).toBe(0);
});

it('a session ends after its whole time, however busy it is', () => {
  const clock = manualClock();
  const sessions = createSessions(clock, times);
  const { cookie, key } = sessions.open('one');
  for (let i = 0; i < 48; i += 1) {
    clock.advance(15 * MINUTE);
    expect(sessions.find(cookie, key, 'one', true)).not.toBeNull();
  }
  clock.advance(1);
  expect(sessions.find(cookie, key, 'one', true)).toBeNull();
});

it('a session ends with its password, and needs both its texts', () => {
  const sessions = createSessions(manualClock(), times);
  const first = sessions.open('one');
  const other = sessions.open('one');
  expect(sessions.find(first.cookie, other.key, 'one', true)).toBeNull();
  expect(sessions.find(first.cookie, null, 'one', true)).toBeNull();
  expect(sessions.find(null, first.key, 'one', true)).toBeNull();
  expect(sessions.find(first.cookie, first.key, 'one', true)).toBe(first.session);
  expect(sessions.find(first.cookie, first.key, 'two', true)).toBeNull();
  expect(first.session.signal.aborted).toBe(true);
  sessions.sweep(null);
  expect(sessions.size).toBe(0);
});

it('there are at most sixteen; the one that was used longest ago goes', () => {
  const clock = manualClock();
  const sessions = createSessions(clock, times);
  const opened = Array.from({ length: 16 }, () => {
    clock.advance(1);
    return sessions.open('one');
  });
  const [oldest, second] = opened;
  clock.advance(1);
  sessions.find(oldest?.cookie ?? '', oldest?.key ?? '', 'one', true);
  sessions.open('one');
  expect(sessions.size).toBe(16);
  expect(oldest?.session.signal.aborted).toBe(false);
  expect(second?.session.signal.aborted).toBe(true);
});

const stranger = (address: string): Trier => ({ address, near: false, browser: null });

it('an address has five tries and then one every twelve seconds; a right one frees it', () => {
  const clock = manualClock();
  const tries = createTries(clock);
  const one = stranger('203.0.113.9');
  for (let i = 0; i < 5; i += 1) expect(tries.take(one)).toBe(0);
  expect(tries.take(one)).toBe(12_000);
  clock.advance(11_999);
  expect(tries.take(one)).toBeGreaterThan(0);
  clock.advance(1);
  expect(tries.take(one)).toBe(0);
  tries.right(one);
  expect(tries.take(one)).toBe(0);
});

it('whoever has many addresses has not more tries, and never uses up those of the owner', () => {
  const clock = manualClock();
  const tries = createTries(clock);
  const allowed = (of: (i: number) => Trier): number =>
    Array.from({ length: 400 }, (_, i) => tries.take(of(i))).filter((wait) => wait === 0).length;
  expect(allowed((i) => stranger(`2001:db8:0:7::${i.toString(16)}`))).toBe(5);
  expect(allowed((i) => stranger(`2001:db8:0:${i.toString(16)}::1`))).toBe(15);
  expect(allowed((i) => stranger(`203.0.${i % 200}.1`))).toBe(0);
  expect(tries.take({ address: '203.0.113.9', near: false, browser: 'known' })).toBe(0);
  expect(tries.take({ address: '127.0.0.1', near: true, browser: null })).toBe(0);
  // Nobody is locked out for good.
  clock.advance(3_000);
  expect(tries.take(stranger('198.51.100.1'))).toBe(0);
});

it('one IPv4 address is one, however it is written', () => {
  const tries = createTries(manualClock());
  for (let i = 0; i < 5; i += 1) tries.take(stranger(i % 2 === 0 ? '::ffff:203.0.113.9' : '203.0.113.9'));
  expect(tries.take(stranger('203.0.113.9'))).toBeGreaterThan(0);
});

it('a setup code is good in any spelling, and once', () => {
  const code = createSetupCode();
  expect(code.text).toMatch(/^[A-HJKMNP-Z2-9]{5}(-[A-HJKMNP-Z2-9]{5}){3}$/);
  expect(code.fits(` ${code.text.toLowerCase().replaceAll('-', ' ')}`)).toBe(true);
  expect(code.fits('')).toBe(false);
  expect(createSetupCode().fits(code.text)).toBe(false);
  code.spend();
  expect(code.fits(code.text)).toBe(false);
});
