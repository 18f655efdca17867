/**
 * Every client's file, as it is and in all the ways files are written: connected as the corpus shows, disconnected and
 * undone to the same bytes. `GATEHOUSE_WRITE_CORPUS=1` writes the corpus anew; read the difference before you commit it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientSpec } from '../../main/clients/spec.ts';
import { locate } from '../../main/clients/system.ts';
import { CLIENTS } from '../../main/clients/table.ts';
import { FILES_BY_CLIENT, VARIANTS } from './files.ts';
import { change, fakeTokens, type Home, makeHome } from './home.ts';

// Many small writes, each synced: a busy computer takes its time.
vi.setConfig({ testTimeout: 60_000 });

const corpus = join(import.meta.dirname, 'corpus');
/** One of each format is tried in every variant; the others share its editor. */
const IN_FULL = ['vscode', 'claude-code', 'codex', 'goose', 'continue'];
const FOR_ALL = ['asIs', 'bomAndCrlf', 'empty'];

let home: Home;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

const extension = ({ format }: ClientSpec): string => (format === 'json' ? 'jsonc' : format);

function compare(name: string, bytes: Buffer): void {
  const file = join(corpus, name);
  if (process.env.GATEHOUSE_WRITE_CORPUS === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  expect(existsSync(file), `${name} is not in the corpus`).toBe(true);
  expect(bytes.toString('utf8')).toBe(readFileSync(file, 'utf8'));
}

describe.each(CLIENTS.map((spec) => [spec.id, spec] as const))('%s', (id, spec) => {
  it('is in the corpus, and comes back byte for byte in every variant', async () => {
    const text = FILES_BY_CLIENT[id];
    if (text === undefined) throw new Error(`no file of ${id}`);
    const { file } = locate(spec, home.system);
    // Each variant is written with the same one, so that the corpus stays readable.
    const issue = (client: string) => Promise.resolve(`token-of-${client}`);
    const clients = await home.open({ tokens: { ...fakeTokens(), issue } });
    for (const [variant, make] of Object.entries(VARIANTS)) {
      const made = make(text, spec.format);
      if (made === null || !(IN_FULL.includes(id) || FOR_ALL.includes(variant))) continue;
      const before = Buffer.from(made);
      home.write(file, before);
      expect(await change(clients, 'connect', id), variant).toBe(true);
      const after = home.read(file);
      if (variant === 'asIs' || IN_FULL.includes(id)) {
        compare(`${id}/${variant}.before.${extension(spec)}`, before);
        compare(`${id}/${variant}.after.${extension(spec)}`, after);
      }
      expect(await change(clients, 'connect', id), `${variant}: again`).toBe(false);
      expect(await change(clients, 'disconnect', id), variant).toBe(true);
      expect(home.read(file).equals(before), `${variant}: disconnected`).toBe(true);
      // Back to connected, and back again.
      expect(await clients.undo(id)).toMatchObject({ exact: true });
      expect(home.read(file).equals(after), `${variant}: the disconnect undone`).toBe(true);
      expect(await clients.undo(id)).toMatchObject({ exact: true });
      expect(home.read(file).equals(before), `${variant}: undone`).toBe(true);
    }
    await clients.close();
  });
});

it('the corpus has every client, and nothing else', () => {
  expect(readdirSync(corpus).sort()).toEqual(CLIENTS.map(({ id }) => id).sort());
});
