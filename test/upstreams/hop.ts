/** One hop from a client of either era to a server of either era, over a link whose other end is the test. */
import type { Forward } from '../../main/protocol/call.ts';
import { readItem } from '../../main/protocol/listing.ts';
import { META } from '../../main/protocol/modern.ts';
import { type Carry, carryToLegacy, carryToModern, toolHeaders } from '../../main/upstreams/hops.ts';
import { createLevels } from '../../main/upstreams/levels.ts';
import { legacySpeech } from '../../main/upstreams/speech.ts';
import { type FakeCall, peer } from '../fakes/call.ts';
import { type OverFakeLink, overFakeLink } from '../fakes/link.ts';

export const legacy = peer('old', {
  capabilities: { roots: { listChanged: true }, elicitation: { form: {} }, tasks: {} },
  logLevel: 'warning',
});
export const modern = peer('new', { era: 'modern', revision: '2026-07-28' });
export const modernMeta = {
  [META.version]: '2026-07-28',
  [META.clientCapabilities]: {},
  [META.clientInfo]: { name: 'new', version: '1' },
};

/** One hop to a server that is the test. */
export interface Hop extends OverFakeLink {
  readonly carry: Carry;
}

const tools = [
  '{"name":"plain","inputSchema":{"type":"object"}}',
  '{"name":"query","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"n":{"type":"integer","x-mcp-header":"N"}}}}',
].flatMap((text) => readItem('tools', Buffer.from(text)) ?? []);

/** `heads` as that of a link over HTTP; `logging` for a server whose level can be set. */
export async function hop(to: 'legacy' | 'modern', heads = false, logging = false): Promise<Hop> {
  const revision = to === 'legacy' ? '2025-11-25' : '2026-07-28';
  const { link, clock, connection } = await overFakeLink(revision, heads);
  const speech = legacySpeech(connection);
  const greeting = {
    ...{ era: to, revision, capabilities: {}, instructions: null, speech },
    serverInfo: { name: 'S', version: '2' },
  };
  const levels = logging
    ? createLevels(async (level) => {
        await connection.request('logging/setLevel', { level }, 1_000, null);
      }, clock)
    : null;
  const headers = toolHeaders(tools);
  const carry =
    to === 'legacy'
      ? carryToLegacy(connection, greeting, () => 1_000, levels)
      : carryToModern(
          connection,
          greeting,
          () => 1_000,
          () => headers,
          clock,
        );
  return { link, clock, connection, carry };
}

/** The request with its routing key replaced, as the gateway asks for it. */
export function renamed(one: FakeCall, name: string): Forward {
  const { scan } = one.request;
  const text = Buffer.from(JSON.stringify(name));
  return { ...one.request, target: name, key: { start: scan.nameStart, end: scan.nameEnd, text } };
}

export const bigArguments = { name: 'x__plain', arguments: { n: 1 } };
