/**
 * The program of the helper that carries one token request. It gets all it needs on standard input, stores the answer
 * encrypted before it tells anybody, and ends. It goes on when its parent is killed: a server that changes the refresh
 * token with every use has done so by then, and what it answered is the only way back in.
 */

/** One request, and how its answer is to be kept. */
export interface Errand {
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** Milliseconds for the answer. */
  readonly limitMs: number;
  /** Where the answer is kept; replaced in one step. */
  readonly file: string;
  /** AES-256 key, base64, and what is sealed along with the text. */
  readonly key: string;
  readonly context: string;
  /** Told again with the kept answer. */
  readonly about: string;
}

/** What comes back: an answer, or why there is none. */
export type ErrandOutcome = { readonly status: number; readonly body: string } | { readonly failed: string };

/** The parts of Node that it uses; its own text is what the helper runs, so it must use nothing outside itself. */
export interface Parts {
  readonly crypto: typeof import('node:crypto');
  readonly fs: typeof import('node:fs');
  fetch(url: string, init: object): Promise<Response>;
  print(text: string): void;
}

/** Does the errand. Never rejects. */
export async function runErrand(errand: Errand, { crypto, fs, fetch, print }: Parts): Promise<void> {
  let outcome: { status: number; body: string };
  try {
    const response = await fetch(errand.url, {
      method: 'POST',
      headers: errand.headers,
      body: errand.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(errand.limitMs),
    });
    outcome = { status: response.status, body: (await response.text()).slice(0, 1_048_576) };
  } catch (error) {
    const { cause, message } = error as { cause?: { code?: string }; message: string };
    print(JSON.stringify({ failed: cause?.code ?? message }));
    return;
  }
  try {
    const nonce = crypto.randomBytes(12);
    const cipher = crypto.createCipheriv('aes-256-gcm', Buffer.from(errand.key, 'base64'), nonce);
    cipher.setAAD(Buffer.from(errand.context));
    const text = JSON.stringify({ about: errand.about, ...outcome });
    const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    const sealed = {
      version: 1,
      nonce: nonce.toString('base64'),
      tag: cipher.getAuthTag().toString('base64'),
      data: data.toString('base64'),
    };
    const temporary = `${errand.file}.${process.pid}`;
    const handle = fs.openSync(temporary, 'w', 0o600);
    fs.writeFileSync(handle, `${JSON.stringify(sealed)}\n`);
    fs.fsyncSync(handle);
    fs.closeSync(handle);
    fs.renameSync(temporary, errand.file);
  } catch {
    // A full disk: the parent still gets the answer, if it lives.
  }
  print(JSON.stringify(outcome));
}

/** The same as CommonJS text for `node -e`. */
export function errandProgram(): string {
  return `'use strict';
const fs = require('node:fs');
let text = '';
process.stdout.on('error', () => undefined);
process.stdin.setEncoding('utf8').on('data', (chunk) => { text += chunk; }).on('end', () => {
  let errand;
  // Cut off: the parent is gone before anything was asked.
  try { errand = JSON.parse(text); } catch { return; }
  (${runErrand.toString()})(errand, {
    crypto: require('node:crypto'), fs, fetch, print: (line) => process.stdout.write(line),
  });
});
`;
}
