/** A terminal that shows one command. Plain data. */
import type { TerminalOutput, TerminalPlaces } from '../../preload/views/terminal.ts';

export const terminalPlaces: TerminalPlaces = {
  container: { image: 'node:22-slim', running: true },
  computer: { allowed: false, folder: '/home/mara/projects', shell: '/bin/bash', user: 'mara' },
};

const text = [
  'gatehouse@1f0c2a:~$ ls --color -F',
  '\u001b[1;34mnode_modules\u001b[0m/  package.json  \u001b[1;32mserver.js\u001b[0m*',
  'gatehouse@1f0c2a:~$ ',
].join('\r\n');

/** All of it at once, and then nothing more. */
export function terminalOutput(from: number): TerminalOutput {
  return { text: text.slice(from), next: text.length, ended: null };
}
