/** The process's streams by their numbers, for threads whose own ones would pass through the main thread. */
import { createReadStream, createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/** What comes in at a descriptor; 0 is standard input. */
export function inputOf(fd: number): Readable {
  return isPipe(fd) ? new Socket({ fd, readable: true, writable: false }) : createReadStream('', { fd });
}

/** What goes out at a descriptor; 1 is standard output. */
export function outputOf(fd: number): Writable {
  return isPipe(fd) ? new Socket({ fd, readable: false, writable: true }) : createWriteStream('', { fd });
}

function isPipe(fd: number): boolean {
  const stat = fstatSync(fd);
  return stat.isFIFO() || stat.isSocket();
}
