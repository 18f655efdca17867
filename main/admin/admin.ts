/**
 * The web admin: the screens of the desktop over HTTP, for a computer without a screen. It has a listener of its own, so
 * that it is another origin than the endpoint, a proxy can open one without the other, and nothing that an MCP client may
 * send ever reaches it. `close` ends all sessions and streams.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type CoreCommandName,
  commandNames,
  type DesktopCommandName,
  type Problem,
} from '../../preload/contract.ts';
import { openCommandRate } from '../protocol/command-rate.ts';
import { problemOf } from '../protocol/error.ts';
import { type Outcome, openAccess } from './access.ts';
import { isOurPage } from './asking.ts';
import { readJson } from './body.ts';
import { openEventStreams } from './events.ts';
import type { AdminPorts } from './ports.ts';
import { type AdminRefusal, REFUSALS, sendAdminRefusal, sendData } from './refusals.ts';
import { commandAsked, passwordAsked, setupAsked, signInAsked } from './requests.ts';
import { serveScreen } from './screens.ts';
import type { Session } from './sessions.ts';

/** Longest address. Bytes. */
const MAX_URL = 2 * 1024;
/** A request to sign in or so; a command with what was pasted. Bytes. */
const MAX_SMALL = 8 * 1024;
const MAX_COMMAND = 1024 * 1024;

/** The open web admin. */
export interface Admin {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** The code for the first password; null when there is one. */
  setupCode(): Promise<string | null>;
  /** Idempotent. */
  close(): void;
}

/** One place of the API: what it does, and whether only for who is signed in. */
interface Place {
  readonly method: 'GET' | 'POST';
  /** Longest body in bytes. */
  readonly bytes?: number;
  readonly open?: true;
  run(asked: Asked): Promise<void>;
}

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Null only at open places. */
  readonly session: Session | null;
  readonly body: unknown;
}

