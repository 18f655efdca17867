/** The log in the test's own thread: both ends of the way between it and the app, over a real message channel. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type ActivityLog, type ActivityState, openActivity } from '../../main/activity/activity.ts';
import type { LogPort, LogProblem, LogSettings } from '../../main/activity/messages.ts';
import { defaultLimits, type Limits } from '../../main/activity/retention.ts';
import { serveActivity } from '../../main/activity/service.ts';
import { type OpenSqlite, openSqlite } from '../../main/activity/sqlite.ts';
import type { Clock } from '../../main/protocol/clock.ts';

/** Everything is kept. */
export function settings(limits: Limits = defaultLimits): LogSettings {
  return { limits, requests: true, responses: true, secretNames: [] };
}

/** A log that is served in this thread. */
export function openHere(options: {
  readonly file: string;
  readonly clock: Clock;
  readonly settings?: LogSettings;
  readonly sqlite?: OpenSqlite;
  readonly problems: LogProblem[];
  readonly states?: ActivityState[];
  /** Told of each thread of the log that is started, and that is let go of. */
  onThread?(what: 'started' | 'ended'): void;
}): ActivityLog {
  return openActivity({
    file: options.file,
    clock: options.clock,
    startThread() {
      options.onThread?.('started');
      const { port1, port2 } = new MessageChannel();
      serveActivity(portOf(port2), { clock: options.clock, openSqlite: options.sqlite ?? openSqlite });
      const port = portOf(port1);
      return {
        ...port,
        close() {
          options.onThread?.('ended');
          port.close();
        },
      };
    },
    settings: options.settings ?? settings(),
    onProblem: (problem) => options.problems.push(problem),
    onState: (state) => options.states?.push(state),
  });
}

function portOf(port: MessagePort): LogPort {
  return {
    post: (message, transfer) => port.postMessage(message, transfer),
    listen: (listener) => void port.on('message', listener),
    close: () => port.close(),
  };
}
