/**
 * Who may speak to the endpoint at all: Host and Origin rules against DNS rebinding and foreign pages. Transports
 * section, "Security warning".
 */
import { isIP } from 'node:net';

/** What the endpoint is reached by. */
export interface HostRules {
  /** The address that was bound. */
  readonly host: string;
  /**
   * Names in small letters that the owner has told of: `mcp.example.com`, `.example.com` for all below it, with `:port`
   * only at that port. None when missing.
   */
  trusted?(): readonly string[];
}

/** True for names and addresses that never leave this computer. */
export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost' || host === '[::1]' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

/** A Host header taken apart. */
interface HostAndPort {
  readonly name: string;
  readonly port: string | null;
}

/** Splits `host:port`; null when it is no such thing. */
function hostAndPort(header: string): HostAndPort | null {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(header);
  const name = match?.[1]?.toLowerCase();
  return name === undefined ? null : { name, port: match?.[2] ?? null };
}

function isTrusted(rules: HostRules, { name, port }: HostAndPort): boolean {
  return (rules.trusted?.() ?? []).some((pattern) => {
    const colon = pattern.startsWith('[') ? pattern.indexOf(':', pattern.indexOf(']')) : pattern.indexOf(':');
    const wanted = colon < 0 ? pattern : pattern.slice(0, colon);
    if (colon >= 0 && pattern.slice(colon + 1) !== port) return false;
    return wanted.startsWith('.') ? name.endsWith(wanted) && name !== wanted : name === wanted;
  });
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
  const shown = host === undefined ? null : hostAndPort(host);
  if (shown === null) return 'host';
  const { name } = shown;
  const known =
    isLoopbackHost(name) ||
    name === rules.host.toLowerCase() ||
    isAnyAddress(rules.host, name) ||
    isTrusted(rules, shown);
  if (!known) return 'host';
  if (origin === undefined) return null;
  return isOwnOrigin(origin, rules) ? null : 'origin';
}

/** Why a request with this Host and Origin is refused, or null. */
export type Guard = (host: string | undefined, origin: string | undefined) => 'host' | 'origin' | null;

/**
 * The same, for one endpoint after another request of it: the name by which it was reached last is not taken apart again.
 */
export function createGuard(rules: HostRules): Guard {
  let host: string | undefined;
  let trusted: readonly string[] | undefined;
  return (shown, origin) => {
    const names = rules.trusted?.();
    if (origin === undefined && shown !== undefined && shown === host && names === trusted) return null;
    const refused = refusal(rules, shown, origin);
    if (refused === null) {
      host = shown;
      trusted = names;
    }
    return refused;
  };
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
  return (
    isLoopbackHost(url.hostname) ||
    url.hostname === rules.host.toLowerCase() ||
    isTrusted(rules, { name: url.hostname, port: url.port === '' ? defaultPort(url.protocol) : url.port })
  );
}

function defaultPort(protocol: string): string {
  return protocol === 'https:' ? '443' : '80';
}
