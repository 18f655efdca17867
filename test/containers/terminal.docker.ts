/**
 * A terminal in the container of a server: it is inside and has the container's bounds, has a size, ends with all that was
 * started in it, and ends with the container. A server that does not run, or has no shell, has none.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TerminalOutput } from '../../preload/views/terminal.ts';
import { type Visitor, visit } from '../admin/browser.ts';
import { until } from '../host/gateway.ts';
import { type Contained, contained, hostile, startContained } from './contained.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();
const PASSWORD = 'four words nobody guesses';
const SIZE = { columns: 90, rows: 30 };

describe('a terminal in a container', () => {
  let gate: Contained;
  let me: Visitor;
  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
  });
  beforeAll(async () => {
    if (host === null) return;
    gate = await startContained(
      host,
      {
        admin: { enabled: true, listen: '127.0.0.1:0' },
        mcpServers: {
          inside: contained(hostile, {}, { env: { OWN_KEY: 'own-secret-of-the-server' } }),
          bare: contained(hostile, { image: 'bare-node:1' }),
          off: contained(hostile, {}, { enabled: false }),
        },
      },
      { GATEHOUSE_ADMIN_PASSWORD: PASSWORD },
    );
    me = visit(gate.gateway.admin);
    await me.signIn(PASSWORD);
  }, 90_000);
  afterAll(() => gate?.close());

  const value = async <T>(name: string, args: object): Promise<T> => {
    const answer = await me.command(name, args);
    const result = JSON.parse(answer.text) as { ok: boolean; value: T };
    if (!result.ok) throw new Error(answer.text);
    return result.value;
  };
  const open = (server: string) => me.command('terminal.open', { server, place: 'container', ...SIZE });
  async function opened(server: string) {
    const { terminal } = await value<{ terminal: string }>('terminal.open', {
      ...{ server, place: 'container', ...SIZE },
    });
    let from = 0;
    let text = '';
    const read = async (): Promise<TerminalOutput> => {
      const piece = await value<TerminalOutput>('terminal.output', { terminal, from });
      from = piece.next;
      text += piece.text;
      return piece;
    };
    return {
      terminal,
      all: () => text,
      type: (typed: string) => me.command('terminal.input', { terminal, text: typed }),
      async until(pattern: RegExp): Promise<string> {
        for (;;) {
          const found = pattern.exec(text);
          if (found !== null) return found[1] ?? '';
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
  /** Whether a process of the container is there, as another terminal sees it. */
  const runs = async (pid: string): Promise<boolean> => {
    const look = await opened('inside');
    await look.type(`[ -d /proc/${pid} ] && echo there=$((1)). || echo there=$((0)).\r`);
    const found = await look.until(/there=(\d)\./);
    await value('terminal.close', { terminal: look.terminal });
    await look.end();
    return found === '1';
  };

  it('is inside, within its bounds, and knows its size', { timeout: 60_000 }, async () => {
    expect(await value('terminal.places', { server: 'inside' })).toMatchObject({
      ...{ container: { running: true }, computer: { allowed: false } },
    });
    const one = await opened('inside');
    // Nothing of how it was started is seen.
    await one.type('echo "size=$(stty size)."; [ -t 0 ] && echo tty=$((1)).\r');
    expect(await one.until(/tty=(\d)\./)).toBe('1');
    expect(one.all()).toContain('size=30 90.');
    expect(one.all()).not.toMatch(/[0-9a-f]{32}/);
    await one.type(
      'read a b c < /proc/self/status; while read k v; do case $k in CapEff:|NoNewPrivs:|Uid:) echo "$k=$v.";; esac; done < /proc/self/status\r',
    );
    expect(await one.until(/CapEff:=(\w+)\./)).toBe('0000000000000000');
    expect(await one.until(/NoNewPrivs:=(\d)\./)).toBe('1');
    expect(await one.until(/Uid:=(\d+)/)).not.toBe('0');
    await one.type('echo x 2>/dev/null > /made && echo wrote=$((1)). || echo wrote=$((0)).\r');
    expect(await one.until(/wrote=(\d)\./)).toBe('0');
    await one.type('echo "key=<$OWN_KEY>"\r');
    expect(await one.until(/key=<(.*)>\r/)).toBe('');
    await value('terminal.resize', { terminal: one.terminal, columns: 101, rows: 25 });
    await one.type('exit 5\r');
    expect(await one.end()).toEqual({ how: 'exited', code: 5 });
  });

  it('ends with all that was started in it', { timeout: 60_000 }, async () => {
    const one = await opened('inside');
    await one.type("(trap '' HUP; while :; do read -t 1 x </dev/zero; done) & echo pid=$!.\r");
    const pid = await one.until(/pid=(\d+)\./);
    expect(await runs(pid)).toBe(true);
    await value('terminal.close', { terminal: one.terminal });
    expect(await one.end()).toMatchObject({ how: 'closed' });
    expect(await runs(pid)).toBe(false);
  });

  it('ends with the container', { timeout: 60_000 }, async () => {
    const one = await opened('inside');
    await value('server.setEnabled', { server: 'inside', enabled: false });
    expect(await one.end()).toMatchObject({ how: 'exited' });
    await until(async () => (await open('inside')).code === 'terminal.not_running', 'that there is none');
    await value('server.setEnabled', { server: 'inside', enabled: true });
  });

  it('is refused where none can be', { timeout: 60_000 }, async () => {
    expect((await open('off')).code).toBe('terminal.not_running');
    expect((await open('bare')).code).toBe('terminal.no_shell');
  });
});
