/**
 * Faults of a process: how it starts, ends, holds its pipes, and what it leaves behind. Each takes the healthy server
 * of ../faulty.mjs and changes it.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, readFileSync } from 'node:fs';

const MIB = 1024 * 1024;

/** Goes on whatever happens to its pipes. */
function stayAlive() {
  setInterval(() => undefined, 60_000);
}

export const processFaults = {
  'crash-at-start': () => {
    process.stderr.write('starting\nno database at the usual place\n');
    process.exit(3);
  },
  /** Starts well only the fourth time; `STARTS` names the file in which the starts are counted. */
  'crashes-thrice': () => {
    appendFileSync(process.env.STARTS, '.');
    if (readFileSync(process.env.STARTS).length < 4) process.exit(4);
  },
  'hang-at-initialize': (server) => {
    server.receive = () => undefined;
  },
  'crash-in-call': (server) => {
    server.fault = () => {
      process.stderr.write('out of ideas\n');
      process.exit(7);
    };
  },
  /** The answer is still in the pipe when the process is gone. */
  'last-words': (server) => {
    server.fault = (id) => {
      server.text(id, 'w'.repeat(4 * MIB));
      process.stdout.write('', () => process.exit(0));
    };
  },
  'ignores-end': (server) => {
    server.ended = () => undefined;
    process.on('SIGTERM', () => undefined);
    process.on('SIGINT', () => undefined);
    process.on('SIGHUP', () => undefined);
    stayAlive();
  },
  /** Leaves a child in its group that hears nothing and holds its output open. */
  'leaks-children': (server) => {
    const marks = process.argv.slice(2);
    const script = "process.on('SIGTERM',()=>{});setInterval(()=>{},60000);process.stdout.on('error',()=>{})";
    const child = spawn(process.execPath, ['-e', script, '--', ...marks, 'leaked'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.unref();
    server.fault = () => process.exit(0);
  },
  'closes-stdout': (server) => {
    stayAlive();
    server.fault = () => closeSync(1);
  },
  'closes-stdin': (server) => {
    stayAlive();
    server.ended = () => undefined;
    server.fault = () => {
      // Node alone leaves the descriptors of the standard streams open.
      process.stdin.destroy().once('close', () => {
        closeSync(0);
        process.stderr.write('input closed\n');
      });
    };
  },
  /** 100 MB of log lines, beginning at once. */
  'flood-stderr': (server) => {
    const block = Buffer.from(
      'this line of a log says as much as the one before it and the one after it\n'.repeat(900),
    );
    let left = Math.ceil((100 * MIB) / block.length);
    let done = null;
    const more = () => {
      if (left-- > 0) process.stderr.write(block, more);
      else done?.();
    };
    more();
    server.fault = (id) => {
      done = () => server.text(id, 'flooded');
      if (left <= 0) done();
    };
  },
};
