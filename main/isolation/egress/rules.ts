/**
 * Which hosts a contained server may reach: the rules of an allow-list and how they match. Pure; runs in the gateway and
 * inside the egress proxy.
 */
import { GatehouseError } from '../../protocol/error.ts';

/** One entry of an allow-list. */
export interface HostRule {
  /** Lower case, without a trailing dot; `*.example.com` means every name below it. */
  readonly host: string;
  /** null means the two of the web, 443 and 80. */
  readonly port: number | null;
}

/**
 * Reads `host`, `host:port`, `*.domain`, an IPv4 address, or an address of the web such as `https://host/path`.
 *
 * @throws GatehouseError `isolation.bad_host`
 */
export function readRule(written: string): HostRule {
  const url = /^(https?):\/\/([^/?#@]+)/i.exec(written.trim());
  const place = url?.[2] ?? written.trim();
  const match = /^((?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?)\.?(?::(\d{1,5}))?$/i.exec(place);
  const port =
    match?.[2] === undefined
      ? url === null
        ? null
        : url[1]?.toLowerCase() === 'http'
          ? 80
          : 443
      : Number(match[2]);
  if (match?.[1] === undefined || (port !== null && (port < 1 || port > 65_535)) || match[1].length > 253) {
    throw new GatehouseError({
      code: 'isolation.bad_host',
      message: '"{host}" in "allow" is not the name of a host.',
      remedy: 'Write for example api.example.com, *.example.com or db.example.com:5432.',
      values: { host: written.slice(0, 80) },
    });
  }
  return { host: match[1].toLowerCase(), port };
}

/** `host` or `host:port`, as people write it. */
export function ruleText({ host, port }: HostRule): string {
  return port === null ? host : `${host}:${port}`;
}

/** Lower case and without the dot at the end that names of the DNS may have. */
export function hostName(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

/** Whether some rule permits this host at this port; a port of null asks for the name alone. */
export function permits(rules: readonly HostRule[], host: string, port: number | null): boolean {
  const name = hostName(host);
  return rules.some((rule) => {
    const named = rule.host.startsWith('*.')
      ? name.endsWith(rule.host.slice(1)) && name.length > rule.host.length - 1
      : name === rule.host;
    if (!named || port === null) return named;
    return rule.port === null ? port === 443 || port === 80 : port === rule.port;
  });
}
