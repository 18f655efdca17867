/**
 * Serves the built screens, the very files that the desktop shows, from one folder and nothing else. They hold no data of
 * anybody's. Holds nothing open.
 */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { REFUSALS, SAFE_HEADERS, sendAdminRefusal } from './refusals.ts';

/** Kinds of file that the screens are made of; any other kind is not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * The file that a path stands for, relative to the folder of the screens, as its parts; null when it stands for none.
 * Each part is checked after decoding: one that is hidden, that climbs, or that hides a separator is refused.
 */
export function screenFile(
  path: string,
): { readonly parts: readonly string[]; readonly type: string } | null {
  const parts: string[] = [];
  for (const raw of (path === '' ? 'index.html' : path).split('/')) {
    const part = decode(raw);
    if (part === null || !/^[\w-][\w.-]*$/.test(part)) return null;
    parts.push(part);
  }
  const type = TYPES[extname(parts.at(-1) ?? '')];
  return type === undefined ? null : { parts, type };
}

/** Answers a request for `path`, which begins after `/admin/`. */
export async function serveScreen(
  request: Pick<IncomingMessage, 'method'>,
  response: ServerResponse,
  root: string,
  path: string,
): Promise<void> {
  const found = screenFile(path);
  const content = found === null ? null : await readFile(join(root, ...found.parts)).catch(() => null);
  if (found === null || content === null) return sendAdminRefusal(response, REFUSALS.notFound);
  response.writeHead(200, {
    ...SAFE_HEADERS,
    'Content-Type': found.type,
    'Content-Length': content.length,
    // Their names change with what is in them.
    'Cache-Control': found.parts[0] === 'assets' ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  response.end(request.method === 'HEAD' ? undefined : content);
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
