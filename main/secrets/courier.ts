/**
 * Starts the helper that carries a token request (see courier-child.ts): under plain Node that is Node itself; the desktop
 * app's executable cannot act as Node, and is started once more with a switch that makes it nothing but this helper. Where
 * no helper can be had, this process carries the request itself, in the same order: the answer is stored before it is used.
 * Then only a kill in the moment between the two could lose it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../protocol/clock.ts';
import { exchange } from '../protocol/exchange.ts';
import { type Errand, type ErrandOutcome, errandProgram, GO, runErrand, TAKEN } from './courier-child.ts';

/** How a helper is started: its executable and arguments, with nothing secret in them. */
export interface CourierCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/** The switch that makes the desktop's executable the helper. */
export const COURIER_SWITCH = '--carry-token-request';

/** The helper of plain Node; null in the desktop app, which gives its own. */
export function nodeCourier(): CourierCommand | null {
  if (process.versions.electron !== undefined) return null;
  return { file: process.execPath, args: ['-e', errandProgram()] };
}

/**
 * Is the helper, in the desktop's executable, and never returns: while this waits, nothing of Chromium begins, so that it
 * needs no display and opens no window. The errand's own limit ends it.
 */
export function beCourier(exit: () => never): never {
  const done = new Int32Array(new SharedArrayBuffer(4));
  new Worker(errandProgram(), { eval: true, workerData: done });
  Atomics.wait(done, 0, 0);
  return exit();
}

/** Milliseconds for the helper to say that it has its errand; it is a whole program that has to start. */
const TAKEN_MS = 15_000;

/** What runs errands. */
export interface Couriers {
  /**
   * Runs the errand in a helper that outlives this process, or here where none can be had. `holding` is told the helper's
   * number before anything is sent, and what it returns is waited for. Rejects with an Error when there was no answer.
   */
  carry(
    errand: Errand,
    holding: (pid: number) => Promise<void>,
  ): Promise<{ readonly status: number; readonly body: string }>;
}

/** @param command null where there is no helper */
export function createCouriers(command: CourierCommand | null, clock: Clock): Couriers {
  /** False once a helper hung: waiting for the next one would take as long. */
  let worthTrying = true;
  return {
    async carry(errand, holding) {
      let text: string | null = null;
      if (command !== null && worthTrying) {
        const said = await inHelper(command, errand, holding, clock);
        worthTrying = said.state !== 'hung';
        if (said.state === 'done') ({ text } = said);
      }
      return answerOf(text ?? (await inHere(errand)));
    },
  };
}

type Said =
  /** What it said after it had its errand; empty when it ended without a word. */
  | { readonly state: 'done'; readonly text: string }
  /** It did not get as far as the request. */
  | { readonly state: 'unusable' | 'hung' };

async function inHelper(
  { file, args }: CourierCommand,
  errand: Errand,
  holding: (pid: number) => Promise<void>,
  clock: Clock,
): Promise<Said> {
  // NODE_OPTIONS belong to the parent alone; nothing secret is in the environment or the arguments.
  const { NODE_OPTIONS: _dropped, ...env } = process.env;
  let child: ChildProcess;
  try {
    child = spawn(file, [...args], {
      env,
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
  } catch {
    return { state: 'unusable' };
  }
  const { stdin, stdout, pid } = child;
  const taken = `${TAKEN}\n`;
  let text = '';
  let told = false;
  stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    if (told || hung || !text.startsWith(taken)) return;
    told = true;
    cancelLimit();
    stdin?.end(`${GO}\n`);
  });
  stdin?.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  let hung = false;
  const cancelLimit = clock.after(TAKEN_MS, () => {
    hung = true;
    child.kill('SIGKILL');
  });
  if (pid !== undefined) await holding(pid);
  stdin?.write(`${JSON.stringify(errand)}\n`);
  await ended;
  cancelLimit();
  // Without its parent's word it has asked nobody.
  if (!told) return { state: hung ? 'hung' : 'unusable' };
  return { state: 'done', text: Buffer.from(text.slice(taken.length), 'latin1').toString('utf8') };
}

/** The same errand in this process. */
async function inHere(errand: Errand): Promise<string> {
  let told = '';
  const parts = { http, https, tls, net };
  await runErrand(errand, {
    ...{ crypto, fs },
    exchange: (asked, signal) => exchange(asked, parts, signal),
    print(text) {
      told = text;
    },
  });
  return told;
}

function answerOf(text: string): { readonly status: number; readonly body: string } {
  if (text === '') throw new Error('the helper process ended without an answer');
  const outcome = JSON.parse(text) as ErrandOutcome;
  if ('failed' in outcome) throw Object.assign(new Error(outcome.failed), { code: outcome.failed });
  return outcome;
}
