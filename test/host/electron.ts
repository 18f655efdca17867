/**
 * Which Electron the end-to-end tests start. `GATEHOUSE_E2E_TARGET` chooses: `dev` (the default) is this checkout's
 * `out/` in the runtime that `npm start` uses, `packaged` is the packaged app in its test flavour. Setup and packaging
 * leave their facts in `node_modules/.cache/gatehouse/`.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** How to start the app; the test appends its own arguments. */
export interface ElectronLaunch {
  readonly executablePath: string;
  readonly args: string[];
}

/** Which build is under test. */
export function e2eTarget(): 'dev' | 'packaged' {
  const target = process.env.GATEHOUSE_E2E_TARGET ?? 'dev';
  if (target !== 'dev' && target !== 'packaged') {
    throw new Error(`GATEHOUSE_E2E_TARGET is "${target}"; it must be dev or packaged.`);
  }
  return target;
}

/**
 * The executable and its first arguments.
 * @throws Error when that build does not exist, naming the command that makes it.
 */
export function electronLaunch(): ElectronLaunch {
  const target = e2eTarget();
  const file = target === 'dev' ? 'electron.json' : 'packaged.json';
  const facts = readFacts(file, target === 'dev' ? 'npm test -- setup' : 'npm test -- package');
  // Chromium has no sandbox for root, and none where the system forbids it; the app is the same otherwise.
  const without = facts.sandbox === 'works' ? [] : ['--no-sandbox'];
  return { executablePath: facts.executable, args: [...without, ...facts.args] };
}

interface Facts {
  readonly executable: string;
  readonly args: readonly string[];
  readonly sandbox: 'works' | 'root' | 'forbidden';
}

function readFacts(file: string, remedy: string): Facts {
  const path = resolve(import.meta.dirname, '../../node_modules/.cache/gatehouse', file);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Facts;
  } catch (cause) {
    throw new Error(`There is no ${path}. Run: ${remedy}`, { cause });
  }
}
