/**
 * What a window knows and what it can do, in one place: the newest snapshot, what is on its way, the messages, the
 * screen. Made once by main.ts, handed down by context. `close()` stops listening.
 */
import type { Api, Problem, ServerView, Snapshot } from '../../preload/contract.ts';
import type { SnippetFormat } from '../../preload/views/clients.ts';
import type { Words } from '../i18n/words.ts';
import { type ClientActs, clientActs } from './client-acts.ts';
import { type IsolationActs, isolationActs } from './isolation-acts.ts';
import { createNow, type Now } from './now.svelte.ts';
import { createSwitches, noSwitches, type SwitchState } from './optimistic.ts';
import { parseRoute, type Route, routeHash, routeOf } from './route.ts';
import { type ServerActs, serverActs } from './server-acts.ts';
import { type SignInActs, signInActs } from './sign-in-acts.ts';
import { openSnapshots } from './snapshots.ts';
import { createTerminals, type OpenTerminal, type Terminals } from './terminals.ts';
import { createToasts, type Toast, type ToastAct } from './toasts.ts';
import type { WebSession } from './web-session.ts';

/** Everything that screens read. */
export interface App {
  readonly api: Api;
  readonly words: Words;
  readonly now: Now;
  /** Set when a browser shows it, and not the desktop. */
  readonly web: WebSession | null;
  /** Null until the core has answered once. */
  readonly snapshot: Snapshot | null;
  /** Why there is no snapshot. */
  readonly loadProblem: Problem | null;
  readonly route: Route;
  readonly toasts: readonly Toast[];
  /** Switches of servers, by name. */
  readonly switches: SwitchState;
  /** Where the list was left, to come back to it. */
  readonly list: ListPlace;
  /** Which line of Approvals was looked at last, or is to be shown next. */
  readonly approvals: { chosen: string | null };
  /** What a link from outside fills in on the page that adds a server; whoever takes it sets it to null. */
  readonly adding: { paste: string | null };
  readonly terminals: Terminals;
  /** The terminal of a server that was opened on this page. */
  terminal(server: string): OpenTerminal | null;
  readonly acts: Acts;
  /** True while the act of that name is underway; see `Acts`. */
  busy(act: string): boolean;
  close(): void;
}

/** What the list of servers remembers while another screen is shown. */
export interface ListPlace {
  query: string;
  row: string | null;
  scrolled: number;
}

/** Everything that screens do. None rejects; a failure becomes a message. */
export interface Acts extends SignInActs, IsolationActs, ServerActs, ClientActs {
  load(): Promise<void>;
  go(route: Route): void;
  /** Goes to Approvals, to the line of that id where it is there; see `state/approvals.ts`. */
  review(entry: string): void;
  setEnabled(server: ServerView, enabled: boolean): Promise<void>;
  /** Busy as `restart:{name}`. */
  restart(server: string): Promise<void>;
  /** Busy as `resume`. */
  resume(): Promise<void>;
  /** Busy as `config`. */
  openConfig(): Promise<void>;
  copySnippet(format: SnippetFormat): Promise<void>;
  /** @param act the one thing to do about it, such as taking it back */
  say(text: string, act?: ToastAct): void;
  /** Says what went wrong and what to do; `gone` is called when that has been seen. */
  tell(text: string, problem: Problem, gone?: () => void): void;
  dismiss(toast: number): void;
  holdToasts(held: boolean): void;
}

/** The parts of the browser that it needs. */
export interface AppWindow {
  readonly location: { hash: string };
  addEventListener(type: 'hashchange', listener: () => void): void;
  removeEventListener(type: 'hashchange', listener: () => void): void;
}

