/**
 * Real servers that answer wrongly or talk too much, behind one gateway: what callers get, what stays bounded, and that
 * a healthy server beside them does not feel it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../host/gateway.ts';
import {
  BOUND_MS,
  failedWith,
  type House,
  LONG,
  openHouse,
  READY,
  RECOVERY_MS,
  SHORT,
  TIMED_OUT,
  textOf,
} from './faulty.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse({
    'hang-in-call': SHORT,
    garbage: SHORT,
    'split-utf8': LONG,
    'answers-twice': SHORT,
    'answers-late': SHORT,
    'wrong-id': SHORT,
    'null-id': SHORT,
    'huge-line': LONG,
    'endless-line': LONG,
    'invalid-utf8': SHORT,
    'deep-answer': LONG,
    'cut-answer': LONG,
    'asks-for-ever': LONG,
    'ping-storm': LONG,
    'deaf-ping-storm': LONG,
    'request-storm': LONG,
    'odd-messages': LONG,
    'floods-stdout': LONG,
    'floods-json': LONG,
  });
}, 60_000);
afterEach(() => house.unharmed());
afterAll(() => house?.close(), 40_000);

describe('a server that answers wrongly', () => {
  it.each(['hang-in-call', 'wrong-id', 'null-id'])(
    '%s: the call ends after its time, and the next one is answered',
    async (name) => {
      const [session, stateless] = await Promise.all([
        house.call(`${name}__fault`),
        house.modernCall(`${name}__fault`),
      ]);
      expect(session).toMatchObject(TIMED_OUT);
      expect(stateless).toMatchObject(TIMED_OUT);
      expect(textOf(await house.call(`${name}__ok`))).toBe('ok ok');
      expect(await house.standing(name)).toEqual(READY);
    },
  );

  it('answers-late: the late answer is nobody’s', async () => {
    expect(await house.call('answers-late__fault')).toMatchObject(TIMED_OUT);
    const later = Date.now() + 1_500;
    while (Date.now() < later) expect(textOf(await house.call('answers-late__ok'))).toBe('ok ok');
    expect(await house.standing('answers-late')).toEqual(READY);
  });

  it('answers-twice: the first answer counts', async () => {
    expect(textOf(await house.call('answers-twice__fault'))).toBe('first');
    expect(textOf(await house.call('answers-twice__ok'))).toBe('ok ok');
    expect(await house.standing('answers-twice')).toEqual(READY);
  });

  it('garbage between messages is passed over, and noted 20 times at most', async () => {
    const notes = (): number => (house.logOf('garbage').match(/not a message on stdout/g) ?? []).length;
    expect(textOf(await house.call('garbage__fault'))).toBe('nothing is wrong');
    for (let i = 0; i < 10; i++) expect(textOf(await house.call('garbage__ok'))).toBe('ok ok');
    await until(() => notes() === 20, 'the notes');
    expect(await house.standing('garbage')).toEqual(READY);
  });

  it('split-utf8: characters in pieces are whole again, in answers and in the log', async () => {
    expect(textOf(await house.call('split-utf8__fault'))).toBe('größer als 漢字 😀');
    await until(() => house.logOf('split-utf8').includes('größer als 漢字 😀'), 'the line in the log');
    expect(await house.standing('split-utf8')).toEqual(READY);
  });

  it('huge-line: 64 MiB pass', async () => {
    const answer = await house.beside(house.client.call(1, 'huge-line__fault'), BOUND_MS);
    expect(answer.length).toBeGreaterThan(64 * 1024 * 1024);
    expect(answer.endsWith('x"}]}}')).toBe(true);
    expect(await house.standing('huge-line')).toEqual(READY);
  });

  it('endless-line: the caller hears it at 256 MiB; the server is ended when it does not cease, and started again', async () => {
    const answer = await house.beside(house.call('endless-line__fault'), BOUND_MS);
    expect(answer).toMatchObject(failedWith('upstream.too_large'));
    await until(async () => (await house.standing('endless-line')).state !== 'ready', 'it is ended');
    expect((await house.standing('endless-line')).code).toBe('upstream.too_large');
    await house.recovery('endless-line', RECOVERY_MS);
  });

  it('invalid-utf8: reaches its caller alone, and no list', async () => {
    expect(textOf(await house.call('invalid-utf8__fault'))).toContain('\ufffd');
    expect(await house.namesOf('invalid-utf8')).toEqual(
      ['fault', 'ok', 'pid', 'seen'].map((name) => `invalid-utf8__${name}`),
    );
    expect(JSON.stringify(await house.list())).not.toContain('\ufffd');
  });

  it('deep-answer: passes unread, to clients of both eras', async () => {
    for (const text of [
      await house.client.call(1, 'deep-answer__fault'),
      await house.modernText('deep-answer__fault'),
    ]) {
      expect(text).toContain('[[[[');
      expect(text.length).toBeGreaterThan(200_000);
    }
    expect(textOf(await house.call('deep-answer__ok'))).toBe('ok ok');
    expect(await house.standing('deep-answer')).toEqual(READY);
  });

  it('cut-answer: fails at once, for clients of both eras', async () => {
    const since = Date.now();
    expect(await house.call('cut-answer__fault')).toMatchObject(failedWith('upstream.bad_answer'));
    expect(await house.modernCall('cut-answer__fault')).toMatchObject(failedWith('upstream.bad_answer'));
    expect(Date.now() - since).toBeLessThan(BOUND_MS);
    expect(await house.standing('cut-answer')).toEqual(READY);
  });

  it('asks-for-ever: 16 rounds, then the call fails', async () => {
    expect(await house.call('asks-for-ever__fault')).toMatchObject(failedWith('upstream.too_many_rounds'));
    expect(JSON.parse(textOf(await house.call('asks-for-ever__seen')))).toMatchObject({ 'tools/call': 18 });
  });
});

describe('a server that talks too much', () => {
  it('ping-storm: every ping is answered', async () => {
    const count = Number(textOf(await house.beside(house.call('ping-storm__fault'), BOUND_MS)));
    const answers = async (): Promise<number> =>
      (JSON.parse(textOf(await house.call('ping-storm__seen'))) as { answer: number }).answer;
    await until(async () => (await answers()) === count, 'all answers have come');
  });

  it('deaf-ping-storm: a server that never reads what it gets is ended at 128 MiB', async () => {
    const before = house.residentMiB();
    const answer = await house.beside(house.call('deaf-ping-storm__fault'), BOUND_MS);
    expect(answer).toMatchObject(failedWith('upstream.not_reading'));
    expect(house.residentMiB() - before).toBeLessThan(1_200);
    await house.recovery('deaf-ping-storm', RECOVERY_MS);
  });

  it('request-storm: everything it asks for is refused, nobody is asked', async () => {
    const stream = await house.client.listen();
    const count = Number(textOf(await house.beside(house.call('request-storm__fault'), BOUND_MS)));
    const answers = async (): Promise<number> =>
      (JSON.parse(textOf(await house.call('request-storm__seen'))) as { answer: number }).answer;
    await until(async () => (await answers()) === count, 'all answers have come');
    expect(stream.messages.filter((message) => message.includes('"id"'))).toEqual([]);
    stream.close();
  });

  it.each(['floods-stdout', 'floods-json'])(
    '%s: takes no time from the others, and is answered itself',
    async (name) => {
      expect(textOf(await house.call(`${name}__fault`))).toBe('begun');
      const until = Date.now() + 2_000;
      const calls = async (): Promise<void> => {
        while (Date.now() < until) expect(textOf(await house.call(`${name}__ok`))).toBe('ok ok');
      };
      await house.beside(calls(), BOUND_MS);
      expect(await house.standing(name)).toEqual(READY);
    },
  );

  it('odd-messages: none of them does harm', async () => {
    await house.client.call(1, 'odd-messages__fault');
    expect(textOf(await house.call('odd-messages__ok'))).toBe('ok ok');
    expect(await house.modernCall('odd-messages__fault')).toBeDefined();
    expect(await house.standing('odd-messages')).toEqual(READY);
  });
});

it('SIGTERM: exit 0, and no process is left', () => house.end(), 40_000);