export function openAdmin(ports: AdminPorts): Admin {
  const { core, clock, log } = ports;
  const access = openAccess(ports);
  const streams = openEventStreams(core, clock, () => void access.sweep());
  const mayCommand = openCommandRate(clock);

  const answer = (response: ServerResponse, outcome: Outcome): void => {
    if (outcome.kind === 'refused') return sendAdminRefusal(response, outcome.refusal);
    sendData(response, 200, { ok: true, value: { key: outcome.key } }, { 'Set-Cookie': outcome.cookies });
  };
  const places: Readonly<Record<string, Place>> = {
    standing: {
      method: 'GET',
      open: true,
      run: async ({ request, response }) =>
        sendData(response, 200, { ok: true, value: await access.standing(request) }),
    },
    'set-up': {
      method: 'POST',
      open: true,
      async run({ request, response, body }) {
        const asked = setupAsked(body);
        if (asked === null) return sendAdminRefusal(response, REFUSALS.unreadable);
        answer(response, await access.setUp(request, asked.code, asked.password));
      },
    },
    'sign-in': {
      method: 'POST',
      open: true,
      async run({ request, response, body }) {
        const asked = signInAsked(body);
        if (asked === null) return sendAdminRefusal(response, REFUSALS.unreadable);
        answer(response, await access.signIn(request, asked.password));
      },
    },
    'sign-out': {
      method: 'POST',
      run: async ({ request, response, session }) => {
        if (session !== null) answer(response, access.signOut(request, session));
      },
    },
    password: {
      method: 'POST',
      async run({ request, response, body }) {
        const asked = passwordAsked(body);
        if (asked === null) return sendAdminRefusal(response, REFUSALS.unreadable);
        answer(response, await access.changePassword(request, asked.current, asked.next));
      },
    },
    command: {
      method: 'POST',
      bytes: MAX_COMMAND,
      async run({ response, session, body }) {
        const asked = commandAsked(body);
        if (asked === null) return sendAdminRefusal(response, REFUSALS.unreadable);
        if (!mayCommand(asked.name)) return sendAdminRefusal(response, REFUSALS.tooManyCommands);
        const within = session?.signal ?? null;
        const result = await core.execute(asked.name as CoreCommandName, asked.args, 'web', within);
        const known = (commandNames as readonly string[]).includes(asked.name);
        const error =
          result.ok || result.error.code !== 'command.unknown' || !known ? null : elsewhere(asked.name);
        sendData(response, 200, error === null ? result : { ok: false, error });
      },
    },
    events: {
      method: 'GET',
      run: async ({ response, session }) => {
        if (session !== null) streams.attach(response, session);
      },
    },
  };
  /** Commands that only a desktop can carry out. */
  const elsewhere = (name: string): Problem => ({
    code: 'desktop.unavailable',
    ...(name === 'config.open'
      ? { form: 'config', values: { file: core.snapshot().config.file } }
      : name === 'client.copySnippet'
        ? { form: 'connect' }
        : {}),
    message: 'This needs the desktop app; the web admin cannot do it.',
    remedy: (ADVICE[name as DesktopCommandName] ?? ADVICE.default)(core.snapshot().config.file),
  });
  const api = async (request: IncomingMessage, response: ServerResponse, name: string): Promise<void> => {
    const place = Object.hasOwn(places, name) ? places[name] : undefined;
    if (place === undefined) return refuse(request, response, REFUSALS.notFound);
    if (request.method !== place.method) return refuse(request, response, REFUSALS.method);
    if (!isOurPage(request, place.method === 'POST')) return refuse(request, response, REFUSALS.origin);
    const ofWhom = async (): Promise<Session | null> =>
      place.open === true ? null : access.session(request);
    if (place.open !== true && (await ofWhom()) === null) {
      return refuse(request, response, REFUSALS.signedOut);
    }
    const body = place.method === 'GET' ? null : await readJson(request, place.bytes ?? MAX_SMALL);
    if (body === 'gone') return;
    if (body === 'unreadable') return refuse(request, response, REFUSALS.unreadable);
    if (body === 'too-large') return refuse(request, response, REFUSALS.tooLarge);
    // A body can be drawn out: what counts is whose session it is when it is acted upon.
    const session = await ofWhom();
    if (place.open !== true && session === null) return refuse(request, response, REFUSALS.signedOut);
    await place.run({ request, response, session, body: body?.value });
  };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { headers, url = '/', method } = request;
    if (!ports.knows(headers.host)) return refuse(request, response, REFUSALS.host);
    const path = url.length > MAX_URL ? null : (url.split('?')[0] ?? '');
    if (path?.startsWith('/admin/api/')) return api(request, response, path.slice('/admin/api/'.length));
    if (method !== 'GET' && method !== 'HEAD') return refuse(request, response, REFUSALS.method);
    if (path === '/' || path === '/admin') {
      response.writeHead(308, { Location: '/admin/', 'Content-Length': 0 });
      return void response.end();
    }
    if (!path?.startsWith('/admin/')) return refuse(request, response, REFUSALS.notFound);
    return serveScreen(request, response, ports.screens, path.slice('/admin/'.length));
  };
  return {
    handle(request, response) {
      take(request, response).catch((error: unknown) => {
        const problem = problemOf(error);
        log.warn({ code: problem.code }, 'the web admin could not answer');
        sendAdminRefusal(response, { status: 500, error: problem });
      });
    },
    setupCode: access.setupCode,
    close() {
      streams.close();
      access.close();
    },
  };
}

/** What to do where the desktop app would have done it. */
const ADVICE: { readonly [N in DesktopCommandName]?: (file: string) => string } & {
  readonly default: (file: string) => string;
} = {
  default: () => 'Do it on the computer where Gatehouse runs.',
  'config.open': (file) =>
    `Edit the file on the computer where Gatehouse runs: ${file}. What is saved counts at once.`,
  'client.copySnippet': () => 'Run on the computer where Gatehouse runs: gatehouse connect.',
};

/** Refuses, and reads no more of what is not wanted. */
function refuse(request: IncomingMessage, response: ServerResponse, refusal: AdminRefusal): void {
  if (!request.complete) {
    response.setHeader('Connection', 'close');
    response.once('finish', () => request.destroy());
  }
  sendAdminRefusal(response, refusal);
}
