/** What screens say of a server's containment. Pure. */
import type { ContainmentDetail, ContainmentView, ReachedHostView } from '../../preload/views/isolation.ts';
import type { Words } from '../i18n/words.ts';

/** Its network in one line. */
export interface NetworkFact {
  readonly value: string;
  readonly more: string | null;
  /** Nothing holds it back: shown in red. */
  readonly open: boolean;
  /** The value is names of hosts. */
  readonly code: boolean;
}

/** Null when nothing is known of it. */
export function networkFact(
  words: Words,
  detail: Pick<ContainmentDetail, 'network' | 'networkSaid' | 'networkKind' | 'allowed'>,
): NetworkFact | null {
  const { t } = words;
  const plain = { more: null, open: false, code: false };
  switch (detail.networkKind) {
    case null:
      return null;
    case 'none':
      return { ...plain, value: t('isolation.network_none'), more: t('isolation.network_none_help') };
    case 'allowlist':
      return detail.allowed.length === 0
        ? { ...plain, value: t('isolation.network_none'), more: t('isolation.network_none_help') }
        : { ...plain, value: detail.allowed.join(', '), more: t('isolation.network_only'), code: true };
    case 'learn':
      return { ...plain, value: t('isolation.network_learn'), more: t('isolation.network_learn_help') };
    case 'bridge':
      return { ...plain, value: t('isolation.network_all'), more: t('isolation.network_all_help') };
    case 'named':
      return { ...plain, value: words.core(detail.network, detail.networkSaid), open: true };
  }
}

/** How a server is kept, in one line. */
export function containmentLine(
  words: Words,
  { line, lineParts }: Pick<ContainmentView, 'line' | 'lineParts'>,
): string {
  return lineParts === undefined
    ? line
    : lineParts.map(({ text, said }) => words.core(text, said)).join(', ');
}

/** What weakens how it is kept, a sentence each. */
export function weakenedLines(
  words: Words,
  { weakened, weakenedSaid }: Pick<ContainmentView, 'weakened' | 'weakenedSaid'>,
): readonly string[] {
  return weakened.map((text, index) => words.core(text, weakenedSaid?.[index]));
}

/** `host`, or `host:port` where the port is none of the web's. An entry of an allow-list reads the same. */
export function hostText({ host, port }: Pick<ReachedHostView, 'host' | 'port'>): string {
  return port === null || port === 443 || port === 80 ? host : `${host}:${port}`;
}
