/** Connects and disconnects one client over and over until it is killed. Arguments: home, data directory. */
import { openClients } from '../../main/clients/clients.ts';
import { systemClock } from '../../main/protocol/clock.ts';
import { fakeTokens } from './home.ts';

const [, , home = '', dataDir = ''] = process.argv;

async function writeForever(): Promise<never> {
  const clients = await openClients({
    dataDir,
    system: { platform: 'linux', home, env: {} },
    clock: systemClock,
    appVersion: '1.0.0',
    launcher: (client) => ({ command: '/opt/gatehouse', args: ['--client', client] }),
    address: () => Promise.resolve(null),
    tokens: fakeTokens(),
  });
  for (;;) {
    for (const action of ['connect', 'disconnect'] as const) {
      const asked = { action, client: 'cursor' };
      const { hash, changes } = await clients.preview(asked);
      // The one before may have been killed in either state: what is so already is left out.
      if (changes) await clients.apply(asked, hash);
    }
    process.stdout.write('.');
  }
}

void writeForever();
