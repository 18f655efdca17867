/**
 * Terminals over the web admin, with a real shell behind a real pseudo-terminal: what works, who may do what, what is
 * bounded, what is left of it, and what is told of it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askCommand } from '../../main/commands/local-client.ts';
import type { TerminalOutput } from '../../preload/views/terminal.ts';
import { send, type Visitor, visit } from '../admin/browser.ts';
import { alive, type GatewayProcess, nodeEntry, rawServer, startGateway, until } from '../host/gateway.ts';

const PASSWORD = 'four words nobody guesses';
const SIZE = { columns: 90, rows: 30 };
const servers = { raw: nodeEntry(rawServer), far: { url: 'http://127.0.0.1:9/mcp' } };

let house: GatewayProcess;
let me: Visitor;
beforeAll(async () => {
  house = await startGateway({
    config: { terminal: { onThisComputer: true }, mcpServers: servers },
    args: ['--admin', '127.0.0.1:0'],
    env: { GATEHOUSE_ADMIN_PASSWORD: PASSWORD, SHELL: '/bin/sh', PLANTED: 'planted-secret' },
  });
  me = visit(house.admin);
  await me.signIn(PASSWORD);
});
afterAll(() => house?.close());

const value = async <T>(visitor: Visitor, name: string, args: object): Promise<T> => {
  const answer = await visitor.command(name, args);
  const result = JSON.parse(answer.text) as { ok: boolean; value: T };
  if (!result.ok) throw new Error(answer.text);
  return result.value;
};

/** An open terminal, read as a page reads it. */
async function opened(visitor = me, server = 'raw') {
  const { terminal } = await value<{ terminal: string }>(visitor, 'terminal.open', {
    ...{ server, place: 'computer', ...SIZE },
  });
  let from = 0;
  let text = '';
  const read = async (): Promise<TerminalOutput> => {
    const piece = await value<TerminalOutput>(visitor, 'terminal.output', { terminal, from });
    from = piece.next;
    text += piece.text;
    return piece;
  };
  return {
    terminal,
    read,
    all: () => text,
    type: (typed: string) => visitor.command('terminal.input', { terminal, text: typed }),
    async until(pattern: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const found = pattern.exec(text);
        if (found !== null) return found;
        if ((await read()).ended !== null) throw new Error(`it ended with: ${text}`);
      }
    },
    async end(): Promise<TerminalOutput['ended']> {
      for (;;) {
        const { ended } = await read();
        if (ended !== null) return ended;
      }
    },
  };
}

