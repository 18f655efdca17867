/** Writes secrets into the data directory named on the command line until it is killed, printing each that is stored. */
import { writeSync } from 'node:fs';
import { systemClock } from '../../main/protocol/clock.ts';
import { openSecrets } from '../../main/secrets/secrets.ts';

async function main(dataDir: string, round: string): Promise<void> {
  const store = await openSecrets({
    dataDir,
    defaultDataDir: '/nowhere',
    safeStorage: null,
    clock: systemClock,
    keychain: 'off',
  });
  for (let i = 0; i < 200; i++) {
    const name = `r${round}-${i}`;
    await store.set(name, `value of ${name}`);
    writeSync(1, `${name}\n`);
  }
}

void main(process.argv[2] ?? '', process.argv[3] ?? '');
