import { describe, expect, it } from 'vitest';
import { GatehouseError } from '../../main/protocol/error.ts';
import {
  type CallApprovals,
  type CallToDecide,
  MOST_PER_CLIENT,
  openCallApprovals,
  type WaitingCall,
} from '../../main/trust/call-approval.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';

interface Bench {
  readonly clock: ManualClock;
  readonly calls: CallApprovals;
  readonly saved: { client: string; hash: string }[];
  fingerprint: string;
  /** Rejects the next saving. */
  failing: boolean;
  changes: number;
  ask(args: string | null, more?: Partial<CallToDecide>): Asked;
  only(): WaitingCall;
}

interface Asked {
  /** What let it through. */
  how: string | null;
  /** Why that counts no more. */
  stands(): string | null;
  /** `open` while it waits, `allowed`, or the code of its refusal. */
  end: string;
  cancel(): void;
}

function bench(): Bench {
  const clock = manualClock();
  const saved: { client: string; hash: string }[] = [];
  const calls = openCallApprovals({
    clock,
    timeoutMs: () => 60_000,
    fingerprintOf: () => one.fingerprint,
    isAlways: (client, hash) => saved.some((entry) => entry.client === client && entry.hash === hash),
    async saveAlways({ client, hash }) {
      if (one.failing) throw new GatehouseError({ code: 'trust.write_failed', message: 'm', remedy: 'r' });
      saved.push({ client, hash });
    },
    changed: () => {
      one.changes += 1;
    },
  });
  const one: Bench = {
    clock,
    calls,
    saved,
    fingerprint: 'v1',
    failing: false,
    changes: 0,
    ask(args, more = {}) {
      const asked: Asked = { end: 'open', how: null, stands: () => null, cancel: () => undefined };
      const call = { client: 'c', clientName: 'Client', session: 's', server: 'files', tool: 'rm', ...more };
      const hold = calls.ask({ ...call, args: args === null ? null : Buffer.from(args) }, (refusal, how) => {
        if (asked.end !== 'open') throw new Error('decided twice');
        asked.end = refusal?.code ?? 'allowed';
        asked.how = how?.by ?? null;
        asked.stands = () => how?.stands()?.code ?? null;
      });
      if ('stands' in hold) {
        asked.end = 'at once';
        asked.how = hold.by;
      } else if ('cancel' in hold) asked.cancel = () => hold.cancel();
      else asked.end = hold.code;
      return asked;
    },
    only() {
      const [first, second] = calls.waiting();
      if (first === undefined || second !== undefined) throw new Error('not exactly one call waits');
      return first;
    },
  };
  return one;
}

const code = async (promise: Promise<void>): Promise<string> => {
  try {
    await promise;
    return 'ok';
  } catch (error) {
    return error instanceof GatehouseError ? error.code : String(error);
  }
};

