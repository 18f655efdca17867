/** A writer that is killed at any moment leaves the old file or the new one, whole. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundle } from '../fakes/bundle.ts';

/** `GATEHOUSE_KILLS=500` tries more. */
const KILLS = Number(process.env.GATEHOUSE_KILLS ?? 40);
/** Writers at a time, each in a home of its own. */
const LANES = 4;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'gh-kill-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it(`${KILLS} kills, no damaged file`, { timeout: 600_000 }, async () => {
  const script = await bundle(join(import.meta.dirname, 'writer.fixture.ts'));
  // Large enough that a write takes a while.
  const rest = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, index) => [`key${index}`, 'x'.repeat(100)]),
  );
  const before = `${JSON.stringify({ ...rest, mcpServers: { a: { command: 'x' } } }, null, 2)}\n`;
  const found = { connected: 0, before: 0 };

  const lane = async (number: number): Promise<void> => {
    const home = join(dir, String(number));
    const file = join(home, '.cursor', 'mcp.json');
    mkdirSync(join(home, '.cursor'), { recursive: true });
    writeFileSync(file, before);
    for (let kills = 0; kills < KILLS / LANES; kills++) {
      // A lock of the writer before would make the next one wait until it is old.
      rmSync(`${file}.lock`, { recursive: true, force: true });
      const child = spawn(process.execPath, [script, home, join(home, 'data')], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      // It says so after each time round; how long that takes depends on how busy the computer is.
      await once(child.stdout, 'data');
      const start = performance.now();
      await once(child.stdout, 'data');
      const round = performance.now() - start;
      const exited = once(child, 'exit');
      setTimeout(() => child.kill('SIGKILL'), Math.random() * round);
      await exited;
      const now = readFileSync(file, 'utf8');
      if (now === before) found.before++;
      else {
        // The entry and nothing else is new.
        const start = now.indexOf('\n    "gatehouse"');
        const end = now.indexOf('\n    "a"');
        expect(now.slice(0, start) + now.slice(end)).toBe(before);
        found.connected++;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  expect(found.before + found.connected, JSON.stringify(found)).toBe(KILLS);
  // Both states were met, or the kills came at the wrong moments.
  expect(found.connected).toBeGreaterThan(KILLS / 50);
  expect(found.before).toBeGreaterThan(KILLS / 50);
});
