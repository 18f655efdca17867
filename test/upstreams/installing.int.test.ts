/** Installing what a server needs, over a real Gatehouse: output as it comes, in its folder, with its environment. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askCommand, runCommand } from '../../main/commands/local-client.ts';
import type { InstallOutput } from '../../preload/views/installing.ts';
import { alive, type GatewayProcess, nodeEntry, rawServer, startGateway, until } from '../host/gateway.ts';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGateway({
    servers: {
      raw: { ...nodeEntry(rawServer), env: { REGION: 'north' } },
      far: { url: 'http://127.0.0.1:9/mcp' },
    },
  });
});
afterAll(() => gateway?.close());

async function whole(run: string): Promise<{ text: string; ended: InstallOutput['ended'] }> {
  let text = '';
  for (let from = 0; ; ) {
    const more = await runCommand(gateway.dataDir, 'server.installOutput', { server: 'raw', run, from });
    text += more.text;
    from = more.next;
    if (more.ended !== null) return { text, ended: more.ended };
  }
}
const install = (line: string) => runCommand(gateway.dataDir, 'server.install', { server: 'raw', line });

it('runs in the folder of the server, with its environment, and keeps colors', async () => {
  const { run, where } = await install(
    'printf \'\\033[31m%s\\033[0m in %s\\n\' "$REGION" "$PWD"; echo made > made; exit 3',
  );
  expect(where).toEqual({ kind: 'folder', name: join(gateway.dataDir, 'servers', 'raw') });
  const { text, ended } = await whole(run);
  expect(text).toBe(`\u001b[31mnorth\u001b[0m in ${where.name}\n`);
  expect(ended).toEqual({ how: 'failed', code: 3 });
  expect(existsSync(join(where.name, 'made'))).toBe(true);
});

it('is followed while it runs, one at a time, and cancelled with all that it started', async () => {
  const { run } = await install('sleep 300 & echo $!; wait');
  let text = '';
  await until(async () => {
    const more = await runCommand(gateway.dataDir, 'server.installOutput', { server: 'raw', run, from: 0 });
    text = more.text;
    return text.includes('\n');
  }, 'the first line');
  const second = await askCommand(gateway.dataDir, 'server.install', { server: 'raw', line: 'true' });
  expect(second.ok ? '' : second.error.code).toBe('upstream.installing');
  // Whoever comes back to it finds it.
  const current = () => runCommand(gateway.dataDir, 'server.installation', { server: 'raw' });
  expect(await current()).toMatchObject({
    run,
    line: 'sleep 300 & echo $!; wait',
    where: { kind: 'folder' },
  });
  await runCommand(gateway.dataDir, 'server.cancelInstall', { server: 'raw', run });
  expect((await whole(run)).ended?.how).toBe('cancelled');
  expect(await current()).toBe(null);
  await until(() => !alive(Number(text.trim())), 'the end of what it started');
});

it('keeps no more than a bound of what is written', async () => {
  const { run } = await install('head -c 5000000 /dev/zero | tr "\\0" x; echo; echo end');
  await until(async () => {
    const { ended } = await runCommand(gateway.dataDir, 'server.installOutput', {
      server: 'raw',
      run,
      from: 0,
    });
    return ended !== null;
  }, 'its end');
  const { text, next } = await runCommand(gateway.dataDir, 'server.installOutput', {
    server: 'raw',
    run,
    from: 0,
  });
  expect(next).toBe(5_000_005);
  expect(text.length).toBe(1024 * 1024);
  expect(text.endsWith('x\nend\n')).toBe(true);
});

it('is not for remote servers, nor for a run that is over', async () => {
  const far = await askCommand(gateway.dataDir, 'server.install', { server: 'far', line: 'true' });
  expect(far.ok ? '' : far.error.code).toBe('upstream.not_a_program');
  const old = await askCommand(gateway.dataDir, 'server.installOutput', { server: 'raw', run: 'x', from: 0 });
  expect(old.ok ? '' : old.error.code).toBe('upstream.no_installation');
});