describe('a call that waits for a person', () => {
  it('shows client, server, tool and the arguments as they were written', () => {
    const { ask, only, clock } = bench();
    ask('{ "path": "/x", "n": 9007199254740993 }');
    expect(only()).toMatchObject({
      client: 'c',
      clientName: 'Client',
      server: 'files',
      tool: 'rm',
      args: '{ "path": "/x", "n": 9007199254740993 }',
      argsBytes: 39,
      complete: true,
      until: clock.now() + 60_000,
    });
  });

  it('says when it shows only a part, and cuts no character in two', () => {
    const { ask, only } = bench();
    ask(`{"a":"${'é'.repeat(40_000)}"}`);
    expect(only()).toMatchObject({ complete: false, argsBytes: 80_008 });
    expect(only().args).not.toContain('\ufffd');
    expect(Buffer.byteLength(only().args)).toBeGreaterThan(65_000);
  });

  it('goes when it is allowed, once: the next one asks again', async () => {
    const one = bench();
    const { ask, only, calls } = one;
    const first = ask('{}');
    await calls.decide(only().id, only().hash, 'once');
    expect(first).toMatchObject({ end: 'allowed', how: 'once' });
    // What was allowed is one version of the tool, also while the call waits for its turn.
    expect(first.stands()).toBeNull();
    one.fingerprint = 'v2';
    expect(first.stands()).toBe('call.tool_changed');
    one.fingerprint = 'v1';
    expect(ask('{}').end).toBe('open');
  });

  it('is allowed for a session: the same arguments, the same session, no other', async () => {
    const { ask, only, calls } = bench();
    ask('{"a":1,"b":2}');
    await calls.decide(only().id, only().hash, 'session');
    expect(ask('{"b":2, "a":1}')).toMatchObject({ end: 'at once', how: 'session' });
    expect(ask('{"a":1,"b":3}').end).toBe('open');
    expect(ask('{"a":1,"b":2}', { session: 'other' }).end).toBe('open');
    expect(ask('{"a":1,"b":2}', { tool: 'other' }).end).toBe('open');
    calls.sessionGone('s');
    expect(ask('{"a":1,"b":2}').end).toBe('open');
  });

  it('is allowed always: saved first, for this client and this version of the tool', async () => {
    const one = bench();
    one.ask('{}');
    one.failing = true;
    expect(await code(one.calls.decide(one.only().id, one.only().hash, 'always'))).toBe('trust.write_failed');
    expect(one.calls.waiting()).toHaveLength(1);
    one.failing = false;
    await one.calls.decide(one.only().id, one.only().hash, 'always');
    expect(one.ask('{}', { session: 'later' })).toMatchObject({ end: 'at once', how: 'always' });
    expect(one.ask('{}', { client: 'd' }).end).toBe('open');
    one.fingerprint = 'v2';
    expect(one.ask('{}').end).toBe('open');
  });

  it('is refused when it is denied, and when nobody decides in time', async () => {
    const { ask, only, calls, clock } = bench();
    const denied = ask('{}');
    await calls.decide(only().id, only().hash, 'deny');
    expect(denied.end).toBe('call.denied');
    const late = ask('{}');
    const { id, hash } = only();
    clock.advance(59_999);
    expect(late.end).toBe('open');
    clock.advance(1);
    expect(late.end).toBe('call.not_decided');
    expect(await code(calls.decide(id, hash, 'once'))).toBe('call.not_waiting');
  });

  it('cannot be decided by what was shown of another call', async () => {
    const { ask, calls } = bench();
    const harmless = ask('{"path":"/tmp/x"}');
    const harmful = ask('{"path":"/"}');
    const [shown, other] = calls.waiting();
    expect(await code(calls.decide(other?.id ?? '', shown?.hash ?? '', 'once'))).toBe('call.other_call');
    expect([harmless.end, harmful.end]).toEqual(['open', 'open']);
  });

  it.each(['once', 'session', 'always'] as const)(
    'is refused when the tool changed meanwhile: %s',
    async (decision) => {
      const one = bench();
      const asked = one.ask('{}');
      const { id, hash } = one.only();
      one.fingerprint = 'v2';
      await one.calls.decide(id, hash, decision);
      expect(asked.end).toBe('call.tool_changed');
      one.fingerprint = 'v1';
      expect(one.ask('{}').end).toBe('open');
    },
  );

  it('ends without a word when its client takes it back', async () => {
    const { ask, only, calls, clock } = bench();
    const asked = ask('{}');
    const { id, hash } = only();
    asked.cancel();
    asked.cancel();
    expect(await code(calls.decide(id, hash, 'once'))).toBe('call.not_waiting');
    clock.advance(100_000);
    expect(asked.end).toBe('open');
    expect(clock.pending()).toEqual([]);
  });

  it('is one of few of its client, and others can still ask', () => {
    const { ask, calls } = bench();
    for (let at = 0; at < MOST_PER_CLIENT; at += 1) expect(ask(`${at}`).end).toBe('open');
    expect(ask('"more"').end).toBe('call.too_many_waiting');
    expect(ask('"more"', { client: 'd' }).end).toBe('open');
    for (let at = 0; at < 200; at += 1) ask('{}', { client: `x${at}` });
    expect(calls.waiting()).toHaveLength(128);
  });

  it('tells of each change, and of nothing after the end', () => {
    const one = bench();
    const asked = one.ask('{}');
    one.ask('{"b":1}');
    expect(one.changes).toBe(2);
    asked.cancel();
    expect(one.changes).toBe(3);
    one.calls.close();
    one.calls.close();
    expect(one.calls.waiting()).toEqual([]);
    expect(one.ask('{}').end).toBe('call.not_decided');
    expect(one.clock.pending()).toEqual([]);
  });
});
