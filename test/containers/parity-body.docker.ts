/**
 * The whole of the parity tests with the server in a container: what a client sees is what it sees of a process of this
 * computer.
 */
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { parityTests } from '../parity/body.ts';
import { nameOf, type OpenWay, openWay, type Way } from '../parity/ways.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();

const CONTAINED: readonly Way[] = [
  { client: 'legacy', server: 'legacy', upstream: 'container', front: 'mcp' },
  { client: 'modern', server: 'modern', upstream: 'container', front: 'mcp' },
  { client: 'modern', server: 'legacy', upstream: 'container', front: 'mcp' },
];

describe.each(CONTAINED.map((way) => [nameOf(way), way] as const))('%s', (_name, way) => {
  let opened: OpenWay;

  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
  });
  beforeAll(async () => {
    if (host !== null) opened = await openWay(way, host.address);
  });
  afterAll(async () => {
    await opened?.close();
  });

  parityTests(way, () => opened);
});
