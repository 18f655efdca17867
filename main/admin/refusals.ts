/** What the web admin answers when it does not do what was asked: the status and the three parts of an error. */
import type { ServerResponse } from 'node:http';
import type { Problem } from '../../preload/contract.ts';

/** One refusal. */
export interface AdminRefusal {
  readonly status: number;
  readonly error: Problem;
  /** Seconds after which it is worth trying again. */
  readonly retryAfter?: number;
}

export const REFUSALS = {
  host: {
    status: 403,
    error: {
      code: 'admin.foreign_host',
      message: 'The web admin is not known under this name.',
      remedy: 'Use 127.0.0.1 or the address it listens at, or add the name to "trustedHosts".',
    },
  },
  origin: {
    status: 403,
    error: {
      code: 'admin.foreign_origin',
      message: 'Only the pages of this web admin may ask it.',
      remedy: 'Open the web admin itself, and reload the page.',
    },
  },
  notFound: {
    status: 404,
    error: {
      code: 'admin.not_found',
      message: 'There is no such page.',
      remedy: 'Open /admin/.',
    },
  },
  method: {
    status: 405,
    error: {
      code: 'admin.wrong_method',
      message: 'The web admin does not answer this kind of request here.',
      remedy: 'Open /admin/ in a browser.',
    },
  },
  unreadable: {
    status: 400,
    error: {
      code: 'admin.bad_request',
      message: 'The request cannot be read.',
      remedy: 'Reload the page, so that it is of the same version as Gatehouse.',
    },
  },
  tooLarge: {
    status: 413,
    error: {
      code: 'admin.too_large',
      message: 'The request is longer than anything that the web admin takes.',
      remedy: 'Send less.',
    },
  },
  signedOut: {
    status: 401,
    error: {
      code: 'admin.signed_out',
      message: 'You are not signed in, or not any more.',
      remedy: 'Sign in.',
    },
  },
  wrongPassword: {
    status: 401,
    error: {
      code: 'admin.wrong_password',
      message: 'This is not the password.',
      remedy: 'Try again. To set another one, run on the computer itself: gatehouse admin password.',
    },
  },
  wrongCode: {
    status: 401,
    error: {
      code: 'admin.wrong_code',
      message: 'This is not the setup code.',
      remedy: 'Use the one that Gatehouse has printed at its last start.',
    },
  },
  noPassword: {
    status: 409,
    error: {
      code: 'admin.no_password',
      message: 'The web admin has no password yet.',
      remedy: 'Reload the page to set it, or run on the computer itself: gatehouse admin password.',
    },
  },
  hasPassword: {
    status: 409,
    error: {
      code: 'admin.has_password',
      message: 'The web admin has a password already.',
      remedy: 'Reload the page and sign in.',
    },
  },
  setupElsewhere: {
    status: 403,
    error: {
      code: 'admin.setup_elsewhere',
      message: 'The first password can only be set on the computer where Gatehouse runs.',
      remedy: 'Run there: gatehouse admin password. Or start Gatehouse with GATEHOUSE_ADMIN_PASSWORD_FILE.',
    },
  },
  tooManyCommands: {
    status: 429,
    error: {
      code: 'admin.too_many_commands',
      message: 'The page gave too many commands at once.',
      remedy: 'Wait a second and try again.',
    },
    retryAfter: 1,
  },
} as const satisfies Record<string, AdminRefusal>;

/** Too many tries; `waitMs` until the next. */
export function tooManyTries(waitMs: number): AdminRefusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return {
    status: 429,
    error: {
      code: 'admin.too_many_tries',
      message: 'The password was tried too often.',
      remedy: `Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'} and try again.`,
      values: { seconds: String(seconds) },
    },
    retryAfter: seconds,
  };
}

/** For everything that is answered: no framing, no guessing of types, nothing from elsewhere. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()',
};

/** Answers with JSON that nobody may keep. */
export function sendData(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string | string[]>> = {},
): void {
  if (response.destroyed || response.headersSent) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...SAFE_HEADERS,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(text);
}

/** Answers with a refusal. */
export function sendAdminRefusal(
  response: ServerResponse,
  { status, error, retryAfter }: AdminRefusal,
): void {
  const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
  sendData(response, status, { ok: false, error }, headers);
}
