import { expect, it } from 'vitest';
import { refusesToAsk } from '../../main/upstreams/era-refusal.ts';

const result = (text: string): Buffer =>
  Buffer.from(
    JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }], isError: true } }),
  );

it.each([
  'elicitation via server-initiated requests is unavailable on 2026-07-28 connections.',
  'server-initiated sampling is not available on MCP 2026-07-28 connections',
  "Cannot send 'elicitation/create': this transport context has no back-channel for server-initiated requests.",
  "Server-to-client requests are not available on protocol revision 2026-07-28: 'roots/list' cannot be sent",
])('a refusal of those that servers are built on is known: %s', (text) => {
  expect(refusesToAsk(result(text))).toBe(true);
  expect(refusesToAsk(Buffer.from(JSON.stringify({ error: { code: -32600, message: text } })))).toBe(true);
});

it.each([
  'The printer is not available.',
  'Server-initiated requests were counted: 7.',
  `${'x'.repeat(5_000)} server-initiated requests are unavailable`,
])('another failure is not taken for it', (text) => {
  expect(refusesToAsk(result(text))).toBe(false);
});
