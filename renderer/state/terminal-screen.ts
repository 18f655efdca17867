/**
 * A terminal's screen, drawn by xterm.js. What a shell writes may color and place text, and nothing else: titles, links,
 * the clipboard, colors of the page and notices are out of its reach. Loaded when the first terminal is opened. `close()`
 * takes it out of the page.
 */
import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import { copyText } from '../ui/copy.ts';
import { styleThroughObjects } from './own-styles.ts';
import type { TerminalScreen } from './terminals.ts';

/** Lines that can be scrolled back to. */
const LINES = 5_000;

/**
 * Commands to the terminal itself that a program in it may not give: titles (0, 1, 2), colors of the page (4, 5, 10 to 19,
 * 104 to 119), its folder (7), links (8), notices (9, 99, 777), the clipboard (52), marks and files of other terminals.
 */
const FORBIDDEN = [
  ...[0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 46, 50, 51, 52, 66, 99],
  ...[104, 105, 106, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 133, 633, 697, 777, 1337],
] as const;

/** Words that only a screen reader says. */
export interface ScreenWords {
  readonly input: string;
  readonly tooMuch: string;
}

/** Makes one; it is not shown anywhere yet. */
export function openScreen(words: ScreenWords): TerminalScreen {
  Terminal.strings.promptLabel = words.input;
  Terminal.strings.tooMuchOutput = words.tooMuch;
  styleThroughObjects(document);
  const host = document.createElement('div');
  host.className = 'terminal-host';
  const terminal = new Terminal({
    ...{ allowProposedApi: false, scrollback: LINES, convertEol: false },
    ...{
      cursorBlink: false,
      cursorStyle: 'block',
      minimumContrastRatio: 4.5,
      drawBoldTextInBrightColors: false,
    },
    ...{ fontSize: 13, lineHeight: 1.2, theme: themeOf(), linkHandler: null, windowOptions: {} },
    fontFamily: tokenOf('--font-code'),
  });
  for (const id of FORBIDDEN) terminal.parser.registerOscHandler(id, () => true);
  // What is asked about settings (DECRQSS) is answered with the question in it, as if it had been typed into the shell.
  terminal.parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true);
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.attachCustomKeyEventHandler((event) => keyIsForShell(event, terminal));

  const recolor = (): void => {
    terminal.options.theme = themeOf();
  };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', recolor);
  const themed = new MutationObserver(recolor);
  themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const refit = (): void => {
    // A panel that is not shown has no size.
    if (host.clientWidth > 0 && host.clientHeight > 0) fit.fit();
  };
  const sized = new ResizeObserver(refit);
  sized.observe(host);
  let opened = false;
  return {
    get columns() {
      return terminal.cols;
    },
    get rows() {
      return terminal.rows;
    },
    write: (text) => new Promise((resolve) => terminal.write(text, resolve)),
    onTyped: (listener) => void terminal.onData(listener),
    onResized: (listener) => void terminal.onResize(({ cols, rows }) => listener(cols, rows)),
    attach(place) {
      place.append(host);
      if (!opened) {
        opened = true;
        terminal.open(host);
      }
      refit();
      terminal.refresh(0, terminal.rows - 1);
    },
    detach: () => host.remove(),
    focus: () => terminal.focus(),
    readAloud(on) {
      terminal.options.screenReaderMode = on;
    },
    close() {
      dark.removeEventListener('change', recolor);
      themed.disconnect();
      sized.disconnect();
      terminal.dispose();
      host.remove();
    },
  };
}

/** F6 leaves the terminal, as it leaves every other part of the window; copying and pasting have the keys of terminals. */
function keyIsForShell(event: KeyboardEvent, terminal: Terminal): boolean {
  if (event.key === 'F6') return false;
  const copies = event.ctrlKey && event.shiftKey && event.code === 'KeyC';
  if (copies || (event.metaKey && event.code === 'KeyC')) {
    if (event.type === 'keydown' && terminal.hasSelection()) {
      event.preventDefault();
      copyText(terminal.getSelection());
    }
    return false;
  }
  return !(event.ctrlKey && event.shiftKey && event.code === 'KeyV') && !event.metaKey;
}

function tokenOf(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}

/** The colors of the house, in the theme of now. */
function themeOf(): ITheme {
  const red = tokenOf('--bad');
  const green = tokenOf('--ok');
  const yellow = tokenOf('--warn');
  const blue = tokenOf('--accent-text');
  const magenta = tokenOf('--terminal-magenta');
  const cyan = tokenOf('--terminal-cyan');
  const [text, quiet] = [tokenOf('--text'), tokenOf('--text-2')];
  return {
    ...{ background: tokenOf('--sunken'), foreground: text, cursor: text, cursorAccent: tokenOf('--sunken') },
    ...{ selectionBackground: tokenOf('--selected'), selectionInactiveBackground: tokenOf('--pressed') },
    ...{ black: text, red, green, yellow, blue, magenta, cyan, white: quiet },
    ...{ brightBlack: tokenOf('--text-3'), brightRed: red, brightGreen: green, brightYellow: yellow },
    ...{ brightBlue: blue, brightMagenta: magenta, brightCyan: cyan, brightWhite: text },
    ...{
      scrollbarSliderBackground: tokenOf('--control'),
      scrollbarSliderHoverBackground: tokenOf('--line-strong'),
    },
    scrollbarSliderActiveBackground: tokenOf('--line-strong'),
  };
}
