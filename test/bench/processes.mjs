/**
 * Starting what is measured, each in a process group of its own with its words in a file, and reading from the system
 * what it costs. `stopAll` ends whatever still runs and removes its folders; the bench calls it on every way out.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** @typedef {{ pid: number, ended: () => boolean, stop: () => Promise<void> }} Running */

/** @type {Set<Running>} */
const running = new Set();
/** @type {string[]} */
const folders = [];
const STOP_MS = 8_000;

/**
 * Starts a program; its standard error goes to `log`, and so does its output unless `onLine` wants it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ log: string, env?: NodeJS.ProcessEnv, cwd?: string, onLine?: (line: string) => void }} options
 * @returns {Running}
 */
export function start(command, args, { log, env = process.env, cwd, onLine }) {
  const file = openSync(log, 'a');
  const child = spawn(command, [...args], {
    env,
    cwd,
    detached: true,
    stdio: ['ignore', onLine === undefined ? file : 'pipe', file],
  });
  closeSync(file);
  let over = false;
  const gone = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  }).then(() => {
    over = true;
  });
  if (onLine !== undefined) readLines(child.stdout, onLine);
  const self = {
    pid: child.pid ?? -1,
    ended: () => over,
    async stop() {
      running.delete(self);
      child.kill('SIGTERM');
      await Promise.race([gone, pause(STOP_MS, undefined, { ref: false })]);
      try {
        // Helpers of a peer that does not clean up behind itself.
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The whole group has ended.
      }
    },
  };
  running.add(self);
  return self;
}

function readLines(stream, onLine) {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) onLine(line);
  });
}

/**
 * Starts a program that says with one JSON line on its output where it can be reached.
 * @returns {Promise<Running & { url: string, pid: number, startMs: number }>}
 */
export async function startReady(command, args, options) {
  const began = performance.now();
  let ready = null;
  const process = start(command, args, {
    ...options,
    onLine(line) {
      if (line.includes('"event":"ready"')) ready ??= { ...JSON.parse(line), ms: performance.now() - began };
    },
  });
  await until(() => ready !== null || process.ended(), 30_000, `${args[0]} to be ready`);
  if (ready === null) throw new Error(`${command} ended at once: ${lastLine(options.log)}`);
  return { ...process, url: ready.endpoint, pid: ready.pid ?? process.pid, startMs: ready.ms };
}

/** A folder for this run alone. */
export function newFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  folders.push(folder);
  return folder;
}

/** The end of what a program has written, for errors. */
export function lastLine(log) {
  return read(log).trim().split('\n').at(-1)?.slice(0, 300) || 'it said nothing';
}

/** Ends everything that was started and removes its folders. */
export async function stopAll() {
  await Promise.all([...running].map((each) => each.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Waits until `holds` gives true. @throws Error after `ms` milliseconds. */
export async function until(holds, ms, what) {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${ms / 1000} s for ${what}`);
    await pause(10);
  }
}

/** A port that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Processor seconds that the process itself has used, all its threads together; in steps of 10 ms. */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident memory of the process itself in MiB. */
export function rssMiB(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

/** Memory in MiB of the process and all below it but the benchmark's own servers; shared pages are counted in parts. */
export function treeMiB(pid) {
  const below = new Map();
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? read(`/proc/${name}/stat`).split(') ').at(-1).split(' ') : [];
    if (fields.length > 1) below.set(Number(name), Number(fields[1]));
  }
  let sum = 0;
  for (const each of below.keys()) {
    let up = each;
    while (up !== undefined && up > 1 && up !== pid) up = below.get(up);
    if (up !== pid || read(`/proc/${each}/cmdline`).includes('echo-server')) continue;
    sum += Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${each}/smaps_rollup`))?.[1] ?? 0);
  }
  return sum / 1024;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
