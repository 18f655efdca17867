/** Switches tools off in the file named on the command line until it is killed, printing each that is saved. */
import { writeSync } from 'node:fs';
import { systemClock } from '../../main/protocol/clock.ts';
import { openTrust } from '../../main/trust/trust.ts';

async function main(file: string, round: string): Promise<void> {
  const store = await openTrust({ file, clock: systemClock });
  for (let i = 0; i < 500; i++) {
    const tool = `r${round}-${i}`;
    await store.setToolEnabled('s', tool, false);
    writeSync(1, `${tool}\n`);
  }
}

void main(process.argv[2] ?? '', process.argv[3] ?? '');
