/**
 * The words of the shell: tray, notices, menus. One message per sentence, plurals by the language's own rules; a
 * translation (`words-de.ts` and so on) is another object of this shape.
 */
import type { ServerState } from '../../preload/contract.ts';

/** Everything the shell says. */
export interface ShellWords {
  readonly state: Readonly<Record<ServerState, string>>;
  readonly asleep: string;
  readonly status: {
    readonly starting: string;
    readonly paused: string;
    readonly closed: string;
    readonly failed: string;
    readonly noServers: string;
    running(ready: number): string;
    waiting(count: number): string;
  };
  tooltip(status: string): string;
  serverLine(name: string, state: string): string;
  attention(count: number): string;
  moreServers(count: number): string;
  callsWaiting(count: number): string;
  readonly callsWaitingHelp: string;
  clientsWait(count: number): string;
  newServer(name: string): string;
  changedServer(name: string, count: number): string;
  serversWait(count: number): string;
  readonly waitsHelp: string;
  /** What the scanner finds, by rule; empty in English, which the core speaks itself. `{name}` stands for a value. */
  readonly findings: Readonly<Record<string, string>>;
  /** What a client that has no name here calls itself. */
  calledSo(name: string): string;
  wantsToRun(client: string, tool: string): string;
  onServer(server: string): string;
  readonly review: string;
  readonly deny: string;
  readonly configBroken: string;
  readonly openConfig: string;
  readonly open: string;
  readonly tryAgain: string;
  readonly restart: string;
  readonly signIn: string;
  wantsSignIn(server: string): string;
  readonly wantsSignInHelp: string;
  /** `client` null says no name. */
  wantsToSignIn(client: string | null): string;
  wantsToSignInHelp(code: string): string;
  readonly connect: string;
  readonly copyForClaudeCode: string;
  readonly copyForJson: string;
  readonly copyAddress: string;
  readonly pauseAll: string;
  readonly copyEndpoint: string;
  readonly openApp: string;
  readonly quit: string;
}

/** Picks the form that the language has for a number; `#` is the number. */
export function pluralOf(locale: string): (count: number, one: string, other: string) => string {
  const rules = new Intl.PluralRules(locale);
  return (count, one, other) => (rules.select(count) === 'one' ? one : other).replace('#', String(count));
}

const plural = pluralOf('en');

/** English, the source language. */
export const englishWords: ShellWords = {
  state: {
    ready: 'Ready',
    starting: 'Starting',
    retrying: 'Reconnecting',
    'signing-in': 'Sign-in needed',
    quarantined: 'Needs approval',
    failed: 'Failed',
    stopped: 'Stopped',
    disabled: 'Off',
  },
  asleep: 'Asleep',
  status: {
    starting: 'Starting',
    paused: 'All servers are paused',
    closed: 'Not running',
    failed: 'The endpoint is not running',
    noServers: 'Running, no servers yet',
    running: (ready) => plural(ready, 'Running, # server is ready', 'Running, # servers are ready'),
    waiting: (count) => plural(count, 'Running, # thing waits for you', 'Running, # things wait for you'),
  },
  tooltip: (status) => `Gatehouse: ${status.charAt(0).toLowerCase()}${status.slice(1)}`,
  serverLine: (name, state) => `${name} · ${state}`,
  attention: (count) => `Needs attention (${count})`,
  moreServers: (count) => plural(count, '# more server', '# more servers'),
  callsWaiting: (count) => plural(count, '# call waits for you', '# calls wait for you'),
  callsWaitingHelp: 'Each waits until you decide.',
  clientsWait: (count) => plural(count, '# client wants to sign in', '# clients want to sign in'),
  newServer: (name) => `${name} is new`,
  changedServer: (name, count) =>
    `${name}: ${plural(count, '# thing waits for your approval', '# things wait for your approval')}`,
  serversWait: (count) =>
    plural(count, '# server waits for your approval', '# servers wait for your approval'),
  waitsHelp: 'No client sees it until you approve it.',
  findings: {},
  calledSo: (name) => `“${name}”`,
  wantsToRun: (client, tool) => `${client} wants to run ${tool}`,
  onServer: (server) => `On ${server}. It waits until you decide.`,
  review: 'Review',
  deny: 'Deny',
  configBroken: 'The configuration has a mistake',
  openConfig: 'Open configuration',
  open: 'Open',
  tryAgain: 'Try again',
  restart: 'Restart',
  signIn: 'Sign in',
  wantsSignIn: (server) => `${server} wants you to sign in`,
  wantsSignInHelp: 'Until then its tools do not answer.',
  wantsToSignIn: (client) => `${client ?? 'A program'} wants to sign in`,
  wantsToSignInHelp: (code) => `Decide in the window of Gatehouse. Code ${code}`,
  connect: 'Connect a client',
  copyForClaudeCode: 'Copy the command for Claude Code',
  copyForJson: 'Copy the JSON entry for other clients',
  copyAddress: 'Copy the address',
  pauseAll: 'Pause all',
  copyEndpoint: 'Copy endpoint',
  openApp: 'Open Gatehouse',
  quit: 'Quit Gatehouse',
};
