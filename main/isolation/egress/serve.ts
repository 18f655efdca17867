/**
 * The egress proxy as a program: orders come as lines on its input, reports go out as lines. Ends with its input.
 */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { createReportFilter } from './filter.ts';
import { createProxy } from './proxy.ts';
import type { Orders, Report } from './wire.ts';

/** Serves until the input ends. Never rejects. */
export async function serveEgress(input: Readable, output: Writable, complaints: Writable): Promise<void> {
  const send = (report: Report): void => {
    output.write(`${JSON.stringify(report)}\n`);
  };
  const proxy = createProxy({ report: createReportFilter(() => Date.now(), send) });
  send({ kind: 'ready' });
  for await (const line of createInterface({ input })) {
    try {
      const orders = JSON.parse(line) as Orders;
      await proxy.obey(orders);
      send({ kind: 'obeyed', servers: orders.servers.length });
    } catch (error) {
      complaints.write(`${String(error)}\n`);
      send({ kind: 'failed' });
    }
  }
  await proxy.close();
}
