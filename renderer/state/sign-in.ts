/** What a sign-in has granted and until when, in words. Pure. */
import type { Problem } from '../../preload/contract.ts';
import type { SignInView } from '../../preload/views/sign-in.ts';
import type { Words } from '../i18n/words.ts';

/** True when nothing went wrong but that somebody has to sign in: the button says all there is to do. */
export function isPlainNeed(problem: Pick<Problem, 'code'> | null): boolean {
  return (
    problem === null || ['signin.needed', 'signin.more_scopes', 'signin.cancelled'].includes(problem.code)
  );
}

/** The permissions (null for none) and the end. */
export function grantWords(
  words: Words,
  { scopes, expiresAt, renews }: Pick<SignInView, 'scopes' | 'expiresAt' | 'renews'>,
  now: number,
): { readonly scopes: string | null; readonly until: string } {
  const { t } = words;
  const granted =
    scopes.length === 0 ? null : t('sign_in.scopes', { count: scopes.length, scopes: scopes.join(', ') });
  if (expiresAt === null) return { scopes: granted, until: t('sign_in.lasts') };
  const sameDay = new Date(expiresAt).toDateString() === new Date(now).toDateString();
  const time = sameDay ? words.time(expiresAt) : `${words.date(expiresAt, now)}, ${words.time(expiresAt)}`;
  if (renews) return { scopes: granted, until: t('sign_in.renews', { time }) };
  return { scopes: granted, until: expiresAt <= now ? t('sign_in.ended') : t('sign_in.until', { time }) };
}
