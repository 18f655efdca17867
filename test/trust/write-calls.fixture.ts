/** Decides about calls and tools in the directory named on the command line until it is killed, printing what is saved. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../main/protocol/clock.ts';
import { undecided } from '../../main/trust/approval.ts';
import { Approvals } from '../../main/trust/approvals.ts';
import { openCallStore } from '../../main/trust/call-store.ts';

async function main(dir: string, round: string): Promise<void> {
  const store = openCallStore(join(dir, 'calls.json'), systemClock);
  const approvals = new Approvals({
    ...{ server: 's', dir: join(dir, 'trust'), clock: systemClock, expected: false },
    written: () => undefined,
    noted: () => undefined,
    problem: ({ code }) => process.stderr.write(`${code}\n`),
  });
  for (let i = 0; i < 500; i++) {
    const name = `r${round}-${i}`;
    const blocked = { ...undecided('tools', name), blocked: true };
    await Promise.all([
      store.allowAlways({ client: 'c', hash: name, server: 's', tool: 't' }),
      approvals.decide(() => ({ approvals: [blocked], history: [] })),
    ]);
    writeSync(1, `${name}\n`);
  }
}

void main(process.argv[2] ?? '', process.argv[3] ?? '');
