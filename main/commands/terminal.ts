/**
 * What commands write and read: the two outputs, and a secret value that never comes from the command line.
 */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { GatehouseError } from '../protocol/error.ts';
import { harmless } from './visible.ts';

/** The terminal or the pipes of a command; a fake in tests. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Results, for people and programs. What would steer the terminal is written out. */
  out(text: string): void;
  /** Words about them. */
  err(text: string): void;
}

/** Longest value that is read, in bytes: a guard against the wrong file. */
const MAX_INPUT = 1_000_000;

/** The process's own. */
export function systemTerminal(): Terminal {
  return {
    input: process.stdin,
    out: (text) => void process.stdout.write(harmless(text)),
    err: (text) => void process.stderr.write(harmless(text)),
  };
}

/**
 * One value: from a terminal with a prompt and without echo, otherwise the whole input without its last line end.
 *
 * @throws GatehouseError `secrets.input_cancelled` on Ctrl-C, `secrets.input_too_long`, `secrets.input_not_text`
 */
export function readHidden(terminal: Terminal, prompt: string): Promise<string> {
  return terminal.input.isTTY === true ? ask(terminal, prompt) : readAll(terminal.input);
}

function ask(terminal: Terminal, prompt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    terminal.err(prompt);
    // Line editing works as usual, but what readline would show goes nowhere.
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: terminal.input, output: nowhere, terminal: true, historySize: 0 });
    let answer: string | null = null;
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => {
      terminal.err('\n');
      if (answer === null) reject(cancelled());
      else resolve(answer);
    });
  });
}

/** The whole input without its last line end; throws as `readHidden` does. */
export async function readAll(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_INPUT) throw tooLong();
    chunks.push(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)).replace(/\r?\n$/, '');
  } catch {
    throw new GatehouseError({
      code: 'secrets.input_not_text',
      message: 'The input is not UTF-8 text.',
      remedy: 'Give the value as text; encode binary keys, for example with base64.',
    });
  }
}

function cancelled(): GatehouseError {
  return new GatehouseError({
    code: 'secrets.input_cancelled',
    message: 'Nothing was stored.',
    remedy: 'Run the command again when you have the value.',
  });
}

function tooLong(): GatehouseError {
  return new GatehouseError({
    code: 'secrets.input_too_long',
    message: 'The input is longer than any secret.',
    remedy: 'Check what was given to the command.',
  });
}
