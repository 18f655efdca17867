/**
 * Who may speak to the endpoint at all: Host and Origin rules against DNS rebinding and foreign pages. Transports
 * section, "Security warning".
 */
import { isIP } from 'node:net';

/** What the endpoint is reached by. */
export interface HostRules {
  /** The address that was bound. */
  readonly host: string;
}

/** True for names and addresses that never leave this computer. */
export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost' || host === '[::1]' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

/** Splits `host:port`; null when it is no such thing. */
function hostName(header: string): string | null {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?$/.exec(header);
  return match?.[1]?.toLowerCase() ?? null;
}

/**
 * Why a request is refused, or null. A page of another site can send requests here, but it cannot make its browser
 * lie about Host and Origin: a rebound name shows in Host, a foreign page in Origin.
 */
export function refusal(
  rules: HostRules,
  host: string | undefined,
  origin: string | undefined,
): 'host' | 'origin' | null {
  const name = host === undefined ? null : hostName(host);
  if (name === null) return 'host';
  const known = isLoopbackHost(name) || name === rules.host.toLowerCase() || isAnyAddress(rules.host, name);
  if (!known) return 'host';
  if (origin === undefined) return null;
  return isOwnOrigin(origin, rules) ? null : 'origin';
}

/** Bound to every address, the endpoint is reached by any address of this machine, but not by any name. */
function isAnyAddress(bound: string, name: string): boolean {
  return (bound === '0.0.0.0' || bound === '::') && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

function isOwnOrigin(origin: string, rules: HostRules): boolean {
  let url: URL;
  try {
    url = new URL(origin);
  } catch {
    return false;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  return isLoopbackHost(url.hostname) || url.hostname === rules.host.toLowerCase();
}
