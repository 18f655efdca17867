/**
 * The terminals that this page has open, by server. What is typed goes out in order, one message at a time; what comes is
 * asked for until the end, also while another screen is shown. `close()` ends all of them.
 */
import type { Api, Problem } from '../../preload/contract.ts';
import type { TerminalOutput, TerminalPlace } from '../../preload/views/terminal.ts';

/** Most that is sent at once, in characters. */
const PIECE = 16_384;
/** Milliseconds in which what is typed is gathered after something was sent: more keys than that nobody presses. */
const GATHER_MS = 20;

/** What shows a terminal. */
export interface TerminalScreen {
  readonly columns: number;
  readonly rows: number;
  /** Settles when it has been drawn: more is asked for only then. */
  write(text: string): Promise<void>;
  onTyped(listener: (text: string) => void): void;
  onResized(listener: (columns: number, rows: number) => void): void;
  /** Shows it there; it is drawn anew in its new place. */
  attach(place: HTMLElement): void;
  detach(): void;
  focus(): void;
  /** Whether what it shows is also there for screen readers. */
  readAloud(on: boolean): void;
  close(): void;
}

/** One of them. */
export interface OpenTerminal {
  readonly server: string;
  readonly place: TerminalPlace;
  readonly screen: TerminalScreen;
  /** Null while it runs. */
  readonly ended: TerminalOutput['ended'];
  /** What went wrong on the way. */
  readonly problem: Problem | null;
}

/** All of them. */
export interface Terminals {
  of(server: string): OpenTerminal | null;
  /** Opens one, in place of one that has ended. Gives why it could not be. */
  open(server: string, place: TerminalPlace, screen: TerminalScreen): Promise<Problem | null>;
  /** Ends it; its page keeps what it has shown until the next is opened. */
  end(server: string): Promise<void>;
  close(): void;
}

/** @param changed called when `of` may say something else */
export function createTerminals(api: Pick<Api, 'command'>, changed: () => void): Terminals {
  const all = new Map<string, OpenTerminal>();
  const ids = new Map<string, string>();
  let closed = false;

  const set = (server: string, part: Partial<OpenTerminal>): void => {
    const before = all.get(server);
    if (before === undefined) return;
    all.set(server, { ...before, ...part });
    changed();
  };
  const isHere = (server: string, id: string): boolean => !closed && ids.get(server) === id;

  const follow = async (server: string, id: string, screen: TerminalScreen): Promise<void> => {
    for (let from = 0; isHere(server, id); ) {
      const answer = await api.command('terminal.output', { terminal: id, from });
      if (!isHere(server, id)) return;
      if (!answer.ok) {
        set(server, { problem: answer.error, ended: { how: 'left', code: null } });
        return;
      }
      await screen.write(answer.value.text);
      from = answer.value.next;
      if (answer.value.ended !== null) {
        set(server, { ended: answer.value.ended });
        return;
      }
    }
  };
  /** In order, since two requests may pass one another on the way. */
  const sender = (server: string, id: string): ((text: string) => void) => {
    let waiting = '';
    let sending = false;
    const send = async (): Promise<void> => {
      sending = true;
      while (waiting !== '' && isHere(server, id) && all.get(server)?.ended === null) {
        const text = waiting.slice(0, PIECE);
        waiting = waiting.slice(text.length);
        const answer = await api.command('terminal.input', { terminal: id, text });
        if (!answer.ok) waiting = '';
        const problem = answer.ok ? null : answer.error;
        if (problem !== (all.get(server)?.problem ?? null)) set(server, { problem });
        // The first key went at once; those that follow quickly go together, so that typing is no flood of commands.
        await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      }
      sending = false;
    };
    return (text) => {
      waiting += text;
      if (!sending) void send();
    };
  };
  return {
    of: (server) => all.get(server) ?? null,
    async open(server, place, screen) {
      const { columns, rows } = screen;
      const answer = await api.command('terminal.open', { server, place, columns, rows });
      if (!answer.ok) {
        screen.close();
        return answer.error;
      }
      const id = answer.value.terminal;
      all.get(server)?.screen.close();
      ids.set(server, id);
      all.set(server, { server, place, screen, ended: null, problem: null });
      changed();
      screen.onTyped(sender(server, id));
      screen.onResized((wide, high) => {
        if (isHere(server, id)) {
          void api.command('terminal.resize', { terminal: id, columns: wide, rows: high });
        }
      });
      void follow(server, id, screen);
      return null;
    },
    async end(server) {
      const id = ids.get(server);
      if (id !== undefined) await api.command('terminal.close', { terminal: id });
    },
    close() {
      closed = true;
      for (const { screen } of all.values()) screen.close();
      all.clear();
    },
  };
}
