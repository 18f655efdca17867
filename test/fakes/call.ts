/** A client's call, as a hop sees it, with everything that came back for it. */
import type { Ask, CallSink, Forward } from '../../main/protocol/call.ts';
import type { GatehouseError } from '../../main/protocol/error.ts';
import type { Peer } from '../../main/protocol/peer.ts';
import { scanMessage } from '../../main/protocol/scan.ts';

/** An ask that reached the client. */
export interface Asked extends Ask {
  /** Why it was withdrawn; null while it was not. */
  cancelled: string | null;
}

export interface FakeCall {
  readonly request: Forward;
  readonly answers: string[];
  readonly progress: string[];
  readonly notified: string[];
  readonly asked: Asked[];
  readonly failed: GatehouseError[];
  /** Why it must not be sent later than at once. */
  refusal: GatehouseError | null;
  /** The only answer, parsed. */
  readonly answer: ReturnType<typeof JSON.parse>;
}

export function peer(key: string, more: Partial<Peer> = {}): Peer {
  return {
    client: key,
    key,
    era: 'legacy',
    revision: '2025-11-25',
    info: { name: key, version: '1' },
    capabilities: {},
    logLevel: null,
    ...more,
  };
}

/** A request of this client; `asks` false makes it one that cannot be asked. */
export function call(from: Peer, method: string, params: object | null, asks = true): FakeCall {
  const bytes = Buffer.from(
    JSON.stringify({ jsonrpc: '2.0', id: 'c', method, ...(params === null ? {} : { params }) }),
  );
  const scan = scanMessage(bytes);
  const answers: string[] = [];
  const sink: CallSink = {
    answer(answer, idStart, idEnd) {
      answers.push(
        `${answer.toString('utf8', 0, idStart)}"c"${answer.toString('utf8', idEnd, answer.length)}`,
      );
    },
    progress: (message, start, end) =>
      void fake.progress.push(
        `${message.toString('utf8', 0, start)}"t"${message.toString('utf8', end, message.length)}`,
      ),
    stream: () => undefined,
    notify: (message) => void fake.notified.push(message.toString('utf8')),
    ask(ask) {
      if (!asks) return null;
      const asked: Asked = { ...ask, cancelled: null };
      fake.asked.push(asked);
      return {
        cancel: (reason) => {
          asked.cancelled ??= reason;
        },
      };
    },
    readmit: () => fake.refusal,
    fail: (error) => void fake.failed.push(error),
  };
  const target = (params as { name?: string; uri?: string } | null)?.name ?? '';
  const fake: FakeCall = {
    request: { bytes, scan, key: null, target, peer: from, sink },
    answers,
    progress: [],
    notified: [],
    asked: [],
    failed: [],
    refusal: null,
    get answer() {
      if (answers.length !== 1) throw new Error(`${answers.length} answers`);
      return JSON.parse(answers[0] ?? '');
    },
  };
  return fake;
}
