/**
 * The entry of the activity log's own thread. It ends when the app closes the log.
 */
import { parentPort } from 'node:worker_threads';
import { serveActivity } from './activity/service.ts';
import { openSqlite } from './activity/sqlite.ts';
import { systemClock } from './protocol/clock.ts';

const port = parentPort;
if (port !== null) {
  serveActivity(
    {
      post: (message, transfer) => port.postMessage(message, transfer),
      listen: (listener) => port.on('message', listener),
      close: () => port.close(),
    },
    { clock: systemClock, openSqlite },
  );
}
