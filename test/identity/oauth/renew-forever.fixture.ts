/** Renews the tokens of one sign-in over and over until it is killed; prints a line before and after each time. */
import { writeSync } from 'node:fs';
import { keeperOf } from './renewing.ts';

async function main(dataDir: string, url: string): Promise<void> {
  const keeper = await keeperOf(dataDir, url, 'off');
  for (;;) {
    writeSync(1, 'begin\n');
    await keeper.renew(url, keeper.record?.tokens?.access ?? null);
    writeSync(1, 'end\n');
  }
}

main(process.argv[2] ?? '', process.argv[3] ?? '').catch((error: unknown) => {
  writeSync(1, `failed ${String(error)}\n`);
  process.exit(1);
});
