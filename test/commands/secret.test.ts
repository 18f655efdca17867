import { beforeEach, describe, expect, it } from 'vitest';
import { registerSecret } from '../../main/commands/secret.ts';
import { GatehouseError } from '../../main/protocol/error.ts';
import type { SecretStore } from '../../main/secrets/secrets.ts';
import { type FakeTerminal, fakeTerminal, testProgram } from './fake-terminal.ts';

let terminal: FakeTerminal;
let stored: Map<string, string>;
let opened: string[];
let closed: number;
let run: (...args: string[]) => Promise<void>;

beforeEach(() => {
  terminal = fakeTerminal();
  stored = new Map();
  opened = [];
  closed = 0;
  const store: SecretStore = {
    view: {
      store: 'key-file',
      description: 'a file',
      said: { form: 'store.key-file', values: {} },
      problem: { code: 'secrets.keychain_unavailable', message: 'No keychain.', remedy: 'Get one.' },
    },
    get: async (name) => stored.get(name) ?? null,
    set: async (name, value) => void stored.set(name, value),
    delete: async (name) => stored.delete(name),
    moveTo: async () => 0,
    list: async () => [...stored.keys()].sort(),
    close: async () => {
      closed++;
    },
  };
  run = testProgram((program) =>
    registerSecret(program, {
      terminal,
      async ask() {
        throw new GatehouseError({ code: 'app.not_running', message: 'None runs.', remedy: 'Start it.' });
      },
      open: async (dataDir) => {
        opened.push(dataDir);
        return store;
      },
    }),
  );
});

describe('secret set', () => {
  it.each([
    ['hunter2', 'hunter2'],
    ['hunter2\n', 'hunter2'],
    ['hunter2\r\n', 'hunter2'],
    ['two\nlines\n\n', 'two\nlines\n'],
    ['  spaces ünï ', '  spaces ünï '],
  ])('reads %j from a pipe', async (input, value) => {
    terminal.input.end(input);
    await run('secret', 'set', 'key', '--data-dir', '/d');
    expect(stored.get('key')).toBe(value);
    expect(opened).toEqual(['/d']);
    expect(closed).toBe(1);
  });

  it('says where it went, and why not elsewhere, without the value', async () => {
    terminal.input.end('hunter2');
    await run('secret', 'set', 'key');
    expect(terminal.stdout).toBe('');
    expect(terminal.stderr).toBe('Stored "key" in a file.\nNo keychain. Get one.\n');
  });

  it('asks on a terminal and shows nothing of the answer, editing included', async () => {
    terminal.input.isTTY = true;
    terminal.input.write('hunter3\u007f2\r');
    await run('secret', 'set', 'key');
    expect(stored.get('key')).toBe('hunter2');
    expect(terminal.stderr).toContain('Value of "key" (not shown): ');
    expect(terminal.stderr + terminal.stdout).not.toMatch(/hunter|3/);
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('stores nothing on %s', async (_key, typed) => {
    terminal.input.isTTY = true;
    terminal.input.write(`hunter${typed === '\u0003' ? typed : ''}`);
    if (typed === '\u0004') terminal.input.write(`\u0015${typed}`);
    await expect(run('secret', 'set', 'key')).rejects.toMatchObject({ code: 'secrets.input_cancelled' });
    expect(stored.size).toBe(0);
    expect(opened).toEqual([]);
  });

  it('takes no value from the command line, and does not repeat one', async () => {
    const error: unknown = await run('secret', 'set', 'key', 'hunter2').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'commander.excessArguments' });
    expect(String(error)).not.toContain('hunter2');
    expect(stored.size).toBe(0);
  });

  it('refuses what is no text, and what is far too long', async () => {
    terminal.input.end(Buffer.from([0xff, 0xfe]));
    await expect(run('secret', 'set', 'key')).rejects.toMatchObject({ code: 'secrets.input_not_text' });
    terminal = Object.assign(terminal, { input: fakeTerminal().input });
    terminal.input.end('x'.repeat(1_000_001));
    await expect(run('secret', 'set', 'key')).rejects.toMatchObject({ code: 'secrets.input_too_long' });
  });
});

describe('secret rotate', () => {
  it('replaces what is there, and stores nothing under a new name', async () => {
    stored.set('key', 'old');
    terminal.input.end('new\n');
    await run('secret', 'rotate', 'key');
    expect(stored.get('key')).toBe('new');
  });

  it('refuses a name that is not stored', async () => {
    terminal.input.end('new\n');
    await expect(run('secret', 'rotate', 'kye')).rejects.toMatchObject({ code: 'secrets.not_found' });
    expect(stored.size).toBe(0);
  });
});

describe('secret list and rm', () => {
  it('prints names only, one a line', async () => {
    stored.set('b', 'hunter2').set('a', 'x');
    await run('secret', 'list');
    expect(terminal.stdout).toBe('a\nb\n');
    expect(terminal.stderr).toBe('');
  });

  it('removes, and says so when there is nothing to remove', async () => {
    stored.set('a', 'x');
    await run('secret', 'rm', 'a');
    expect(stored.size).toBe(0);
    await expect(run('secret', 'rm', 'a')).rejects.toMatchObject({ code: 'secrets.not_found' });
    expect(closed).toBe(2);
  });
});
