/** The authorization server of the endpoint, as the gateway needs it. Types only. */
import type { IncomingHttpHeaders } from 'node:http';

/** One request of sign-in. */
export interface SignInRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Ends when nobody waits for the answer any more. */
  readonly gone: AbortSignal;
}

/** The authorization server of this endpoint. */
export interface SignInPort {
  has(target: string): boolean;
  /** Never rejects. */
  answer(request: SignInRequest): Promise<{
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }>;
  /** Where a client learns how to sign in for this path; null where that is not offered. */
  metadataAddress(host: string, path: string): string | null;
}
