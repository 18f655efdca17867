/**
 * A look at what a server offers before anybody trusts it: greeted, listed, ended, all within a bound. Whatever it says
 * beside its lists is dropped, and it is given no secret: references stay unresolved, and what needs one is left out.
 */
import { join } from 'node:path';
import { GatehouseError } from '../protocol/error.ts';
import type { ServerListing } from '../protocol/listing.ts';
import { sharedIntroduction } from './handshake.ts';
import type { UpstreamDeps, UpstreamSpec } from './ports.ts';
import { openServerLog } from './server-log.ts';
import { openServerSession } from './server-session.ts';

/** Milliseconds for all of it; a first start may have to download a package. */
const INSPECTION_MS = 120_000;

/** Rejects with a GatehouseError; nothing of the server runs any more when the promise settles. */
export async function inspectServer(
  spec: UpstreamSpec,
  outside: Omit<UpstreamDeps, 'events'>,
  signal: AbortSignal,
): Promise<ServerListing> {
  const { clock } = outside;
  const deps: UpstreamDeps = {
    ...outside,
    resolve: async (text) => text,
    events: {
      status: () => undefined,
      listing: () => undefined,
      ownListing: () => undefined,
      notification: () => undefined,
      ask: () => null,
    },
  };
  const log = openServerLog(join(deps.logDir, `${spec.name}.inspection.log`), clock);
  const closing = new Set<Promise<void>>();
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  const cancelTimer = clock.after(INSPECTION_MS, stop);
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) throw ended();
    const session = await openServerSession(
      {
        spec: withoutSecrets(spec),
        deps,
        log,
        introduction: sharedIntroduction(deps.clientInfo),
        knowledge: { era: null, transport: null },
        signal: abort.signal,
        closing: (done) => void closing.add(done),
      },
      {
        listing: () => undefined,
        notification: () => undefined,
        ask: () => null,
        closed: () => undefined,
      },
    );
    closing.add(session.close());
    return session.listing;
  } catch (error) {
    throw abort.signal.aborted ? ended() : error;
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', stop);
    await Promise.allSettled(closing);
    await log.close();
  }
}

/** The spec without the variables and headers that hold references: keys are for servers that are trusted. */
function withoutSecrets(spec: UpstreamSpec): UpstreamSpec {
  const { transport } = spec;
  if (transport.kind === 'stdio') return { ...spec, transport: { ...transport, env: plain(transport.env) } };
  return { ...spec, transport: { ...transport, headers: plain(transport.headers) } };
}

function plain(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !value.includes('${')));
}

function ended(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.inspection_ended',
    message: 'The server did not list what it offers within {seconds} seconds, or the inspection was ended.',
    remedy: 'Its inspection log may tell more; inspect it again.',
    values: { seconds: INSPECTION_MS / 1000 },
  });
}
