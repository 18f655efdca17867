/**
 * The sample servers of a first start: three from npm that this checkout has for its tests, run by this very Node.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

/**
 * Arguments that make a first start begin with the samples; none when they are not installed.
 * @returns {string[]}
 */
export function sampleArguments() {
  const file = join(root, 'out', 'samples.json');
  const script = (/** @type {string} */ name) =>
    join(root, 'node_modules', '@modelcontextprotocol', `server-${name}`, 'dist', 'index.js');
  if (!['everything', 'filesystem', 'memory'].every((name) => existsSync(script(name)))) return [];
  const entry = (/** @type {string} */ name, /** @type {string[]} */ ...args) => ({
    command: process.execPath,
    args: [script(name), ...args],
    // They are files of this checkout, which no container has.
    isolation: { mode: 'host' },
  });
  const servers = {
    everything: entry('everything'),
    filesystem: entry('filesystem', '__SAMPLES__'),
    memory: { ...entry('memory'), env: { MEMORY_FILE_PATH: join('__SAMPLES__', 'memory.jsonl') } },
  };
  const note = '// Sample servers to begin with. Change or remove them as you like; changes apply at once.\n';
  writeFileSync(file, `${note}${JSON.stringify({ mcpServers: servers }, null, 2)}\n`);
  return [`--sample-config=${file}`];
}
