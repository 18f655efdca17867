/**
 * Where a configuration comes from: a file, or an http(s) address that is asked once. Reads the text and what belongs to
 * it, bounded in size and time. Holds nothing open.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { problemOf } from '../protocol/error.ts';
import { type Adopted, adopt, companionsOf, parsersFor } from './dialects/adopt.ts';
import type { Surroundings } from './dialects/dialect.ts';
import { ConfigError } from './error.ts';
import { MAX_BYTES, readText, tooLarge } from './file.ts';
import { type Offered, offeredServers } from './offered.ts';

/** Longest wait for a configuration at an address, in milliseconds. */
const FETCH_MS = 10_000;
const MAX_REDIRECTS = 5;

/** How to read. */
export interface SourceOptions {
  env(name: string): string | undefined;
  /** Headers for an address; they go to its own origin only. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Whether a source is an address and no file. */
export function isAddress(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

/** A source as people may see it: an address without what may be secret in it. */
export function shownSource(source: string): string {
  if (!isAddress(source)) return source;
  try {
    const { origin, pathname } = new URL(source);
    return origin + pathname;
  } catch {
    return 'the address';
  }
}

/**
 * Reads a configuration of any dialect.
 *
 * @param source an absolute path, or an address
 * @throws ConfigError of `readText`, `fetchText` and `adopt`
 */
export async function readSource(source: string, options: SourceOptions): Promise<Adopted> {
  return withSource(source, options, adopt);
}

/**
 * The servers that a configuration of any dialect offers to ours.
 *
 * @param source an absolute path, or an address
 * @throws ConfigError as `readSource` does
 */
export async function readOffered(source: string, options: SourceOptions): Promise<Offered> {
  return withSource(source, options, offeredServers);
}

/** The same as `readSource` for a text that was read already; files that belong to it are read. */
export async function readAdopted(text: string, file: string, env: SourceOptions['env']): Promise<Adopted> {
  return adopt(text, file, await surroundingsOf(text, file, env));
}

async function withSource<T>(
  source: string,
  options: SourceOptions,
  read: (text: string, file: string, surroundings: Surroundings) => T,
): Promise<T> {
  if (!isAddress(source)) {
    const text = await readText(source);
    return read(text, source, await surroundingsOf(text, source, options.env));
  }
  const text = await fetchText(source, options);
  // Nothing lies beside an address, and a relative directory counts from where Gatehouse was started.
  const file = resolve('config');
  const parsers = await parsersFor(text, file);
  try {
    return read(text, file, { env: options.env, beside: () => null, parsers });
  } catch (error) {
    throw error instanceof ConfigError ? renamed(error, shownSource(source)) : error;
  }
}

async function surroundingsOf(text: string, file: string, env: SourceOptions['env']): Promise<Surroundings> {
  const found = new Map<string, string>();
  const parsers = await parsersFor(text, file);
  const surroundings: Surroundings = { env, beside: (name) => found.get(name) ?? null, parsers };
  for (const name of companionsOf(text, file, surroundings)) {
    const companion = join(dirname(file), name);
    if (existsSync(companion)) found.set(name, await readText(companion));
  }
  return surroundings;
}

/**
 * The text at an address.
 *
 * @throws ConfigError `config.fetch_failed`, `config.too_large`
 */
async function fetchText(source: string, { headers = {}, signal }: SourceOptions): Promise<string> {
  const where = shownSource(source);
  const timeout = AbortSignal.timeout(FETCH_MS);
  const both = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  let url = readAddress(source, where);
  const { origin } = url;
  const own = new Headers(headers);
  if (url.username !== '' || url.password !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    if (!own.has('authorization')) own.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
    url.username = '';
    url.password = '';
  }
  for (let hop = 0; ; hop++) {
    // What is meant for one origin is no other's business.
    const shown = url.origin === origin ? own : new Headers();
    let response: Response;
    try {
      response = await fetch(url, { headers: shown, redirect: 'manual', signal: both });
    } catch (cause) {
      throw failed(
        where,
        timeout.aborted ? `It did not answer within ${FETCH_MS / 1000} s` : 'It cannot be reached',
        cause,
      );
    }
    const next = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && next !== null) {
      await response.body?.cancel();
      if (hop === MAX_REDIRECTS) throw failed(where, 'It sends from place to place without end');
      const before = url;
      url = readAddress(new URL(next, url).href, where);
      if (before.protocol === 'https:' && url.protocol !== 'https:') {
        throw failed(where, 'It sends to a place without encryption');
      }
      url.username = '';
      url.password = '';
      continue;
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw failed(where, `It answered with status ${response.status}`);
    }
    return readBody(response, where);
  }
}

async function readBody(response: Response, where: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const reader = response.body?.getReader();
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
      size += next.value.byteLength;
      if (size > MAX_BYTES) {
        await reader?.cancel();
        throw tooLarge(where);
      }
      parts.push(next.value);
    }
  } catch (cause) {
    throw cause instanceof ConfigError ? cause : failed(where, 'Its answer broke off', cause);
  }
  const bytes = Buffer.concat(parts);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw failed(where, 'Its answer is not UTF-8 text', cause);
  }
}

function readAddress(text: string, where: string): URL {
  try {
    const url = new URL(text);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  } catch {
    // Told below.
  }
  throw failed(where, 'It is no http:// or https:// address');
}

function failed(where: string, why: string, cause?: unknown): ConfigError {
  return new ConfigError({
    code: 'config.fetch_failed',
    message: 'The configuration cannot be had from there. {why}.',
    remedy: 'Check the address and the network, or download the file and name it instead.',
    values: { why },
    file: where,
    cause,
  });
}

function renamed(error: ConfigError, file: string): ConfigError {
  const { line, column, key } = error;
  return new ConfigError({ ...problemOf(error), file, line, column, key, cause: error });
}
