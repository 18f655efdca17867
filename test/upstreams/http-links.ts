/** HTTP links for tests, closed with their servers after each test. */
import type { ServerResponse } from 'node:http';
import { afterEach, expect, vi } from 'vitest';
import { systemClock } from '../../main/protocol/clock.ts';
import { openHttpLink } from '../../main/upstreams/http-link.ts';
import type { HttpTarget } from '../../main/upstreams/http-target.ts';
import type { Link } from '../../main/upstreams/link.ts';
import {
  answer,
  type Got,
  type Handler,
  initialize,
  json,
  Recorder,
  serve,
  type TestServer,
  tell,
} from './http-peers.ts';

/** Bytes that the links of tests take in one answer. */
const LIMIT = 1024 * 1024;
export const LEGACY = '2025-11-25';
export const MODERN = '2026-07-28';

const cleanups: (() => Promise<void> | void)[] = [];

/** Closes what the test has opened, the newest first. To be called once in a file. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const close of cleanups.splice(0).reverse()) await close();
  });
}

/** Registers something to be closed after the test. */
export function closing(close: () => Promise<void> | void): void {
  cleanups.push(close);
}

export async function server(handler: Handler, port?: number): Promise<TestServer> {
  const one = await serve(handler, port);
  closing(one.close);
  return one;
}

export interface Opened {
  readonly link: Link;
  readonly told: Recorder;
}

export async function open(
  target: Partial<HttpTarget> & { url: string },
  clock = systemClock,
): Promise<Opened> {
  const told = new Recorder();
  const link = await openHttpLink({ headers: {}, ...target }, clock, told, LIMIT);
  closing(() => link.close());
  return { link, told };
}

/** A link whose session has begun; the handler gets what is neither `initialize` nor the notification after it. */
export async function session(
  handler: Handler,
  clock = systemClock,
): Promise<Opened & { server: TestServer }> {
  const one = await server((got, response, request) => {
    if (got.message.method === 'initialize') {
      json(response, 200, answer(got.message.id), { 'mcp-session-id': 'session-1' });
    } else if (got.message.method === 'notifications/initialized') response.writeHead(202).end();
    else handler(got, response, request);
  });
  const opened = await open({ url: `${one.origin}/mcp` }, clock);
  opened.link.send(initialize(1), 1, null);
  await opened.told.answerTo(1);
  opened.link.agreed(LEGACY);
  opened.link.send(tell('notifications/initialized'), -1, null);
  await vi.waitFor(() => expect(one.got.some((got) => got.method === 'GET')).toBe(true), 10_000);
  return { ...opened, server: one };
}

/** Answers GET and DELETE as a server without a standing stream does; false for POSTs. */
export const noStream = (got: Got, response: ServerResponse): boolean => {
  if (got.method === 'POST') return false;
  response.writeHead(got.method === 'GET' ? 405 : 200).end();
  return true;
};
