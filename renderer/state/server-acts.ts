/** What screens do about whether a server is there at all. A failure becomes a message; nothing rejects. */
import type { Api, Problem } from '../../preload/contract.ts';
import type { Words } from '../i18n/words.ts';
import type { Toast } from './toasts.ts';

/** What there is to do. */
export interface ServerActs {
  /** Takes it out of the configuration, and offers to put it back. True when it is gone. Busy as `remove:{name}`. */
  remove(server: string): Promise<boolean>;
}

/** @param during runs work under a name, unless it is under way already */
export function serverActs(
  api: Api,
  words: Words,
  during: (act: string, work: () => Promise<void>) => Promise<void>,
  messages: { show(toast: Omit<Toast, 'id'>): void; tell(text: string, problem: Problem): void },
): ServerActs {
  const { t } = words;
  const restore = (name: string): Promise<void> =>
    during(`remove:${name}`, async () => {
      const answer = await api.command('server.restore', { server: name });
      if (!answer.ok) messages.tell(words.said(answer.error).message, answer.error);
    });
  return {
    async remove(name) {
      let gone = false;
      await during(`remove:${name}`, async () => {
        const answer = await api.command('server.remove', { server: name });
        gone = answer.ok;
        if (answer.ok) {
          const act = { label: t('act.undo'), run: () => void restore(name) };
          messages.show({ tone: 'ok', text: t('server.removed', { name }), act });
        } else {
          const { message } = answer.error;
          messages.tell(t('server.not_removed', { name, message }), answer.error);
        }
      });
      return gone;
    },
  };
}
