/** What screens do about clients. A failure becomes a message; nothing rejects. */
import type { Api, Problem, Result } from '../../preload/contract.ts';
import type { ClientScope } from '../../preload/views/client-tokens.ts';
import type { ClientView } from '../../preload/views/clients.ts';
import type { Words } from '../i18n/words.ts';
import type { Toast } from './toasts.ts';

/** Who is meant. */
type Client = Pick<ClientView, 'id' | 'label'>;

/** What there is to do. */
export interface ClientActs {
  /** Says what a change did, with a way to take it back. */
  tellChange(client: Client, action: 'connect' | 'disconnect'): void;
  /** Busy as `undo:{id}`. */
  undoClient(client: Client): Promise<void>;
  /** Null goes back to the usual place; true when it was taken. Busy as `choose:{id}`. */
  chooseFile(client: Client, file: string | null): Promise<boolean>;
  /** Null when the user gave up, or it cannot be done here. Busy as `pick:{id}`. */
  pickFile(client: Client): Promise<string | null>;
  openClientFile(client: Client): Promise<void>;
  openClientLink(client: Client): Promise<void>;
  /** Makes the bundle and hands it to the client. Busy as `bundle:{id}`. */
  openBundle(client: Client): Promise<void>;
  /** The token, to be shown once; null when there is none. Busy as `token:{id}`. */
  newToken(client: Client, isFirst: boolean): Promise<string | null>;
  /** Busy as `revoke:{id}`. */
  revokeToken(client: Client): Promise<void>;
  /** What it may use from now on. Busy as `access:{id}`. */
  changeAccess(client: Client, scope: ClientScope): Promise<void>;
  /** Ends what it has and takes it out of the list. Busy as `forget:{id}`. */
  forgetClient(client: Client): Promise<void>;
}

/** @param during runs work under a name, unless it is under way already */
export function clientActs(
  api: Api,
  words: Words,
  during: (act: string, work: () => Promise<void>) => Promise<void>,
  messages: { show(toast: Omit<Toast, 'id'>): void; tell(text: string, problem: Problem): void },
): ClientActs {
  const { t } = words;
  const say = (text: string): void => messages.show({ tone: 'ok', text, act: null });
  /** The value; null, with a message, when there is none. */
  const value = async <T>(asked: Promise<Result<T>>): Promise<T | null> => {
    const answer = await asked;
    if (answer.ok) return answer.value;
    messages.tell(words.said(answer.error).message, answer.error);
    return null;
  };
  const undoClient: ClientActs['undoClient'] = ({ id }) =>
    during(`undo:${id}`, async () => {
      const answer = await api.command('clients.undo', { client: id });
      if (answer.ok) {
        const { file, exact } = answer.value;
        say(t(exact ? 'client.undone' : 'client.undone_partly', { file }));
      } else {
        const { message } = answer.error;
        messages.tell(t('client.not_undone', { message }), answer.error);
      }
    });
  return {
    undoClient,
    tellChange(client, action) {
      const key = action === 'connect' ? 'client.was_connected' : 'client.was_disconnected';
      messages.show({
        tone: 'ok',
        text: t(key, { name: client.label }),
        act: { label: t('client.take_back'), run: () => void undoClient(client) },
      });
    },
    async chooseFile({ id, label }, file) {
      let taken = false;
      await during(`choose:${id}`, async () => {
        const answer = await api.command('clients.chooseFile', { client: id, file });
        taken = answer.ok;
        if (answer.ok) say(t(file === null ? 'client.file_usual' : 'client.file_chosen', { name: label }));
        else messages.tell(words.said(answer.error).message, answer.error);
      });
      return taken;
    },
    async pickFile({ id }) {
      let file: string | null = null;
      await during(`pick:${id}`, async () => {
        file = await value(api.command('client.pickFile', { client: id }));
      });
      return file;
    },
    async openClientFile({ id }) {
      await value(api.command('client.openFile', { client: id }));
    },
    openBundle: ({ id, label }) =>
      during(`bundle:${id}`, async () => {
        const made = await value(api.command('client.openBundle', { client: id }));
        if (made !== null) say(t('client.bundle_made', { name: label, file: made.file }));
      }),
    async openClientLink({ id }) {
      await value(api.command('client.openLink', { client: id }));
    },
    async newToken({ id }, isFirst) {
      let token: string | null = null;
      await during(`token:${id}`, async () => {
        const everything = {
          servers: null,
          profile: null,
          permission: 'destructive',
          expiresAt: null,
        } as const;
        const made = isFirst
          ? api.command('clientToken.create', { client: id, ...everything })
          : api.command('clientToken.rotate', { client: id });
        token = (await value(made))?.token ?? null;
      });
      return token;
    },
    revokeToken: ({ id, label }) =>
      during(`revoke:${id}`, async () => {
        const answer = await api.command('clientToken.revoke', { client: id });
        if (answer.ok) say(t('client.revoked', { name: label }));
        else messages.tell(words.said(answer.error).message, answer.error);
      }),
    changeAccess: ({ id, label }, scope) =>
      during(`access:${id}`, async () => {
        const answer = await api.command('clientToken.change', { client: id, ...scope });
        if (answer.ok) say(t('access.saved', { name: label }));
        else messages.tell(words.said(answer.error).message, answer.error);
      }),
    forgetClient: ({ id, label }) =>
      during(`forget:${id}`, async () => {
        const answer = await api.command('clientToken.remove', { client: id });
        if (answer.ok) say(t('own.forgotten', { name: label }));
        else messages.tell(words.said(answer.error).message, answer.error);
      }),
  };
}
