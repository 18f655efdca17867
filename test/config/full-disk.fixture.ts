/** Tries a short and a long write into the file named on the command line and prints what came of each. */
import { openConfigStore } from '../../main/config/store.ts';
import { systemClock } from '../../main/protocol/clock.ts';
import { problemOf } from '../../main/protocol/error.ts';

async function main(file: string): Promise<void> {
  // The limit also sends a signal, which a full disk does not.
  process.on('SIGXFSZ', () => undefined);
  const store = await openConfigStore({
    file,
    clock: systemClock,
    create: false,
    onChange: () => undefined,
    onBroken: () => undefined,
  });
  const attempt = (bytes: number): Promise<string> =>
    store.edit(['mcpServers', 'new'], { command: 'x'.repeat(bytes) }).then(
      () => 'written',
      (error: unknown) => problemOf(error).code,
    );
  console.log(await attempt(1));
  // `ulimit -f 8` allows 8 blocks of 1,024 bytes: the first part of this write succeeds, the rest does not.
  console.log(await attempt(20_000));
  await store.close();
}

void main(process.argv[2] ?? '');
