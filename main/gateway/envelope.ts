/**
 * What a modern request must carry before anything is done for it: its sender's facts in `_meta`, and the headers that
 * repeat parts of the body (overview section, "Per-request protocol fields"; streamable HTTP section, "Server
 * Validation"). Pure.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { GatehouseError } from '../protocol/error.ts';
import { decodeHeader } from '../protocol/headers.ts';
import { stringAt } from '../protocol/json.ts';
import { memberOf } from '../protocol/members.ts';
import {
  ALL_VERSIONS,
  isModernVersion,
  META,
  MODERN_VERSIONS,
  type RequestMeta,
  readRequestMeta,
} from '../protocol/modern.ts';
import type { MessageScan } from '../protocol/scan.ts';
import { isSessionVersion } from '../protocol/versions.ts';
import { invalidParams } from './refusals.ts';

/** Why a modern request is refused. */
export interface EnvelopeRefusal {
  readonly status: number;
  readonly error: GatehouseError;
  /** Further members of the error's `data`. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A sender's facts, complete and of a revision that we speak. */
export interface SoundMeta extends RequestMeta {
  readonly version: string;
  readonly capabilities: Readonly<Record<string, unknown>>;
}

const VERSION_KEY = Buffer.from(`"${META.version}"`);

/** True when `params._meta` names a protocol revision, whatever it is. */
export function claimsRevision(body: Buffer, scan: MessageScan): boolean {
  if (scan.metaStart < 0) return false;
  const meta = body.subarray(scan.metaStart, scan.metaEnd);
  if (meta.includes(VERSION_KEY)) return true;
  // Some serializers escape the slash.
  return meta.includes('protocolVersion') && memberOf(meta, 0, meta.length, META.version) !== null;
}

/** The revision in `params._meta`; undefined when there is none. */
export function claimedRevision(body: Buffer, scan: MessageScan): unknown {
  return claimsRevision(body, scan) ? readRequestMeta(body, scan)?.version : undefined;
}

/** Reads `_meta`, or tells what is wrong with it. `header` is the MCP-Protocol-Version header; null is not looked at. */
export function readMeta(
  body: Buffer,
  scan: MessageScan,
  header: string | undefined | null,
): SoundMeta | EnvelopeRefusal {
  const meta = readRequestMeta(body, scan);
  if (meta === null) return incomplete('_meta');
  const { version, capabilities } = meta;
  if (typeof version !== 'string') return incomplete(META.version);
  if (header !== undefined && header !== null && header !== version) {
    return mismatch(`the MCP-Protocol-Version header says ${quote(header)}, the body ${quote(version)}`);
  }
  if (!isModernVersion(version)) return unknownRevision(version);
  if (capabilities === null) return incomplete(META.clientCapabilities);
  if (meta.badLogLevel) return incomplete(META.logLevel);
  return { ...meta, version, capabilities };
}

/** The methods whose `Mcp-Name` repeats a member of params other than `name`. */
const NAME_SOURCES: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/** Compares the standard headers with the body; null when all is well. */
export function checkHeaders(
  headers: IncomingHttpHeaders,
  body: Buffer,
  scan: MessageScan,
  revision: string,
): EnvelopeRefusal | null {
  const version = headers['mcp-protocol-version'];
  if (version !== revision) {
    return mismatch(
      version === undefined
        ? 'the MCP-Protocol-Version header is missing'
        : `the MCP-Protocol-Version header says ${quote(String(version))}, the body ${quote(revision)}`,
    );
  }
  const method = headers['mcp-method'];
  if (method !== scan.method) {
    return mismatch(
      method === undefined
        ? 'the Mcp-Method header is missing'
        : `the Mcp-Method header says ${quote(String(method))}, the body ${quote(scan.method)}`,
    );
  }
  const source = Object.hasOwn(NAME_SOURCES, scan.method) ? NAME_SOURCES[scan.method] : undefined;
  return source === undefined ? null : checkName(headers['mcp-name'], body, scan, source);
}

function checkName(
  header: string | string[] | undefined,
  body: Buffer,
  scan: MessageScan,
  source: string,
): EnvelopeRefusal | null {
  const name = nameIn(body, scan, source);
  if (header === undefined) return name === null ? null : mismatch('the Mcp-Name header is missing');
  const said = decodeHeader(String(header));
  if (said === null) return mismatch('the Mcp-Name header cannot be decoded');
  if (name === null || said === name) return null;
  return mismatch(`the Mcp-Name header says ${quote(said)}, the body ${quote(name)}`);
}

function nameIn(body: Buffer, scan: MessageScan, source: string): string | null {
  let start = source === 'name' ? scan.nameStart : scan.uriStart;
  let end = source === 'name' ? scan.nameEnd : scan.uriEnd;
  if (source === 'taskId') {
    const member = memberOf(body, scan.paramsStart, scan.paramsEnd, source);
    if (member === null) return null;
    start = member.byteOffset - body.byteOffset;
    end = start + member.length;
  }
  return start >= 0 && body[start] === 0x22 ? stringAt(body, start, end) : null;
}

/** The headers and the body say different things (400, -32020). */
export function mismatch(what: string): EnvelopeRefusal {
  const error = new GatehouseError({
    code: 'gateway.header_mismatch',
    message: `Header mismatch: ${what}.`,
    remedy: 'The client should list the tools again and repeat the request with headers that match its body.',
  });
  return { status: 400, error };
}

function incomplete(key: string): EnvelopeRefusal {
  return { status: 400, error: invalidParams(`The request's ${key} is missing or malformed.`) };
}

function unknownRevision(requested: string): EnvelopeRefusal {
  const error = new GatehouseError({
    code: 'gateway.unknown_revision',
    message: 'Unsupported protocol version',
    remedy: 'The client should repeat the request in a revision that both speak.',
  });
  // Revisions with sessions are spoken too, but they begin with `initialize`.
  const supported = isSessionVersion(requested) ? MODERN_VERSIONS : ALL_VERSIONS;
  return { status: 400, error, data: { supported, requested } };
}

/** Text of a client in an error. */
export function quote(text: string): string {
  return `"${text.slice(0, 200)}"`;
}
