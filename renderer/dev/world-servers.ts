/** The made-up servers of the worlds. Plain data. */
import type { ServerView } from '../../preload/contract.ts';
import type { SignInView } from '../../preload/views/sign-in.ts';
import { containments } from './containment.ts';

/** A server with usual values. */
export function server(name: string, part: Partial<ServerView> = {}): ServerView {
  return {
    name,
    transport: 'stdio',
    source: `server-${name} 2026.7.1`,
    runsIn: 'container',
    containment: containments[name] ?? null,
    enabled: true,
    state: 'ready',
    since: Date.now() - 2 * 3_600_000,
    problem: null,
    nextRetry: null,
    asleep: false,
    toolsOn: 7,
    toolsTotal: 9,
    toolsRevision: 1,
    waiting: 0,
    callsToday: 41,
    signIn: null,
    ...part,
  };
}

const failed = {
  state: 'failed',
  problem: {
    code: 'upstream.command_not_found',
    values: { command: 'npx' },
    message: 'The command “npx” was not found.',
    remedy: 'Install Node.js, or write the full path of the command in the configuration file.',
  },
  toolsOn: 0,
  since: Date.now() - 190_000,
} as const;

const signIn: SignInView = {
  state: 'signed-in',
  provider: 'auth.linear.app',
  scopes: ['issues:read', 'issues:write', 'offline_access'],
  expiresAt: Date.now() + 47 * 60_000,
  renews: true,
  problem: null,
};
const signInNeeded = {
  code: 'signin.needed',
  values: { server: 'sentry' },
  message: 'The server “sentry” wants you to sign in.',
  remedy: 'Sign in from its page in Gatehouse, or run: gatehouse auth login sentry',
};

/** Those of the design. */
export const nine: readonly ServerView[] = [
  server('quick-notes', { source: 'quick-notes-mcp 1.4.3', ...failed, toolsTotal: 6, callsToday: 9 }),
  server('playwright', {
    source: '@playwright/mcp 0.0.41',
    state: 'quarantined',
    toolsOn: 0,
    toolsTotal: 22,
    callsToday: 0,
  }),
  server('sentry', {
    transport: 'http',
    source: 'mcp.sentry.dev',
    runsIn: 'remote',
    state: 'signing-in',
    signIn: { ...signIn, state: 'needed', problem: signInNeeded },
    toolsOn: 0,
    toolsTotal: 19,
    callsToday: 12,
  }),
  server('context7', {
    transport: 'http',
    source: 'mcp.context7.com',
    runsIn: 'remote',
    toolsOn: 2,
    toolsTotal: 2,
    callsToday: 33,
  }),
  server('filesystem', { toolsOn: 14, toolsTotal: 14, callsToday: 96 }),
  server('github', {
    source: 'ghcr.io/github/github-mcp-server 0.21.0',
    toolsOn: 38,
    toolsTotal: 51,
    callsToday: 214,
  }),
  server('linear', {
    transport: 'http',
    source: 'mcp.linear.app',
    signIn,
    runsIn: 'remote',
    toolsOn: 23,
    toolsTotal: 23,
    callsToday: 58,
  }),
  server('memory', {
    runsIn: 'host',
    enabled: false,
    state: 'disabled',
    toolsOn: 0,
    toolsTotal: 9,
    callsToday: 0,
  }),
  server('postgres', { source: 'postgres-mcp 0.3.0' }),
];

/** Longer than anything has room for. */
export const long =
  'a-very-long-server-name-that-somebody-generated-without-thinking-about-anyone-who-reads-it';
/** Names and sources that nobody should be able to do harm with. */
export const hostile: readonly ServerView[] = [
  server(long, {
    source: `@an-organisation-with-a-long-name/${long} 2026.11.21-beta.1+build.4711`,
    callsToday: 1_234_567,
    toolsOn: 987,
    toolsTotal: 1024,
  }),
  server('<img src=x onerror=alert(1)>', { source: '<script>alert(1)</script>' }),
  server('txt\u202egpj.exe', { source: 'evil\u2066\u202e.dev/\u200b\u200b\u200bhidden' }),
  server('שרת הקבצים', { source: 'חבילה 1.0', runsIn: 'host' }),
  server('سرور ملفات', { source: 'حزمة ٢', state: 'retrying', nextRetry: Date.now() + 9000 }),
  server('👩‍👩‍👧‍👦 family', { source: 'emoji' }),
  server('z\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308algo', { source: 'combining' }),
  server('failing', {
    ...failed,
    problem: {
      code: 'upstream.exited',
      form: 'code_lines',
      values: {
        code: '1',
        lines: `Error: Cannot find module '/usr/lib/node_modules/${long}/dist/index.js' \u202ereversed ${'Nobreak'.repeat(40)}`,
      },
      message: `It ended at once: Error: Cannot find module '/usr/lib/node_modules/${long}/dist/index.js' \u202ereversed`,
      remedy: `Reinstall it.\n${'Nobreak'.repeat(40)}`,
    },
  }),
  server('wide', { source: 'W'.repeat(400) }),
];
