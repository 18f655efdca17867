/**
 * Real servers whose lists are wrong, behind one gateway: what of them clients see, that reading them is bounded, and
 * that the lists of a healthy server beside them stay whole.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../host/gateway.ts';
import { type House, openHouse, READY, SHORT, textOf, UNKNOWN_TOOL } from './faulty.ts';

let house: House;

beforeAll(async () => {
  house = await openHouse({
    'endless-pages': SHORT,
    'slow-pages': SHORT,
    'repeats-cursor': SHORT,
    'duplicate-tools': SHORT,
    'huge-list': SHORT,
    'huge-page': SHORT,
    'not-a-list': SHORT,
    'deep-list': SHORT,
    'odd-tools': SHORT,
    // Whatever it adds would wait for a person otherwise.
    'changing-tools': { ...SHORT, trust: 'auto' },
  });
}, 60_000);
afterEach(() => house.unharmed());
afterAll(() => house?.close(), 40_000);

describe('a server that lists oddly', () => {
  it('endless-pages: 1,000 pages are read', async () => {
    // Servers with long lists start beside it, and a list waits 8 s for it at most.
    await until(async () => (await house.standing('endless-pages')).state === 'ready', 'it is ready', 30_000);
    expect(await house.namesAlone('endless-pages')).toHaveLength(4 + 999);
    expect(await house.namesOf('endless-pages')).toHaveLength(4 + 999);
    expect(textOf(await house.call('endless-pages__page_999'))).toBe('ok page_999');
    expect(await house.standing('endless-pages')).toEqual(READY);
  });

  it('slow-pages: starting, for as long as all its pages may take', async () => {
    expect(await house.standing('slow-pages')).toEqual({ state: 'starting', code: null });
  });

  it('repeats-cursor: is read until it repeats', async () => {
    expect(new Set(await house.namesOf('repeats-cursor')).size).toBe(4);
    expect(JSON.parse(textOf(await house.call('repeats-cursor__seen')))).toMatchObject({ 'tools/list': 2 });
  });

  it('huge-list, huge-page: 20,000 tools of each are listed, and the healthy one’s beside them', async () => {
    for (const name of ['huge-list', 'huge-page']) {
      expect(await house.namesOf(name)).toHaveLength(20_000);
      expect(await house.standing(name)).toEqual(READY);
    }
    expect(await house.namesOf('good')).toHaveLength(4);
    expect(textOf(await house.call('huge-list__tool_19000'))).toBe('ok tool_19000');
  });

  it('duplicate-tools, odd-tools: every listed name is there once, and can be called', async () => {
    const names = (await house.list()).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of [...(await house.namesOf('duplicate-tools')), ...(await house.namesOf('odd-tools'))]) {
      expect(await house.call(name)).toHaveProperty('result');
    }
  });

  it('a strict client reads the whole list all the same', async () => {
    const strict = new Client({ name: 'strict', version: '1' });
    const requestInit = { headers: { Authorization: `Bearer ${house.gateway.token}` } };
    await strict.connect(new StreamableHTTPClientTransport(new URL(house.gateway.url), { requestInit }));
    try {
      const { tools } = await strict.listTools();
      expect(tools.map(({ name }) => name)).toContain('good__ok');
      expect(tools.map(({ name }) => name)).toContain('odd-tools__ok');
      expect(tools.map(({ name }) => name)).toContain('odd-tools__odd_annotations');
      expect(tools.map(({ name }) => name)).not.toContain('odd-tools__string_type');
      expect(house.logOf('odd-tools')).toContain('"string_type" is left out');
    } finally {
      await strict.close();
    }
  });

  it('changing-tools: newer lists are read while it goes on, once a second and not more', async () => {
    // Asked on its own endpoint: to read the long lists beside it again and again would be all that is measured.
    const version = async (): Promise<number> =>
      Math.max(
        ...(await house.namesAlone('changing-tools')).map((name) =>
          Number(/^version_(\d+)/.exec(name)?.[1] ?? 0),
        ),
      );
    const lists = async (): Promise<number> =>
      (JSON.parse(textOf(await house.call('changing-tools__seen'))) as Record<string, number>)[
        'tools/list'
      ] ?? 0;
    const [first, before, since] = [await version(), await lists(), Date.now()];
    await until(async () => (await version()) > first, 'a newer list');
    await until(async () => (await version()) > first + 100, 'a much newer list');
    expect((await lists()) - before).toBeLessThanOrEqual(2 + (Date.now() - since) / 500);
    expect(await house.standing('changing-tools')).toEqual(READY);
  });

  it.each([
    ['not-a-list', 'upstream.bad_list'],
    ['deep-list', 'upstream.bad_answer'],
  ])('%s: %s', async (name, code) => {
    await until(async () => (await house.standing(name)).state === 'failed', `${name} has failed`);
    expect(await house.standing(name)).toEqual({ state: 'failed', code });
    expect(await house.call(`${name}__ok`)).toMatchObject(UNKNOWN_TOOL);
  });
});

it('SIGTERM: exit 0, and no process is left', () => house.end(), 40_000);
