/**
 * Fetching the document of a client from the public internet, and from nowhere else: whoever opens a page can name an
 * address. The addresses of its name are looked at first, and just those are connected to. Short, small, without
 * redirections. Holds nothing.
 */
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Clock } from '../../protocol/clock.ts';
import { createPublicCheck } from '../../protocol/public-addresses.ts';
import { invalidDocument } from './documents.ts';
import type { Fault } from './fault.ts';

/** For all of it. Milliseconds. */
const WHOLE_MS = 8_000;
/** Larger documents are refused. Bytes. */
const MOST_BYTES = 32 * 1024;

/** How a name is looked up and which addresses count; the system's, and the public ones. */
export interface DocumentWays {
  readonly clock: Clock;
  lookup(name: string, done: (error: Error | null, addresses: readonly LookupAddress[]) => void): void;
  isPublic(address: string): boolean;
  /** Certificates that are trusted besides; PEM. */
  readonly authorities?: readonly string[];
  /** Instead of 443. */
  readonly port?: number;
}

/** The clock, the system's name lookup, and what counts as a public address. */
export function systemWays(clock: Clock): DocumentWays {
  return {
    clock,
    lookup: (name, done) =>
      systemLookup(name, { all: true }, (error, addresses) => done(error, addresses ?? [])),
    isPublic: createPublicCheck(),
  };
}

/** The document. Rejects with a Fault that says why there is none. */
export function fetchDocument(url: string, signal: AbortSignal, ways: DocumentWays): Promise<unknown> {
  const { hostname, pathname, search } = new URL(url);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) {
    return Promise.reject(invalidDocument('its address has no name'));
  }
  const lookup: LookupFunction = (name, options, done) => {
    ways.lookup(name, (error, addresses) => {
      const [first] = addresses;
      if (error !== null || first === undefined) return done(error ?? new Error('no address'), []);
      // One that leads inside makes all of them suspect: the next look-up may give that one alone.
      if (!addresses.every(({ address }) => ways.isPublic(address)))
        return done(Object.assign(new Error('not public'), { code: 'NOT_PUBLIC' }), []);
      if (options.all === true) done(null, [...addresses]);
      else done(null, first.address, first.family);
    });
  };
  return new Promise((resolve, reject) => {
    const fail = (fault: Fault): void => {
      asked.destroy();
      stop();
      reject(fault);
    };
    const asked = request(
      {
        ...{ hostname, path: `${pathname}${search}`, method: 'GET', port: ways.port ?? 443 },
        ...{ agent: false, lookup, signal, maxHeaderSize: 16 * 1024 },
        ...(ways.authorities === undefined ? {} : { ca: [...ways.authorities] }),
        headers: { Accept: 'application/json' },
      },
      (response) => {
        if (!ways.isPublic(response.socket.remoteAddress ?? '')) return fail(notPublic());
        const type = response.headers['content-type'] ?? '';
        if (response.statusCode !== 200) return fail(invalidDocument(`its answer is ${response.statusCode}`));
        if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) return fail(invalidDocument('it is no JSON'));
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MOST_BYTES) return fail(invalidDocument('it is too large'));
          chunks.push(chunk);
        });
        response.on('error', () => fail(invalidDocument('it broke off')));
        response.on('end', () => {
          stop();
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
          } catch {
            reject(invalidDocument('it is no JSON'));
          }
        });
      },
    );
    const stop = ways.clock.after(WHOLE_MS, () => fail(invalidDocument('its server took too long')));
    asked.on('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'NOT_PUBLIC' ? notPublic() : invalidDocument('its server cannot be reached')),
    );
    asked.end();
  });
}

function notPublic(): Fault {
  return invalidDocument('its server is not on the public internet');
}