describe('a terminal on this computer', () => {
  it('is a real one: it has a size that changes, keys that interrupt, characters of any language', async () => {
    const one = await opened();
    await one.type('stty size; tty; pwd; echo "TERM=$TERM"\r');
    await one.until(/30 90\r\n\/dev\/pts\/\d+\r\n/);
    await one.until(/TERM=xterm-256color/);
    expect(one.all()).toContain(join(house.dataDir, 'servers', 'raw'));
    await value(me, 'terminal.resize', { terminal: one.terminal, columns: 111, rows: 22 });
    await one.type('stty size; echo "<${PLANTED:-nothing} ${GATEHOUSE_ADMIN_PASSWORD:-nothing}>"\r');
    await one.until(/22 111\r\n/);
    await one.until(/<nothing nothing>/);
    await one.type('echo "<Grüße, 世界 🏰 $((1+1))>"\r');
    await one.until(/<Grüße, 世界 🏰 2>/);
    await one.type('sleep 300\r');
    await one.type('\u0003');
    await one.type('echo back $((40+2))\r');
    await one.until(/back 42/);
    await one.type('exit 7\r');
    expect(await one.end()).toEqual({ how: 'exited', code: 7 });
    // Nothing is left of it to ask for.
    expect((await me.command('terminal.output', { terminal: one.terminal, from: 0 })).text).toContain(
      'terminal.unknown',
    );
  });

  it('ends with all that was started in it, also what ignores the hang-up in the background', async () => {
    const one = await opened();
    await one.type("(trap '' HUP; exec sleep 301) & echo first=$!.\r");
    await one.type('set -m; sleep 302 & echo second=$!.\r');
    const pids = [(await one.until(/first=(\d+)\./))[1], (await one.until(/second=(\d+)\./))[1]].map(Number);
    for (const pid of pids) expect(alive(pid)).toBe(true);
    await value(me, 'terminal.close', { terminal: one.terminal });
    expect(await one.end()).toMatchObject({ how: 'closed' });
    for (const pid of pids) await until(() => !alive(pid), 'that it has ended');
  });

  it('waits for a page that does not read, and gives all of it to one that does', async () => {
    const one = await opened();
    await one.type('stty -echo; echo ready$((1+1))\r');
    await one.until(/ready2/);
    await one.type('i=0; while [ $i -lt 60000 ]; do i=$((i+1)); echo "line $i"; done; echo done=$i.\r');
    // More than may wait; a shell that were not held back would soon be done, and this process would grow.
    await one.until(/line 5\r/);
    await one.until(/done=60000\./);
    const lines = one.all().match(/line \d+\r\n/g) ?? [];
    expect(lines).toHaveLength(60_000);
    await value(me, 'terminal.close', { terminal: one.terminal });
  });

  it('refuses what a program does not read, and what is too long', async () => {
    const one = await opened();
    await one.type('stty raw -echo; echo ready$((1+1)); sleep 303\r');
    await one.until(/ready2/);
    const piece = 'x'.repeat(65_536);
    const codes = new Set<string>();
    for (let i = 0; i < 12; i += 1) codes.add((await one.type(piece)).code);
    expect(codes).toEqual(new Set(['', 'terminal.not_reading']));
    expect((await one.type(`${piece}x`)).code).toBe('command.bad_arguments');
    await value(me, 'terminal.close', { terminal: one.terminal });
    expect(await one.end()).toMatchObject({ how: 'closed' });
  });

  it('is for programs only, and for servers that are there', async () => {
    const open = (server: string) =>
      me.command('terminal.open', { server, place: 'computer', ...SIZE }).then(({ code }) => code);
    expect(await open('far')).toBe('terminal.remote');
    expect(await open('nobody')).toBe('upstream.unknown');
    expect((await me.command('terminal.open', { server: 'raw', place: 'container', ...SIZE })).code).toBe(
      'terminal.no_container',
    );
  });
});

