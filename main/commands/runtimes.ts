/**
 * Asks a program for its version, as the app would find it. Ends it after three seconds.
 */
import { execFile } from 'node:child_process';

/** Limit of one question, in milliseconds: npx starts Node twice. */
const LIMIT_MS = 3_000;

/**
 * The first line that `program --version` prints, at most 100 characters; null when it is not in PATH, fails, or takes
 * too long.
 *
 * @param program one of our own words, never input: on Windows a shell finds it, since npx is a script there
 */
export function runtimeVersion(program: string): Promise<string | null> {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32';
    execFile(
      program,
      ['--version'],
      { timeout: LIMIT_MS, killSignal: 'SIGKILL', windowsHide: true, shell },
      (error, stdout) => {
        const line = stdout.trim().split('\n')[0]?.trim() ?? '';
        resolve(error !== null || line === '' ? null : line.slice(0, 100));
      },
    );
  });
}
