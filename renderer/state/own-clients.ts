/** Clients that sign in or have a token of their own, beside those whose settings files are known. Pure. */
import type { ClientScope, ClientTokenView } from '../../preload/views/client-tokens.ts';
import type { ClientView } from '../../preload/views/clients.ts';
import type { Sign } from './signs.ts';

/** Those that stand in no settings file that is known here, the one that came last first. */
export function ownClients(
  tokens: readonly ClientTokenView[],
  clients: readonly ClientView[],
): readonly ClientTokenView[] {
  const known = new Set(clients.map(({ id }) => id));
  const last = ({ lastSeen, createdAt }: ClientTokenView): number => lastSeen ?? createdAt;
  return tokens.filter(({ name }) => !known.has(name)).sort((a, b) => last(b) - last(a));
}

/** The sign-ins of it that are good now, the last first. */
export function goodSignIns(
  { signedIn }: ClientTokenView,
  now: number,
): readonly { readonly at: number; readonly until: number; readonly redirect: string }[] {
  return (signedIn?.signIns ?? []).filter(({ until }) => until > now);
}

/** How it stands. */
export function ownSign(client: ClientTokenView, now: number): Sign {
  if (client.revokedAt !== null) return { icon: 'circle-minus', word: 'own.revoked', tone: 'off' };
  if (client.expiresAt !== null && client.expiresAt <= now)
    return { icon: 'circle-minus', word: 'own.ended', tone: 'off' };
  if (client.signedIn === null) return { icon: 'key-round', word: 'own.has_token', tone: 'quiet' };
  return goodSignIns(client, now).length > 0
    ? { icon: 'circle-check', word: 'own.signed_in', tone: 'ok' }
    : { icon: 'circle-minus', word: 'own.signed_out', tone: 'quiet' };
}

/** Whether both say the same. */
export function sameScope(a: ClientScope, b: ClientScope): boolean {
  const servers = (scope: ClientScope): string =>
    scope.servers === null ? '*' : JSON.stringify([...scope.servers].sort());
  return (
    servers(a) === servers(b) &&
    a.profile === b.profile &&
    a.permission === b.permission &&
    a.expiresAt === b.expiresAt
  );
}