describe('nobody else', () => {
  it('opens, reads or types: no page of another origin, no stranger, no client, no program of this computer', async () => {
    const one = await opened();
    const args = { terminal: one.terminal, from: 0 };
    const body = JSON.stringify({ name: 'terminal.output', args });
    const json = { ...me.headers(), 'content-type': 'application/json' };
    const post = (headers: object) =>
      send(house.admin, 'POST', '/admin/api/command', { ...json, ...headers }, body);
    expect((await post({ origin: 'http://evil.example' })).code).toBe('admin.foreign_origin');
    expect((await post({ 'sec-fetch-site': 'same-site' })).code).toBe('admin.foreign_origin');
    expect((await post({ cookie: undefined })).code).toBe('admin.signed_out');
    expect((await post({ 'gatehouse-admin': 'x' })).code).toBe('admin.signed_out');
    expect((await post({ cookie: undefined, authorization: `Bearer ${house.token}` })).code).toBe(
      'admin.signed_out',
    );
    // There is no other way in that a page of any origin could try.
    const socket = await send(house.admin, 'GET', '/admin/api/terminal', {
      ...{ ...me.headers(), connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    });
    expect(socket.status).toBe(404);
    const byClient = await fetch(`${house.base}/admin/api/command`, {
      ...{ method: 'POST', body },
      headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/json' },
    });
    expect(byClient.status).toBe(404);
    const local = await askCommand(house.dataDir, 'terminal.open', {
      server: 'raw',
      place: 'computer',
      ...SIZE,
    });
    expect(local).toMatchObject({ ok: false, error: { code: 'terminal.no_page' } });

    // Another session of the same person is another page.
    const other = visit(house.admin);
    await other.signIn(PASSWORD);
    for (const [name, more] of [
      ['terminal.output', { from: 0 }],
      ['terminal.input', { text: 'id\r' }],
      ['terminal.resize', SIZE],
      ['terminal.close', {}],
    ] as const) {
      expect((await other.command(name, { terminal: one.terminal, ...more })).code, name).toBe(
        'terminal.unknown',
      );
    }
    await one.type('echo mine $((1+1))\r');
    await one.until(/mine 2/);
    await value(me, 'terminal.close', { terminal: one.terminal });
  });

  it('has it any longer once its session has ended', async () => {
    const other = visit(house.admin);
    await other.signIn(PASSWORD);
    const one = await opened(other);
    await one.type('echo pid=$$.\r');
    const pid = Number((await one.until(/pid=(\d+)\./))[1]);
    expect(alive(pid)).toBe(true);
    await other.post('sign-out', {});
    await until(() => !alive(pid), 'that the shell has ended');
  });

  it('gets more than some at once', async () => {
    const other = visit(house.admin);
    await other.signIn(PASSWORD);
    const all = await Promise.all([1, 2, 3, 4].map(() => opened(other)));
    const fifth = await other.command('terminal.open', { server: 'raw', place: 'computer', ...SIZE });
    expect(fifth.code).toBe('terminal.too_many');
    await Promise.all(all.map(({ terminal }) => value(other, 'terminal.close', { terminal })));
    await Promise.all(all.map((one) => one.end()));
    const again = await opened(other);
    await value(other, 'terminal.close', { terminal: again.terminal });
    await other.post('sign-out', {});
  });
});

describe('the record', () => {
  it('says who opened which terminal, and when, and nothing of what went through it', async () => {
    const one = await opened();
    await one.type('echo the-typed-secret$((1+1))\r');
    await one.until(/the-typed-secret2/);
    await value(me, 'terminal.close', { terminal: one.terminal });
    await one.end();
    interface Row {
      readonly action: string | null;
      readonly server: string | null;
      readonly client: string | null;
    }
    const rows = async (): Promise<readonly Row[]> => value(me, 'activity.query', { filter: {}, limit: 200 });
    await until(
      async () => (await rows()).some(({ action }) => action === 'server.closeTerminal'),
      'the record',
    );
    const found = (await rows()).filter(({ action }) => action?.endsWith('Terminal'));
    expect(found[0]).toMatchObject({ action: 'server.closeTerminal', server: 'raw', client: 'web' });
    expect(found.map(({ action }) => action)).toContain('server.openTerminal');
    expect(JSON.stringify(await rows())).not.toContain('the-typed-secret');
    expect(house.log()).not.toContain('the-typed-secret');
  });
});

describe('the configuration', () => {
  it('ends open terminals on this computer when it takes them back, and lets none be opened', async () => {
    const one = await opened();
    await one.type('echo here$((1+1))\r');
    await one.until(/here2/);
    writeFileSync(house.configFile, JSON.stringify({ mcpServers: servers }));
    expect(await one.end()).toMatchObject({ how: 'forbidden' });
    const refused = await me.command('terminal.open', { server: 'raw', place: 'computer', ...SIZE });
    expect(refused.code).toBe('terminal.host_off');
    expect(refused.text).toContain('onThisComputer');
    expect(await value(me, 'terminal.places', { server: 'raw' })).toMatchObject({
      ...{ container: null, computer: { allowed: false, shell: '/bin/sh' } },
    });
    expect(readFileSync(house.configFile, 'utf8')).not.toContain('onThisComputer');
  });
});
