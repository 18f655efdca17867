/**
 * The program of the helper that carries one token request. It gets all it needs on standard input, stores the answer
 * encrypted before it tells anybody, and ends. It goes on when its parent is killed: a server that changes the refresh
 * token with every use has done so by then, and what it answered is the only way back in.
 */
import { type Asked, exchange } from '../protocol/exchange.ts';

/** One request, and how its answer is to be kept. */
export interface Errand {
  readonly asked: Asked;
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
  exchange(asked: Asked, signal: AbortSignal): Promise<{ readonly status: number; readonly body: string }>;
  print(text: string): void;
}

/** Does the errand. Never rejects. */
export async function runErrand(errand: Errand, { crypto, fs, exchange, print }: Parts): Promise<void> {
  let outcome: { status: number; body: string };
  try {
    const { status, body } = await exchange(errand.asked, AbortSignal.timeout(errand.limitMs));
    outcome = { status, body };
  } catch (error) {
    const { code, message } = error as { code?: string | number; message: string };
    print(JSON.stringify({ failed: typeof code === 'string' ? code : message }));
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

/**
 * The same as CommonJS text, for `node -e` and for a worker thread, which is told so and wakes its process at the end.
 */
export function errandProgram(): string {
  return `'use strict';
const fs = require('node:fs');
const { workerData } = require('node:worker_threads');
const exchange = ${exchange.toString()};
const parts = {
  http: require('node:http'), https: require('node:https'), tls: require('node:tls'), net: require('node:net'),
};
const end = () => {
  if (workerData === null) return;
  Atomics.store(workerData, 0, 1);
  Atomics.notify(workerData, 0);
};
let errand = null;
// Cut off: the parent is gone before anything was asked.
try { errand = JSON.parse(fs.readFileSync(0, 'utf8')); } catch {}
if (errand === null) end();
else (${runErrand.toString()})(errand, {
  crypto: require('node:crypto'), fs,
  exchange: (asked, signal) => exchange(asked, parts, signal),
  // The parent may be gone by now; the answer is in its file already, which the next one reads.
  print: (line) => { try { fs.writeSync(1, line); } catch {} },
}).then(end);
`;
}
