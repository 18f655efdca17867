/** The page of clients: what is shown of each state, when it asks again, and what its acts say. */
import { describe, expect, test } from 'vitest';
import { createApi } from '../../preload/api.ts';
import type { ClientView } from '../../preload/views/clients.ts';
import { clientActs } from '../../renderer/state/client-acts.ts';
import { type ClientListState, noClients, openClientList } from '../../renderer/state/client-list.ts';
import {
  changeWords,
  clientLetters,
  clientSign,
  grouped,
  proofOf,
  reloadWords,
  shortPath,
  verbOf,
} from '../../renderer/state/clients.ts';
import type { Toast } from '../../renderer/state/toasts.ts';
import { handTransport, ok, problem, refused, settled, words } from './fakes.ts';

function client(part: Partial<ClientView> = {}): ClientView {
  return {
    id: 'cursor',
    label: 'Cursor',
    state: 'not-connected',
    installed: true,
    present: false,
    file: '/home/u/.cursor/mcp.json',
    files: ['/home/u/.cursor/mcp.json'],
    chosen: false,
    via: 'http',
    takesAddress: true,
    outdated: false,
    here: false,
    lastSeen: null,
    calls: null,
    reload: 'restart',
    canUndo: false,
    hasLink: false,
    hasBundle: false,
    repaired: 0,
    problem: null,
    ...part,
  };
}

describe('how a client stands', () => {
  const now = 1_000_000_000;

  test.each<[string, Partial<ClientView>, string, string, string | null]>([
    ['nothing of it', { state: 'not-installed' }, 'Not installed', 'Nothing of it was found', 'connect'],
    ['installed', {}, 'Not connected', 'Installed', 'connect'],
    ['in the file only', { state: 'waiting', present: true }, 'Not seen yet', 'Never seen', null],
    ['seen', { state: 'connected', lastSeen: now - 90_000 }, 'Connected', 'Last seen 1 min ago', null],
    [
      'a session is open',
      { state: 'connected', lastSeen: now, here: true },
      'Connected',
      'Session open, last heard now',
      null,
    ],
    ['gone', { state: 'gone', lastSeen: now - 30_000 }, 'Entry is gone', 'Last seen 30 s ago', 'repair'],
    ['another entry', { state: 'connected', outdated: true }, 'Entry is out of date', 'Never seen', 'repair'],
    ['broken', { state: 'connected', problem }, 'Cannot be read', 'It was refused.', null],
  ])('%s', (_name, part, word, proof, verb) => {
    const one = client(part);
    expect(words.t(clientSign(one).word)).toBe(word);
    expect(proofOf(words, one, now)).toBe(proof);
    expect(verbOf(one)).toBe(verb);
  });

  test('what needs a person comes first, and what is not here is apart; a broken file is never hidden', () => {
    const all = [
      client({ id: 'idle' }),
      client({ id: 'good', state: 'connected', present: true }),
      client({ id: 'gone', state: 'gone' }),
      client({ id: 'absent', state: 'not-installed' }),
      client({ id: 'broken', state: 'not-installed', problem }),
    ];
    const { here, absent } = grouped(all);
    expect(here.map(({ id }) => id)).toEqual(['gone', 'broken', 'good', 'idle']);
    expect(absent.map(({ id }) => id)).toEqual(['absent']);
  });

  test('what makes it notice names it where that is needed', () => {
    expect(reloadWords(words, client())).toBe('Quit Cursor and start it again, so that it reads its file.');
    expect(reloadWords(words, client({ reload: 'automatic' }))).toBe('It notices the change by itself.');
  });

  test('a change says what it is: connecting, repairing, disconnecting', () => {
    const verbs = [
      changeWords('connect', false),
      changeWords('connect', true),
      changeWords('disconnect', true),
    ];
    expect(verbs.map(({ verb }) => words.t(verb))).toEqual(['Connect', 'Repair', 'Disconnect']);
  });
});

describe('short paths', () => {
  test.each([
    ['/home/u/.cursor/mcp.json', '~/.cursor/mcp.json'],
    ['/Users/ann/.claude.json', '~/.claude.json'],
    [
      '/Users/ann/Library/Application Support/Claude/claude_desktop_config.json',
      '~/Library/…/Claude/claude_desktop_config.json',
    ],
    ['C:\\Users\\ann\\AppData\\Roaming\\Code\\User\\mcp.json', '~\\AppData\\Roaming\\Code\\User\\mcp.json'],
    ['/opt/x/y.json', '/opt/x/y.json'],
    ['/homeless/u/a.json', '/homeless/u/a.json'],
  ])('%s', (path, short) => {
    expect(shortPath(path)).toBe(short);
  });

  test('letters of two words, or the first two of one', () => {
    expect([clientLetters('VS Code'), clientLetters('Cursor'), clientLetters('')]).toEqual(['VC', 'Cu', '']);
  });
});

