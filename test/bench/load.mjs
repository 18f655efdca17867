/**
 * The load: so many calls under way at once for so long, each answer checked for the id and the text it must carry.
 */
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Where calls go.
 * @typedef {object} Target
 * @property {() => Lane} lane opens a socket
 * @property {(id: number, text: string) => string} body
 * @property {'echo' | 'id' | 'none'} check what of the answer is looked at
 * @property {boolean} [ownIds] every socket counts its ids from one, so that equal ids meet at the server
 */

/** @typedef {{ send: (body: string, id: number) => Promise<{ bytes: Buffer, bodyAt: number }>, close: () => void }} Lane */

/** @typedef {{ calls: number, lost: number, faults: string[], seconds: number, latencies: number[] }} Load */

/** After the end, answers may take so long. Milliseconds. */
const GRACE_MS = 10_000;
let nextId = 1;

/**
 * Keeps `lanes` calls under way for `ms` milliseconds, spread over `targets`. Latencies are in microseconds.
 * @param {readonly Target[]} targets
 * @param {number} lanes
 * @param {number} ms
 * @returns {Promise<Load>}
 */
export async function load(targets, lanes, ms) {
  const open = Array.from({ length: lanes }, (_, i) => {
    const target = targets[i % targets.length];
    return { target, lane: target.lane(), count: 0 };
  });
  const latencies = [];
  const faults = [];
  let calls = 0;
  let lost = 0;
  const start = performance.now();
  const end = start + ms;
  const work = Promise.all(
    open.map(async (each) => {
      const { target, lane } = each;
      for (;;) {
        const from = performance.now();
        if (from > end) return;
        const number = nextId++;
        const id = target.ownIds === true ? ++each.count : number;
        const text = `hello ${number}`;
        try {
          const answer = await lane.send(target.body(id, text), id);
          if (!isRight(target, answer, id, text)) throw new Error('crossed answer');
        } catch (error) {
          lost++;
          faults.push(error.message);
          return;
        }
        calls++;
        latencies.push((performance.now() - from) * 1_000);
      }
    }),
  );
  const late = new AbortController();
  await Promise.race([work, pause(ms + GRACE_MS, undefined, { signal: late.signal }).catch(() => undefined)]);
  late.abort();
  const seconds = (performance.now() - start) / 1_000;
  if (seconds * 1_000 >= ms + GRACE_MS) {
    lost++;
    faults.push('no answer');
  }
  for (const { lane } of open) lane.close();
  return { calls, lost, faults, seconds, latencies };
}

function isRight(target, { bytes, bodyAt }, id, text) {
  if (target.check === 'none') return true;
  const known = bytes.includes(`"id":${id},`, bodyAt) || bytes.includes(`"id":${id}}`, bodyAt);
  return known && (target.check !== 'echo' || bytes.includes(`${text}"`, bodyAt));
}
