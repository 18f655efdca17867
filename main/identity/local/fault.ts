/** Errors as OAuth has them (RFC 6749 sections 4.1.2.1 and 5.2, RFC 7591, RFC 8707), and answers in JSON. Pure. */
import type { WebAnswer } from './ports.ts';

export type FaultCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'invalid_target'
  | 'invalid_redirect_uri'
  | 'invalid_client_metadata'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'access_denied'
  | 'temporarily_unavailable'
  | 'server_error';

/** A refusal that goes to a client. `description` is plain ASCII without quotes. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: FaultCode,
    description: string,
    status = 400,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(description);
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

const JSON_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
  'X-Content-Type-Options': 'nosniff',
};

/** An answer that nobody may keep. */
export function json(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): WebAnswer {
  return { status, headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify(body) };
}

/** A fault as the client reads it (RFC 6749 section 5.2). */
export function faultAnswer(fault: Fault): WebAnswer {
  return json(fault.status, { error: fault.code, error_description: fault.message }, fault.headers);
}

/** The parameters of a query or a form. None may come twice (RFC 6749 section 3.1), and an empty one is none. */
export function paramsOf(text: string): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (params.has(name)) throw new Fault('invalid_request', 'A parameter comes twice.');
    if (value !== '') params.set(name, value);
  }
  return params;
}
