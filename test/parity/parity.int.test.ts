/** What a client sees through the gateway is what it sees directly: `body.ts`, on every way. */
import { afterAll, beforeAll, describe } from 'vitest';
import { parityTests } from './body.ts';
import { nameOf, type OpenWay, openWay, WAYS } from './ways.ts';

describe.each(WAYS.map((way) => [nameOf(way), way] as const))('%s', (_name, way) => {
  let opened: OpenWay;

  beforeAll(async () => {
    opened = await openWay(way);
  });
  afterAll(async () => {
    await opened?.close();
  });

  parityTests(way, () => opened);
});
