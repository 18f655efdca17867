/** What is remembered of clients: it outlives a restart, and a file that is damaged while the app runs. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openMemory } from '../../main/clients/memory.ts';
import { systemClock } from '../../main/protocol/clock.ts';

let folder: string;
let file: string;
const connection = { file: '/home/ada/.cursor/mcp.json', at: 1, via: 'http', repaired: 0 } as const;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-memory-'));
  file = join(folder, 'connected-clients.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('keeps who is connected, and files that were chosen', async () => {
  const memory = await openMemory(file, systemClock);
  await memory.setConnection('cursor', connection);
  await memory.choose('zed', '/home/ada/zed.json');
  await memory.close();
  const again = await openMemory(file, systemClock);
  expect(again.connection('cursor')).toEqual(connection);
  expect(again.chosen('zed')).toBe('/home/ada/zed.json');
  await again.close();
});

it('begins anew with a damaged file, and loses nothing to one that is damaged while it is open', async () => {
  await writeFile(file, 'half a f');
  const memory = await openMemory(file, systemClock);
  expect(memory.connection('cursor')).toBeNull();
  await memory.setConnection('cursor', connection);
  await writeFile(file, '{');
  await memory.choose('zed', '/home/ada/zed.json');
  await memory.close();
  const written: unknown = JSON.parse(await readFile(file, 'utf8'));
  expect(written).toMatchObject({
    connections: { cursor: connection },
    chosen: { zed: '/home/ada/zed.json' },
  });
});

it('a request of a client that was seen moves its last sight on, never back, and is on the disk when it closes', async () => {
  const memory = await openMemory(file, systemClock);
  memory.used('cursor', 5);
  expect(memory.sighting('cursor')).toBeNull();
  memory.saw('cursor', { at: 10, name: 'Cursor', version: '1' });
  memory.used('cursor', 70);
  memory.used('cursor', 20);
  await memory.close();
  const again = await openMemory(file, systemClock);
  expect(again.sighting('cursor')).toEqual({ at: 70, name: 'Cursor', version: '1' });
  await again.close();
});

it('takes in what the command line has written meanwhile', async () => {
  const memory = await openMemory(file, systemClock);
  const other = await openMemory(file, systemClock);
  await other.setConnection('cursor', connection);
  await memory.choose('zed', '/home/ada/zed.json');
  expect(memory.connection('cursor')).toEqual(connection);
  await memory.close();
  await other.close();
});
