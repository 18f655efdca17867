/**
 * Names of servers of other programs, which may be anything, made into names of ours: unique, and such that they can
 * stand in a path. Pure.
 */
import { parseServerName } from '../schema.ts';

/** Gives out names, each once; upper and lower case count as equal. */
export interface Names {
  /** The name for what was called `written`: that itself where it can be one. */
  take(written: string): string;
}

const MAX = 64;

/** Begins with the names that are `taken` already. */
export function createNames(taken: Iterable<string> = []): Names {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  return {
    take(written) {
      const base = parseServerName(written) ?? cleaned(written);
      let name: string = base;
      for (let attempt = 2; used.has(name.toLowerCase()); attempt++) {
        const end = `-${attempt}`;
        name = base.slice(0, MAX - end.length) + end;
      }
      used.add(name.toLowerCase());
      return name;
    },
  };
}

function cleaned(written: string): string {
  const name = written
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, MAX);
  return parseServerName(name) ?? 'server';
}
