/**
 * Uses the secrets of a data directory as the app does, in whatever session its environment gives it. Arguments: the
 * data directory, then `set NAME VALUE`, `get NAME`, `list`, `delete NAME` or `move keychain|file`, as often as wanted.
 * Prints one JSON line. `forever` alone moves to and fro without end, with a line each time.
 */
import { writeSync } from 'node:fs';
import { systemClock } from '../../main/protocol/clock.ts';
import { problemOf } from '../../main/protocol/error.ts';
import { openSecrets, type SecretStore } from '../../main/secrets/secrets.ts';

async function main([dataDir = '', ...words]: string[]): Promise<void> {
  const started = Date.now();
  const store = await openSecrets({
    dataDir,
    defaultDataDir: '/nowhere',
    safeStorage: null,
    clock: systemClock,
    keychain: 'auto',
  });
  const openedMs = Date.now() - started;
  const results: unknown[] = [];
  while (words.length > 0)
    results.push(await run(store, words).catch((error: unknown) => problemOf(error).code));
  console.log(JSON.stringify({ view: store.view, results, openedMs }));
  await store.close();
}

async function run(store: SecretStore, words: string[]): Promise<unknown> {
  const next = (): string => words.shift() ?? '';
  switch (next()) {
    case 'set':
      return (await store.set(next(), next())) ?? 'done';
    case 'get':
      return store.get(next());
    case 'move':
      return store.moveTo(next() === 'file' ? 'file' : 'keychain');
    case 'forever':
      for (;;) {
        writeSync(1, 'move\n');
        await store.moveTo(store.view.store === 'keychain' ? 'file' : 'keychain');
      }
    case 'delete':
      return store.delete(next());
    default:
      return store.list();
  }
}

void main(process.argv.slice(2));
