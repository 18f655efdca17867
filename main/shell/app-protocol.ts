/**
 * Serves the built screens as `app://gatehouse/…`, from one folder (or asar) and nothing else, each answer with the
 * strict content security policy. `close()` removes the handler.
 */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { CustomScheme, Protocol } from 'electron';
import { appHost, appScheme, isAppUrl } from './app-url.ts';

/** Nothing but our own files: no inline script or style, no network, no frames, no forms. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Kinds of file that the screens are made of; any other kind is not served. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** For `protocol.registerSchemesAsPrivileged`, before `ready`: a standard, secure origin that may cache compiled code. */
export const appSchemes: CustomScheme[] = [
  { scheme: appScheme, privileges: { standard: true, secure: true, codeCache: true } },
];

/** A file of the screens and its content type. */
export interface Asset {
  readonly file: string;
  readonly type: string;
}

/**
 * The file that an address stands for, or null when it stands for none. Each path segment is checked after decoding:
 * a segment that is hidden, that climbs, or that hides a separator is refused, so the result never leaves `root`.
 */
export function assetOf(url: string, root: string): Asset | null {
  if (!isAppUrl(url)) {
    return null;
  }
  const segments: string[] = [];
  for (const raw of new URL(url).pathname.slice(1).split('/')) {
    const segment = decode(raw);
    if (segment === null || !/^[\w-][\w.-]*$/.test(segment)) {
      return null;
    }
    segments.push(segment);
  }
  const type = types[extname(segments.at(-1) ?? '')];
  return type === undefined ? null : { file: join(root, ...segments), type };
}

/** Registers the handler; call after `ready`. */
export function openAppProtocol(protocol: Protocol, root: string): { close(): void } {
  protocol.handle(appScheme, (request) => answer(request, root));
  // Node loads what answers are made of when the first one is made; somebody would be waiting for a window then.
  setImmediate(() => void new Response());
  let open = true;
  return {
    close() {
      if (open) {
        open = false;
        protocol.unhandle(appScheme);
      }
    },
  };
}

/** Answers one request; a file that is missing and an address that is not ours look the same from outside. */
export async function answer(request: Pick<Request, 'url' | 'method'>, root: string): Promise<Response> {
  const asset = request.method === 'GET' || request.method === 'HEAD' ? assetOf(request.url, root) : null;
  // No opener policy: no window can open another (`web-security`), and Chromium would start a second process for the
  // first page of each window, since an empty page has none.
  const headers = {
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-cache',
  };
  const content = asset === null ? null : await readFile(asset.file).catch(() => null);
  if (asset === null || content === null) {
    return new Response(`Not a page of ${appHost}.`, {
      status: 404,
      headers: { ...headers, 'content-type': 'text/plain' },
    });
  }
  const body = request.method === 'HEAD' ? null : new Uint8Array(content);
  return new Response(body, { status: 200, headers: { ...headers, 'content-type': asset.type } });
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
