/**
 * What a session weighs that nobody uses: resident memory before and after a thousand of them, in a gateway that has
 * worked before, so that its heap has its usual size; once more with the standing stream of each one open. All garbage
 * is collected before each reading: how much of it lies about at a moment says nothing about sessions.
 */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { HEADERS, headless } from './gatehouse.mjs';
import { programs, stdioServers, toolOf } from './places.mjs';
import { rssMiB } from './processes.mjs';
import { measure } from './rounds.mjs';
import { openHttpSessions } from './sessions.mjs';

const SETTLE_MS = 400;
const STEADY_MIB = 0.15;
const MOST_TURNS = 8;

/** @param {import('./sections.mjs').Bench} bench */
export async function measureIdleSessions(bench) {
  const { repeats, count } = bench.sessions;
  for (let repeat = 0; repeat < repeats; repeat++) {
    await bench.attempt(['session', 'session-stream'], headless.label, async () => {
      const own = await headless.start(stdioServers(1, 2), ['--expose-gc', '--import', programs.collect]);
      const caller = await own.caller();
      await measure(own.pid, [caller.tool(toolOf(0))], 16, bench.pace.warmMs);
      await openHttpSessions(own.url, HEADERS, count / 10);
      const before = await keptMiB(own.pid);
      const sessions = await openHttpSessions(own.url, HEADERS, count);
      const idle = await keptMiB(own.pid);
      bench.note('session', own.label, ((idle - before) * 1024) / count);
      const streams = await Promise.all(sessions.map((headers) => openStream(own.url, headers)));
      const streaming = await keptMiB(own.pid);
      bench.note('session-stream', own.label, ((streaming - before) * 1024) / count);
      for (const socket of streams) socket.destroy();
      await own.stop();
    });
  }
}

/** Memory after collecting all garbage, again and again until it stays: pages are given back a little later. */
async function keptMiB(pid) {
  let last = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    process.kill(pid, 'SIGUSR2');
    await pause(SETTLE_MS);
    const now = rssMiB(pid);
    if (Math.abs(now - last) < STEADY_MIB) return now;
    last = now;
  }
  return last;
}

/** Opens the standing stream of a session; resolves when its head has come. */
function openStream(url, headers) {
  const { pathname, host, port, hostname } = new URL(url);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once('error', reject);
    socket.once('data', (head) => {
      if (head.toString('latin1', 9, 12) === '200') resolve(socket);
      else reject(new Error(head.toString('latin1')));
    });
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAccept: text/event-stream\r\n${lines.join('')}\r\n`,
    );
  });
}
