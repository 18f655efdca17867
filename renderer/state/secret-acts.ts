/** The stored secrets: their names and who uses them; storing, replacing and deleting one. Values only go in. */
import type { Api, Problem, Result } from '../../preload/contract.ts';
import type { SecretView } from '../../preload/views/secrets.ts';
import type { Words } from '../i18n/words.ts';

/** See above. */
export interface SecretList {
  readonly secrets: readonly SecretView[] | null;
  readonly problem: Problem | null;
}

/** The newest list, or why there is none. */
export async function listSecrets(api: Api): Promise<SecretList> {
  const answer = await api.command('secret.list', {});
  return answer.ok
    ? { secrets: [...answer.value].sort((a, b) => a.name.localeCompare(b.name)), problem: null }
    : { secrets: null, problem: answer.error };
}

/** Who uses it, as a sentence. */
export function usersOf({ t, locale }: Words, { servers, endpoint }: SecretView): string {
  const users = [...servers, ...(endpoint ? [t('settings.secrets.endpoint')] : [])];
  return users.length === 0
    ? t('settings.secrets.unused')
    : t('settings.secrets.used_by', { names: new Intl.ListFormat(locale).format(users) });
}

/** What would be lost with it; null when nobody uses it. */
export function lossOf({ t, locale }: Words, { servers, endpoint }: SecretView): string | null {
  if (servers.length > 0) {
    const names = new Intl.ListFormat(locale).format(servers);
    const breaks = t('settings.secrets.breaks', { count: servers.length, names });
    return endpoint ? `${breaks} ${t('settings.secrets.breaks_endpoint')}` : breaks;
  }
  return endpoint ? t('settings.secrets.breaks_endpoint') : null;
}

/** Whether a name can be one: as the store says it. */
export function isSecretName(name: string): boolean {
  return /^(?!-)[A-Za-z0-9_.@:/-]{1,128}$/.test(name) && name !== '__proto__';
}

/** Stores a value, under a new name or in place of an old value. */
export function storeSecret(
  api: Api,
  name: string,
  value: string,
  replace: boolean,
): Promise<Result<{ readonly restarted: readonly string[] }>> {
  return api.command('secret.set', { name, value, replace });
}
