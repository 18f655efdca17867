/**
 * What is pushed to the pages: the newest snapshot and what has just been recorded, as server-sent events. A slow reader
 * gets fewer snapshots, never a growing heap of old ones. The core is listened to only while somebody reads. `close` ends
 * every stream.
 */
import type { ServerResponse } from 'node:http';
import type { CorePort, EventName, Unsubscribe } from '../../preload/contract.ts';
import type { ActivityAppended } from '../../preload/views/activity.ts';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { SAFE_HEADERS } from './refusals.ts';
import type { Session } from './sessions.ts';

/** A sign of life, so that proxies keep the connection and a lost one is noticed. Milliseconds. */
const BEAT_MS = 15_000;
/** Streams open at once; the oldest ends first. */
const MOST = 24;

/** The open streams. */
export interface EventStreams {
  attach(response: ServerResponse, session: Session): void;
  /** Idempotent. */
  close(): void;
}

/** @param beat called with every beat, for what has to be looked at now and then while pages are open */
export function openEventStreams(
  core: Pick<CorePort, 'snapshot' | 'onSnapshot' | 'onActivity'>,
  clock: Clock,
  beat: () => void,
): EventStreams {
  const open = new Set<Stream>();
  let stops: readonly Unsubscribe[] = [];
  let timer: CancelTimer | null = null;
  const tick = (): void => {
    timer = clock.after(BEAT_MS, () => {
      for (const stream of open) stream.beat();
      beat();
      if (open.size > 0) tick();
    });
  };
  const listen = (): void => {
    stops = [
      core.onSnapshot(() => {
        for (const stream of open) stream.snapshot();
      }),
      core.onActivity((appended) => {
        for (const stream of open) stream.activity(appended);
      }),
    ];
    tick();
  };
  const left = (stream: Stream): void => {
    open.delete(stream);
    if (open.size > 0) return;
    for (const stop of stops) stop();
    stops = [];
    timer?.();
    timer = null;
  };
  return {
    attach(response, session) {
      const [oldest] = open;
      if (open.size >= MOST) oldest?.end();
      const stream = openStream(response, session, () => core.snapshot(), left);
      if (stream === null) return;
      open.add(stream);
      if (stops.length === 0) listen();
      stream.snapshot();
    },
    close() {
      for (const stream of open) stream.end();
    },
  };
}

interface Stream {
  /** There is a newer snapshot. */
  snapshot(): void;
  activity(appended: ActivityAppended): void;
  beat(): void;
  end(): void;
}

function openStream(
  response: ServerResponse,
  session: Session,
  newest: () => unknown,
  left: (stream: Stream) => void,
): Stream | null {
  if (response.destroyed || session.signal.aborted) {
    response.destroy();
    return null;
  }
  let stale = false;
  let missed = 0;
  const send = (name: EventName | 'ended', payload: unknown): void => {
    response.write(`event: ${name}\ndata: ${JSON.stringify(payload)}\n\n`);
  };
  const catchUp = (): void => {
    if (missed > 0) send('activity', { rows: [], missed });
    missed = 0;
    if (!stale) return;
    stale = false;
    send('snapshot', newest());
  };
  const ended = (): void => {
    send('ended', {});
    stream.end();
  };
  const stream: Stream = {
    snapshot() {
      stale = true;
      if (!response.writableNeedDrain) catchUp();
    },
    activity(appended) {
      if (response.writableNeedDrain) missed += appended.rows.length + appended.missed;
      else send('activity', appended);
    },
    beat() {
      if (!response.writableNeedDrain) response.write(':\n\n');
    },
    end() {
      session.signal.removeEventListener('abort', ended);
      left(stream);
      response.end();
    },
  };
  response.writeHead(200, {
    ...SAFE_HEADERS,
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  response.on('drain', catchUp);
  response.on('close', () => stream.end());
  response.on('error', () => stream.end());
  session.signal.addEventListener('abort', ended, { once: true });
  return stream;
}