describe('the list', () => {
  test('asks once per revision, and once more for what changed while it was asking', async () => {
    const transport = handTransport();
    let state: ClientListState = noClients;
    const list = openClientList(createApi(transport), (next) => {
      state = next;
    });
    const asked = (): number => transport.questions.filter(({ name }) => name === 'clients.list').length;
    const answer = async (value: readonly ClientView[]): Promise<void> => {
      await transport.last('clientToken.list').answer({ ok: true, value: [] });
      await transport.last('clients.list').answer({ ok: true, value });
      await settled();
    };
    list.sync(1);
    list.sync(1);
    expect([asked(), state.asking]).toEqual([1, true]);
    list.sync(2);
    list.sync(3);
    expect(asked()).toBe(1);
    await answer([client()]);
    expect(asked()).toBe(2);
    await answer([client({ state: 'connected' })]);
    expect([asked(), state.asking, state.clients?.[0]?.state]).toEqual([2, false, 'connected']);
    list.close();
  });

  test('says why there is no list, keeps the one it has, and shows clients without their tokens', async () => {
    const transport = handTransport();
    let state: ClientListState = noClients;
    const list = openClientList(createApi(transport), (next) => {
      state = next;
    });
    list.sync(1);
    await transport.last('clientToken.list').answer(refused);
    await transport.last('clients.list').answer({ ok: true, value: [client()] });
    expect([state.clients?.length, state.problem]).toEqual([1, null]);
    list.sync(2);
    await transport.last('clientToken.list').answer({ ok: true, value: [] });
    await transport.last('clients.list').answer(refused);
    expect([state.clients?.length, state.problem?.code]).toEqual([1, 'test.refused']);
    list.close();
    list.sync(3);
    await transport.last('clientToken.list').answer({ ok: true, value: [] });
    await transport.last('clients.list').answer({ ok: true, value: [] });
    expect(state.clients?.length).toBe(1);
  });
});

describe('acts', () => {
  function setup() {
    const transport = handTransport();
    const toasts: Omit<Toast, 'id'>[] = [];
    const told: string[] = [];
    const acts = clientActs(createApi(transport), words, (_act, work) => work(), {
      show: (toast) => void toasts.push(toast),
      tell: (text) => void told.push(text),
    });
    return { transport, toasts, told, acts };
  }
  const cursor = { id: 'cursor', label: 'Cursor' };

  test('a change can be taken back from its message, and says whether it was taken back exactly', async () => {
    const { transport, toasts, told, acts } = setup();
    acts.tellChange(cursor, 'connect');
    expect(toasts[0]?.text).toBe('Cursor has its entry. It counts as connected once it has come.');
    toasts[0]?.act?.run();
    const value = { file: '/f', exact: true };
    await transport.last('clients.undo').answer({ ok: true, value });
    expect(toasts[1]?.text).toBe('/f is what it was before.');
    void acts.undoClient(cursor);
    await transport.last('clients.undo').answer({ ok: true, value: { ...value, exact: false } });
    expect(toasts[2]?.text).toBe('/f was changed since. Only the entry was taken back.');
    void acts.undoClient(cursor);
    await transport.last('clients.undo').answer(refused);
    expect(told).toEqual(['Nothing was taken back. It was refused.']);
  });

  test('a token is made for a client that has none, and made anew for one that has', async () => {
    const { transport, told, acts } = setup();
    const first = acts.newToken(cursor, true);
    expect(transport.last('clientToken.create').args).toMatchObject({ client: 'cursor', servers: null });
    await transport.last('clientToken.create').answer({ ok: true, value: { token: 'gate_1' } });
    expect(await first).toBe('gate_1');
    const second = acts.newToken(cursor, false);
    await transport.last('clientToken.rotate').answer(refused);
    expect([await second, told]).toEqual([null, ['It was refused.']]);
  });

  test('a file that is refused is told, and not taken', async () => {
    const { transport, toasts, told, acts } = setup();
    const wrong = acts.chooseFile(cursor, '/nowhere');
    await transport.last('clients.chooseFile').answer(refused);
    expect([await wrong, told]).toEqual([false, ['It was refused.']]);
    const right = acts.chooseFile(cursor, '/there');
    await transport.last('clients.chooseFile').answer(ok);
    expect([await right, toasts.length]).toEqual([true, 1]);
  });
});
