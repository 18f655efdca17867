/** Stores a short and a long secret under a limit on the size of files; prints what came of each. */
import { systemClock } from '../../main/protocol/clock.ts';
import { problemOf } from '../../main/protocol/error.ts';
import { openSecrets } from '../../main/secrets/secrets.ts';

async function main(dataDir: string): Promise<void> {
  // The limit also sends a signal, which a full disk does not.
  process.on('SIGXFSZ', () => undefined);
  const store = await openSecrets({
    dataDir,
    defaultDataDir: '/nowhere',
    safeStorage: null,
    clock: systemClock,
    keychain: 'off',
  });
  const attempt = (name: string, bytes: number): Promise<string> =>
    store.set(name, 'x'.repeat(bytes)).then(
      () => 'written',
      (error: unknown) => problemOf(error).code,
    );
  console.log(await attempt('short', 1));
  console.log(await attempt('long', 20_000));
}

void main(process.argv[2] ?? '');
