/**
 * The modern revisions (2026-07-28): what a request carries about its sender, and how results and errors of one era
 * are written in the other. Nothing here is on the path of a call between two peers of one era.
 */
import { memberSpans, stringAt, valueAt } from './json.ts';
import { type MemberChanges, memberOf, rawJson, setMembers, withParams } from './members.ts';
import { isLogLevel, type LogLevel, type Peer } from './peer.ts';
import { type MessageScan, scanMessage } from './scan.ts';
import { SESSION_VERSIONS } from './versions.ts';
import { type Edit, splice } from './wire.ts';

/** Stateless revisions, newest first. */
export const MODERN_VERSIONS = ['2026-07-28'] as const;

export const LATEST_MODERN_VERSION = MODERN_VERSIONS[0];

/** Every revision that Gatehouse speaks, newest first; what `UnsupportedProtocolVersion` lists. */
export const ALL_VERSIONS: readonly string[] = [...MODERN_VERSIONS, ...SESSION_VERSIONS];

/** True for a revision that has no sessions. */
export function isModernVersion(text: unknown): boolean {
  return (MODERN_VERSIONS as readonly unknown[]).includes(text);
}

/** Reserved `_meta` keys (overview section, "General fields"). */
export const META = {
  version: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const;

/** Error codes that the modern revisions define (overview section, "Error Codes"). */
export const MODERN_ERRORS = {
  headerMismatch: -32020,
  missingClientCapability: -32021,
  unsupportedVersion: -32022,
} as const;

/** What a modern request says of its sender. */
export interface RequestMeta {
  /** As sent, whatever it is; undefined when absent. */
  readonly version: unknown;
  /** Null when absent or no object. */
  readonly capabilities: Readonly<Record<string, unknown>> | null;
  readonly info: Readonly<Record<string, unknown>> | null;
  readonly logLevel: LogLevel | null;
  /** True when a log level was given that is none of the eight. */
  readonly badLogLevel: boolean;
}

/** Reads `params._meta`; null when there is none. Unknown keys are ignored. */
export function readRequestMeta(bytes: Buffer, scan: MessageScan): RequestMeta | null {
  if (scan.metaStart < 0) return null;
  const meta = asRecord(valueAt(bytes, scan.metaStart, scan.metaEnd));
  if (meta === null) return null;
  const level = meta[META.logLevel];
  return {
    version: meta[META.version],
    capabilities: asRecord(meta[META.clientCapabilities]),
    info: asRecord(meta[META.clientInfo]),
    logLevel: isLogLevel(level) ? level : null,
    badLogLevel: level !== undefined && !isLogLevel(level),
  };
}

/** A legacy peer's request as a modern server wants it: with the sender's facts in `_meta`. */
export function toModernRequest(
  bytes: Buffer,
  scan: MessageScan,
  peer: Peer,
  version: string,
): { bytes: Buffer; scan: MessageScan } {
  const changes: Record<string, Buffer | null> = {
    [META.version]: rawJson(version),
    [META.clientCapabilities]: rawJson(modernCapabilities(peer.capabilities)),
    [META.clientInfo]: peer.info === null ? null : rawJson(peer.info),
    [META.logLevel]: peer.logLevel === null ? null : rawJson(peer.logLevel),
  };
  const meta = setMembers(bytes, Math.max(scan.metaStart, 0), Math.max(scan.metaEnd, 0), changes);
  return withParams(bytes, scan, { _meta: meta });
}

/** A modern peer's request as a legacy server wants it: without what that server was told in `initialize`. */
export function toLegacyRequest(bytes: Buffer, scan: MessageScan): { bytes: Buffer; scan: MessageScan } {
  if (scan.metaStart < 0) return { bytes, scan };
  const meta = setMembers(bytes, scan.metaStart, scan.metaEnd, NOT_LEGACY);
  if (!bytes.includes(REQUEST_STATE, 0, 'latin1') && !bytes.includes(INPUT_RESPONSES, 0, 'latin1')) {
    const out = splice(bytes, [{ start: scan.metaStart, end: scan.metaEnd, text: meta }]);
    return { bytes: out, scan: scanMessage(out) };
  }
  return withParams(bytes, scan, { _meta: meta, inputResponses: null, requestState: null });
}

/**
 * The same as what replaces `_meta` alone, its text remembered by what stands there: of one client it is the same in every
 * request. Null where more has to change, or a progress token in it is to be another.
 */
export function createLegacyMeta(): (bytes: Buffer, scan: MessageScan) => Edit | null {
  const texts = new Map<string, Buffer>();
  return (bytes, scan) => {
    const { metaStart, metaEnd } = scan;
    if (metaStart < 0 || scan.metaTokenStart >= 0 || metaEnd - metaStart > LONGEST_META) return null;
    if (bytes.includes(REQUEST_STATE, 0, 'latin1') || bytes.includes(INPUT_RESPONSES, 0, 'latin1'))
      return null;
    const spelled = bytes.toString('latin1', metaStart, metaEnd);
    let text = texts.get(spelled);
    if (text === undefined) {
      text = setMembers(bytes, metaStart, metaEnd, NOT_LEGACY);
      if (texts.size >= METAS) texts.clear();
      texts.set(spelled, text);
    }
    return { start: metaStart, end: metaEnd, text };
  };
}

/** Texts of `_meta` that are remembered, and the longest one of them in bytes. */
const METAS = 200;
const LONGEST_META = 4_096;

const NOT_LEGACY: MemberChanges = {
  [META.version]: null,
  [META.clientCapabilities]: null,
  [META.clientInfo]: null,
  [META.logLevel]: null,
};
const REQUEST_STATE = 'requestState';
const INPUT_RESPONSES = 'inputResponses';

/** Capabilities of a legacy client in modern terms: tasks of 2025-11-25 have no counterpart. */
function modernCapabilities(capabilities: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { tasks: _tasks, ...rest } = capabilities;
  return rest;
}

/** A legacy server's result (raw JSON of the object) in modern terms. `caching` for results that must carry hints. */
export function toModernResult(
  result: Buffer,
  extras: {
    readonly caching?: { readonly ttlMs: number; readonly cacheScope: 'public' | 'private' };
    readonly serverInfo?: Readonly<Record<string, unknown>>;
  } = {},
): Buffer {
  const { caching, serverInfo } = extras;
  if (caching === undefined && serverInfo !== undefined && isPlain(result)) {
    const head = Buffer.from(
      `{"resultType":"complete","_meta":{"${META.serverInfo}":${JSON.stringify(serverInfo)}}`,
    );
    const rest = result.subarray(1);
    // An empty object has nothing to be parted from by a comma.
    return Buffer.concat(rest.length > 1 ? [head, COMMA, rest] : [head, rest]);
  }
  const present = memberSpans(result, 0, result.length);
  const changes: Record<string, Buffer | null> = {};
  if (present?.has('resultType') !== true) changes.resultType = rawJson('complete');
  if (caching !== undefined) {
    if (present?.has('ttlMs') !== true) changes.ttlMs = rawJson(caching.ttlMs);
    if (present?.has('cacheScope') !== true) changes.cacheScope = rawJson(caching.cacheScope);
  }
  if (serverInfo !== undefined) {
    const meta = memberOf(result, 0, result.length, '_meta');
    const inside: MemberChanges = { [META.serverInfo]: rawJson(serverInfo) };
    changes._meta =
      meta === null ? setMembers(result, 0, 0, inside) : setMembers(meta, 0, meta.length, inside);
  }
  return setMembers(result, 0, result.length, changes);
}

/** What every result of a server says to modern clients, of itself and of the server; goes to the `plainPlace`. */
export function plainExtras(serverInfo: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(`"resultType":"complete","_meta":{"${META.serverInfo}":${JSON.stringify(serverInfo)}},`);
}

/**
 * Where in a legacy server's whole answer such extras go, when nothing of it has to be merged: its result is an object that
 * begins right after the id `[idStart, idEnd)` or at the front, and has no other spelling of the extras. -1 where it takes
 * more than that; then see `toModernResult`.
 */
export function plainPlace(bytes: Buffer, idEnd: number): number {
  const isLast = idEnd === bytes.length - 1;
  const head = isLast ? RESULT_FIRST : RESULT_NEXT;
  const from = isLast ? 0 : idEnd;
  const at = from + head.length;
  // An empty object has nothing to be parted from by a comma.
  if (bytes[at] !== 0x22 || bytes.compare(head, 0, head.length, from, at) !== 0) return -1;
  return isUnmarked(bytes) ? at : -1;
}

const RESULT_NEXT = Buffer.from(',"result":{');
const RESULT_FIRST = Buffer.from('{"result":{');

/** True for an object, without space at its beginning, that has none of the members that would have to be merged. */
function isPlain(result: Buffer): boolean {
  return result[0] === 0x7b && (result[1] === 0x22 || result[1] === 0x7d) && isUnmarked(result);
}

function isUnmarked(result: Buffer): boolean {
  return (
    !result.includes('_meta', 0, 'latin1') &&
    !result.includes('resultType', 0, 'latin1') &&
    // An escape could spell either.
    !result.includes('\\u00', 0, 'latin1')
  );
}

const COMMA = Buffer.from(',');

/** A modern server's result in legacy terms: without what those revisions do not know. */
export function toLegacyResult(result: Buffer): Buffer {
  return setMembers(result, 0, result.length, { resultType: null, ttlMs: null, cacheScope: null });
}

/** A legacy server's error object in modern terms: `-32002` must not be sent any more (overview section). */
export function toModernError(error: Buffer): Buffer {
  const code = memberOf(error, 0, error.length, 'code');
  return code?.toString('latin1') === '-32002'
    ? setMembers(error, 0, error.length, { code: Buffer.from('-32602') })
    : error;
}

/** What a server still needs, from a result of type `input_required` (multi round-trip requests section). */
export interface InputRequired {
  /** By the server's own keys. */
  readonly requests: ReadonlyMap<string, { readonly method: string; readonly params: Buffer | null }>;
  /** Raw JSON, to be given back byte by byte; null when there is none. */
  readonly state: Buffer | null;
}

/** Reads such a result from its raw JSON; null when it is of another type. */
export function readInputRequired(result: Buffer): InputRequired | null {
  if (result.indexOf('input_required', 0, 'latin1') === -1) return null;
  const members = memberSpans(result, 0, result.length);
  const type = members?.get('resultType');
  if (members === null || type === undefined) return null;
  if (valueAt(result, type.start, type.end) !== 'input_required') return null;
  const requests = new Map<string, { method: string; params: Buffer | null }>();
  const listed = members.get('inputRequests');
  const entries = listed === undefined ? null : memberSpans(result, listed.start, listed.end);
  for (const [key, span] of entries ?? []) {
    const request = memberSpans(result, span.start, span.end);
    const method = request?.get('method');
    if (method === undefined || result[method.start] !== 0x22) continue;
    const params = request?.get('params');
    requests.set(key, {
      method: stringAt(result, method.start, method.end),
      params: params === undefined ? null : result.subarray(params.start, params.end),
    });
  }
  const state = members.get('requestState');
  return { requests, state: state === undefined ? null : result.subarray(state.start, state.end) };
}

/** The same request again, with the answers to what the server needed. */
export function retryWith(
  bytes: Buffer,
  scan: MessageScan,
  responses: ReadonlyMap<string, Buffer>,
  state: Buffer | null,
): { bytes: Buffer; scan: MessageScan } {
  return withParams(bytes, scan, {
    inputResponses: setMembers(bytes, 0, 0, Object.fromEntries(responses)),
    requestState: state,
  });
}

/** A result of type `input_required` of our own. */
export function inputRequiredResult(
  requests: ReadonlyMap<string, { readonly method: string; readonly params: Buffer | null }>,
  state: string,
): Buffer {
  const empty = Buffer.alloc(0);
  // `fromEntries` also takes a key named `__proto__`.
  const entries = Object.fromEntries(
    [...requests].map(([key, { method, params }]) => [
      key,
      setMembers(empty, 0, 0, { method: rawJson(method), ...(params === null ? {} : { params }) }),
    ]),
  );
  return setMembers(empty, 0, 0, {
    resultType: rawJson('input_required'),
    inputRequests: setMembers(empty, 0, 0, entries),
    requestState: rawJson(state),
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
