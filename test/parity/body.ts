/**
 * What the conformance suite does not look at, with the same body on every way: what a client sees through the gateway
 * is what it sees directly. Each test names the section of the specification.
 */
import { expect, it } from 'vitest';
import { until } from '../host/gateway.ts';
import type { OpenWay, Way } from './ways.ts';

/** Declares the tests of one way, inside its `describe`. `opened` gives the way once it is open. */
export function parityTests(way: Way, opened: () => OpenWay): void {
  it('pagination: every page of every list, in order', async () => {
    const client = await opened().client();
    expect((await client.tools()).slice(0, 3)).toEqual(['echo', 'slow', 'was_cancelled']);
    expect(await client.prompts()).toEqual(Array.from({ length: 12 }, (_, i) => `prompt_${i}`));
    expect(await client.resources()).toEqual(Array.from({ length: 25 }, (_, i) => `note://${i}`));
    expect(await client.templates()).toEqual(['page://{name}']);
  });

  it('tools, prompts, resources, completion: the answer of the thing that was named', async () => {
    const client = await opened().client();
    expect(await client.call('echo', { a: [1, { b: null }], ü: '\u2028"\\' })).toBe(
      JSON.stringify({ a: [1, { b: null }], ü: '\u2028"\\' }),
    );
    expect(await client.prompt('prompt_7')).toBe('prompt_7');
    expect(await client.read('note://13')).toBe('text of note://13');
    expect(await client.read('page://made-up')).toBe('text of page://made-up');
    expect(await client.complete('prompt_3', 'b')).toEqual(['beta']);
  });

  it('progress: every step, for the call that asked for it', async () => {
    const client = await opened().client();
    const steps: number[][] = [[], []];
    const texts = await Promise.all(
      steps.map((list, i) =>
        client.call('slow', { key: `p${i}`, steps: 3 + i }, { progress: (step) => list.push(step) }),
      ),
    );
    expect(texts).toEqual(['done p0', 'done p1']);
    expect(steps).toEqual([
      [1, 2, 3],
      [1, 2, 3, 4],
    ]);
  });

  it('requests and progress: clients that use the same ids and progress tokens at once get their own', async () => {
    // Both official clients count ids from the same number and use them as progress tokens.
    const clients = await Promise.all(Array.from({ length: 8 }, () => opened().client()));
    const steps: number[][] = clients.map(() => []);
    const texts = await Promise.all(
      clients.flatMap((client, i) => [
        client.call('slow', { key: `same-${i}`, steps: 2 + i }, { progress: (step) => steps[i]?.push(step) }),
        client.call('echo', { of: i }),
        client.read(`page://same-${i}`),
      ]),
    );
    expect(texts).toEqual(
      clients.flatMap((_, i) => [`done same-${i}`, JSON.stringify({ of: i }), `text of page://same-${i}`]),
    );
    expect(steps).toEqual(clients.map((_, i) => Array.from({ length: 2 + i }, (_step, n) => n + 1)));
  });

  it('cancellation: reaches the handler that runs, and no other', async () => {
    const client = await opened().client();
    const key = `c-${way.client}`;
    const stop = new AbortController();
    const other = client.call('slow', { key: `${key}-other`, steps: 60, ms: 10 });
    const call = client.call('slow', { key, steps: 100_000, ms: 10 }, { signal: stop.signal });
    const failed = expect(call).rejects.toThrow();
    const watcher = await opened().client();
    await until(async () => (await watcher.call('is_running', { key })) === 'true', 'the call runs');
    stop.abort();
    await failed;
    await until(
      async () => (await watcher.call('was_cancelled', { key })) === 'true',
      'the handler hears of it',
    );
    expect(await other).toBe(`done ${key}-other`);
    expect(await watcher.call('was_cancelled', { key: `${key}-other` })).toBe('false');
  });

  it('cancellation: a client that goes away wants no answer', async () => {
    const client = await opened().client();
    const key = 'gone';
    const call = client.call('slow', { key, steps: 100_000, ms: 10 });
    call.catch(() => undefined);
    const watcher = await opened().client();
    await until(async () => (await watcher.call('is_running', { key })) === 'true', 'the call runs');
    await client.close();
    if (way.upstream === 'direct' && way.client === 'legacy') return; // That SDK's server lets it run on.
    await until(
      async () => (await watcher.call('was_cancelled', { key })) === 'true',
      'the handler hears of it',
    );
  });

  it('list changed: told once the list is another, to everyone who listens', async () => {
    const clients = [await opened().client(), await opened().client()];
    for (const client of clients) {
      await client.tools();
      await client.listen();
    }
    const name = 'added_tool';
    await clients[0]?.call('add_tool', { name });
    for (const client of clients) {
      await until(() => client.heard.toolChanges > 0, 'told of the change');
      await until(async () => (await client.tools()).includes(name), 'the list has it');
      expect(await client.call(name)).toBe(name);
    }
  });

  it('resources updated: only to those who subscribed, only while they are', async () => {
    const [one, two] = [await opened().client(), await opened().client()];
    await one.subscribe('note://1');
    await two.subscribe('note://2');
    const touch = (uri: string): Promise<string> => one.call('touch', { uri });
    await until(async () => {
      await touch('note://1');
      return one.heard.updated.length > 0;
    }, 'told of the update');
    await until(async () => {
      await touch('note://2');
      return two.heard.updated.length > 0;
    }, 'told of the other update');
    expect(new Set(one.heard.updated)).toEqual(new Set(['note://1']));
    expect(new Set(two.heard.updated)).toEqual(new Set(['note://2']));
    await one.unsubscribe('note://1');
    const before = one.heard.updated.length;
    await touch('note://1');
    await two.subscribe('note://3');
    await until(async () => {
      await touch('note://3');
      return two.heard.updated.includes('note://3');
    }, 'told of the later update');
    expect(one.heard.updated.length).toBe(before);
  });

  it('roots: those of the client that calls', async () => {
    const [one, two] = [
      await opened().client({ roots: ['file:///one'] }),
      await opened().client({ roots: ['file:///two', 'file:///three'] }),
    ];
    const roots = async (client: typeof one): Promise<string[]> => {
      const { roots: found } = JSON.parse(await client.call('ask_roots')) as { roots: { uri: string }[] };
      return found.map((root) => root.uri);
    };
    expect(await roots(one)).toEqual(['file:///one']);
    expect(await roots(two)).toEqual(['file:///two', 'file:///three']);
  });

  it('sampling: the words of the client that calls', async () => {
    const [one, two] = [
      await opened().client({ sample: (text) => `one heard ${text}` }),
      await opened().client({ sample: (text) => `two heard ${text}` }),
    ];
    expect(JSON.parse(await one.call('ask_sampling', { text: 'a' }))).toMatchObject({ text: 'one heard a' });
    expect(JSON.parse(await two.call('ask_sampling', { text: 'b' }))).toMatchObject({ text: 'two heard b' });
  });

  it('elicitation: form and URL, accepted and declined', async () => {
    const yes = await opened().client({ elicit: () => ({ action: 'accept', content: { color: 'grün' } }) });
    const no = await opened().client({ elicit: () => ({ action: 'decline' }) });
    expect(JSON.parse(await yes.call('ask_elicitation'))).toEqual({
      action: 'accept',
      content: { color: 'grün' },
    });
    expect(JSON.parse(await no.call('ask_elicitation'))).toEqual({ action: 'decline' });
    expect(JSON.parse(await no.call('ask_url'))).toEqual({ action: 'decline' });
  });

  it('client capabilities: nobody is asked for what it did not declare', async () => {
    const mute = await opened().client();
    await opened().client({
      sample: () => 'never',
      elicit: () => ({ action: 'accept' }),
      roots: ['file:///never'],
    });
    for (const tool of ['ask_sampling', 'ask_elicitation', 'ask_roots']) {
      const outcome = await mute.call(tool, { text: 'x' }).catch((error: unknown) => String(error));
      expect(outcome).not.toMatch(/never/);
    }
  });

  it('logging: from the level that each client wants', async () => {
    const loud = await opened().client();
    const quiet = await opened().client();
    await loud.setLevel('debug');
    await quiet.setLevel('error');
    await until(async () => {
      await loud.call('log', { text: 'l' });
      return loud.heard.logs.some((entry) => entry.level === 'debug');
    }, 'the debug message');
    await until(async () => {
      await quiet.call('log', { text: 'q' });
      return quiet.heard.logs.some((entry) => entry.level === 'error');
    }, 'the error message');
    expect(new Set(quiet.heard.logs.map((entry) => entry.level))).toEqual(new Set(['error']));
  });

  it('errors: code, message and data untouched', async () => {
    const client = await opened().client();
    const error = await client.call('fail', { code: 1234 }).then(
      () => null,
      (thrown: unknown) => thrown as { code: number; message: string; data: unknown },
    );
    expect(error?.code).toBe(1234);
    expect(error?.message).toMatch(/It failed$/);
    expect(error?.data).toEqual({ why: 'parity', n: 1 });
  });
}