export function createApp(api: Api, words: Words, page: AppWindow, web: WebSession | null = null): App {
  let snapshot = $state.raw<Snapshot | null>(null);
  let loadProblem = $state.raw<Problem | null>(null);
  let route = $state.raw<Route>(parseRoute(page.location.hash));
  let toasts = $state.raw<readonly Toast[]>([]);
  let switchState = $state.raw<SwitchState>(noSwitches);
  let underway = $state.raw<ReadonlySet<string>>(new Set());

  let terminalsChanged = $state(0);
  const terminals = createTerminals(api, () => {
    terminalsChanged += 1;
  });
  const switches = createSwitches(
    (state) => {
      switchState = state;
    },
    (name) => snapshot?.servers.find((server) => server.name === name)?.enabled,
  );
  const messages = createToasts(
    (shown) => {
      toasts = shown;
    },
    (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  );
  const feed = openSnapshots(api, {
    changed(next) {
      snapshot = next;
      loadProblem = null;
      switches.heard();
    },
    failed(problem) {
      loadProblem = problem;
    },
  });
  const onHash = (): void => {
    route = parseRoute(page.location.hash);
  };
  const go = (to: Route): void => {
    page.location.hash = routeHash(to);
    route = to;
  };
  page.addEventListener('hashchange', onHash);
  const stopNavigate = api.on('navigate', (to) => {
    if (to.view === 'nowhere') return tellNowhere();
    adding.paste = to.paste ?? null;
    go(routeOf(to));
  });
  const tellNowhere = (): void => {
    messages.show({ tone: 'bad', text: words.t('link.unknown'), act: null });
  };

  const during = async (act: string, work: () => Promise<void>): Promise<void> => {
    if (underway.has(act)) {
      return;
    }
    underway = new Set([...underway, act]);
    try {
      await work();
    } finally {
      underway = new Set([...underway].filter((one) => one !== act));
    }
  };
  const tell: Acts['tell'] = (text, problem, gone) => {
    const { remedy, details } = words.said(problem);
    const whole = words.t('toast.problem', { message: text, remedy });
    messages.show({
      tone: 'bad',
      text: details === null ? whole : `${whole} ${words.t('problem.details')} ${details}`,
      act: null,
      gone,
    });
  };
  const say: Acts['say'] = (text, act) => messages.show({ tone: 'ok', text, act: act ?? null });

  const approvals: App['approvals'] = { chosen: null };
  let paste = $state.raw<string | null>(null);
  const adding: App['adding'] = {
    get paste() {
      return paste;
    },
    set paste(text) {
      paste = text;
    },
  };
  const acts: Acts = {
    go,
    review(entry) {
      approvals.chosen = entry;
      go({ view: 'approvals' });
    },
    say,
    tell,
    dismiss: messages.dismiss,
    holdToasts: messages.hold,
    load: () =>
      during('load', async () => {
        loadProblem = null;
        await feed.ask();
      }),
    async setEnabled({ name }, enabled) {
      const problem = await switches.set(name, enabled, () =>
        api.command('server.setEnabled', { server: name, enabled }),
      );
      if (problem !== null) {
        const key = enabled ? 'toast.switch_on_failed' : 'toast.switch_off_failed';
        tell(words.t(key, { name, message: words.said(problem).message }), problem, () =>
          switches.forget(name),
        );
      }
    },
    restart: (server) =>
      during(`restart:${server}`, async () => {
        const answer = await api.command('server.restart', { server });
        if (!answer.ok) {
          tell(
            words.t('toast.restart_failed', { name: server, message: words.said(answer.error).message }),
            answer.error,
          );
        }
      }),
    ...signInActs(api, words, during, tell, say),
    ...clientActs(api, words, during, { show: messages.show, tell }),
    ...isolationActs(api, words, during, { say, tell }),
    ...serverActs(api, words, during, { show: messages.show, tell }),
    resume: () =>
      during('resume', async () => {
        const answer = await api.command('gateway.setPaused', { paused: false });
        if (!answer.ok) {
          tell(words.t('toast.resume_failed', { message: words.said(answer.error).message }), answer.error);
        }
      }),
    openConfig: () =>
      during('config', async () => {
        const answer = await api.command('config.open', {});
        if (!answer.ok) {
          tell(words.said(answer.error).message, answer.error);
        }
      }),
    async copySnippet(format) {
      const answer = await api.command('client.copySnippet', { format });
      if (answer.ok) {
        say(words.t('act.copied'));
      } else {
        tell(words.t('connect.failed', { message: words.said(answer.error).message }), answer.error);
      }
    },
  };

  return {
    api,
    words,
    web,
    terminals,
    terminal: (server) => (terminalsChanged < 0 ? null : terminals.of(server)),
    acts,
    now: createNow(),
    list: { query: '', row: null, scrolled: 0 },
    approvals,
    adding,
    get snapshot() {
      return snapshot;
    },
    get loadProblem() {
      return loadProblem;
    },
    get route() {
      return route;
    },
    get toasts() {
      return toasts;
    },
    get switches() {
      return switchState;
    },
    busy: (act) => underway.has(act),
    close() {
      feed.close();
      terminals.close();
      stopNavigate();
      page.removeEventListener('hashchange', onHash);
      messages.close();
    },
  };
}
