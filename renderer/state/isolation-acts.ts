/** What screens do about a server's containment. A failure becomes a message; nothing rejects. */
import type { Api, Problem } from '../../preload/contract.ts';
import type { Words } from '../i18n/words.ts';

/** What there is to do. */
export interface IsolationActs {
  /** Holds it to what it may reach already and to these hosts. Busy as `allow:{name}`. */
  allowHosts(server: string, hosts: readonly string[]): Promise<void>;
}

/** @param during runs work under a name, unless it is under way already */
export function isolationActs(
  api: Api,
  words: Words,
  during: (act: string, work: () => Promise<void>) => Promise<void>,
  messages: { say(text: string): void; tell(text: string, problem: Problem): void },
): IsolationActs {
  return {
    allowHosts: (server, hosts) =>
      during(`allow:${server}`, async () => {
        const answer = await api.command('server.allowHosts', { server, hosts });
        if (answer.ok) messages.say(words.t('isolation.allowed', { name: server, count: hosts.length }));
        else {
          const { message } = answer.error;
          messages.tell(words.t('isolation.not_allowed', { name: server, message }), answer.error);
        }
      }),
  };
}
