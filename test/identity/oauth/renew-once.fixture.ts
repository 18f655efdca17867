/** Renews the tokens of one sign-in once, when it is told to; prints a line when it is ready and when it has them. */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { keeperOf } from './renewing.ts';

async function main(dataDir: string, url: string, keychain: string): Promise<void> {
  const keeper = await keeperOf(dataDir, url, keychain === 'auto' ? 'auto' : 'off');
  const old = keeper.record?.tokens?.access ?? null;
  writeSync(1, 'loaded\n');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  await keeper.renew(url, old);
  const access = keeper.record?.tokens?.access ?? '';
  writeSync(1, `has ${createHash('sha256').update(access).digest('hex')}\n`);
  process.exit(0);
}

main(process.argv[2] ?? '', process.argv[3] ?? '', process.argv[4] ?? '').catch((error: unknown) => {
  writeSync(1, `failed ${String(error)}\n`);
  process.exit(1);
});
