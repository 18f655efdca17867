/**
 * What the first bytes of a connection say about where it wants to go: the name in a TLS greeting (RFC 6066, server
 * name indication), the host of an HTTP request, or the target of a CONNECT. Pure.
 */

/** What was found; `more` means that more bytes are needed. */
export type Sniffed =
  | { readonly kind: 'more' }
  | { readonly kind: 'tls'; readonly host: string | null }
  | { readonly kind: 'connect'; readonly host: string; readonly port: number; readonly length: number }
  | {
      readonly kind: 'http';
      readonly host: string | null;
      readonly port: number | null;
      readonly head: Buffer;
      readonly length: number;
    }
  | { readonly kind: 'other' };

const MAX_HEAD = 32 * 1024;
/** Of a request, or of the beginning of one. */
const METHOD = /^[A-Z]{1,12}( |$)/;

/** A field of a head (RFC 9112, 5): a token, a colon, and no end of a line within. */
const FIELD = /^[\w!#$%&'*+.^`|~-]+:[^\r\n\0]*$/;

/** Looks at the bytes that have come so far. */
export function sniff(bytes: Buffer): Sniffed {
  if (bytes.length === 0) return { kind: 'more' };
  if (bytes[0] === 0x16) return sniffTls(bytes);
  const text = bytes.toString('latin1', 0, Math.min(bytes.length, MAX_HEAD));
  if (!METHOD.test(text)) return { kind: 'other' };
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return bytes.length >= MAX_HEAD ? { kind: 'other' } : { kind: 'more' };
  return sniffHttp(text.slice(0, end), end + 4);
}

function sniffHttp(head: string, length: number): Sniffed {
  const [first = '', ...fields] = head.split('\r\n');
  const match = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(first);
  if (match?.[2] === undefined) return { kind: 'other' };
  const [, method, target] = match;
  // Lines that one program takes for a field, and another for a part of one: a second host hides in them.
  if (fields.some((field) => !FIELD.test(field))) return { kind: 'other' };
  if (method === 'CONNECT') {
    const place = splitPlace(target);
    return place === null || place.port === null
      ? { kind: 'other' }
      : { kind: 'connect', host: place.host, port: place.port, length };
  }
  const absolute = /^http:\/\/([^/?#]+)(.*)$/i.exec(target);
  const hosts = fields.filter((field) => /^host:/i.test(field)).map((field) => field.slice(5).trim());
  // Two hosts are a way to mean one thing here and another there.
  if (hosts.length > 1) return { kind: 'other' };
  // What names a host in any other way would count for more than the host that was looked at.
  if (absolute === null && !target.startsWith('/') && target !== '*') return { kind: 'other' };
  const place = splitPlace(absolute?.[1] ?? hosts[0] ?? '');
  const rest = absolute?.[2] ?? '';
  const path = absolute === null ? target : rest.startsWith('/') ? rest : `/${rest}`;
  const kept = fields.filter((field) => !/^(proxy-[a-z-]+|connection|keep-alive|host):/i.test(field));
  const upgrade = fields.some((field) => /^upgrade:/i.test(field));
  const lines = [
    `${method} ${path} ${first.slice(-8)}`,
    `Host: ${absolute?.[1] ?? hosts[0] ?? ''}`,
    ...kept,
    // One request for each connection: a second one could name another host.
    `Connection: ${upgrade ? 'Upgrade' : 'close'}`,
  ];
  return {
    kind: 'http',
    host: place?.host ?? null,
    port: place?.port ?? null,
    head: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
    length,
  };
}

/** `host`, `host:port` or `[v6]:port`, without a user before it. */
function splitPlace(text: string): { readonly host: string; readonly port: number | null } | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(\d{1,5}))?$/i.exec(text);
  if (match?.[1] === undefined) return null;
  const port = match[2] === undefined ? null : Number(match[2]);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}

/** Reads a ClientHello (RFC 8446, 4.1.2) that may come in several records, up to its server name. */
function sniffTls(bytes: Buffer): Sniffed {
  const parts: Buffer[] = [];
  let at = 0;
  while (at + 5 <= bytes.length) {
    const length = bytes.readUInt16BE(at + 3);
    if (bytes[at] !== 0x16 || bytes[at + 1] !== 3) return { kind: 'tls', host: null };
    parts.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  const hello = Buffer.concat(parts);
  const more: Sniffed = bytes.length >= MAX_HEAD ? { kind: 'tls', host: null } : { kind: 'more' };
  if (hello.length < 4) return more;
  if (hello[0] !== 1) return { kind: 'tls', host: null };
  const end = 4 + hello.readUIntBE(1, 3);
  if (hello.length < end) return more;
  return { kind: 'tls', host: serverName(hello.subarray(4, end)) };
}

function serverName(hello: Buffer): string | null {
  try {
    let at = 34;
    at += 1 + hello.readUInt8(at);
    at += 2 + hello.readUInt16BE(at);
    at += 1 + hello.readUInt8(at);
    const end = at + 2 + hello.readUInt16BE(at);
    at += 2;
    while (at + 4 <= end) {
      const length = hello.readUInt16BE(at + 2);
      // Extension 0 is the list of names; type 0 of a name is a host.
      if (hello.readUInt16BE(at) === 0) {
        const size = hello.readUInt16BE(at + 7);
        if (hello.readUInt8(at + 6) !== 0 || size > length) return null;
        const name = hello.toString('latin1', at + 9, at + 9 + size);
        return /^[a-z0-9_.-]+$/i.test(name) ? name : null;
      }
      at += 4 + length;
    }
  } catch {
    // It claims lengths that it does not have.
  }
  return null;
}
