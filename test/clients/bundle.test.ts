/** The bundle for clients that install extensions: a zip that other programs read, with a manifest of the format. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bundleOf } from '../../main/clients/bundle.ts';
import { zipOf } from '../../main/clients/zip.ts';
import { makeHome } from './home.ts';

const folder = mkdtempSync(join(tmpdir(), 'gh-bundle-'));
afterAll(() => execFileSync('rm', ['-r', folder]));

const python = (code: string, ...args: string[]): string =>
  execFileSync('python3', ['-c', code, ...args], { encoding: 'utf8' });
const hasPython = ((): boolean => {
  try {
    return python('import zipfile; print(1)') === '1\n';
  } catch {
    return false;
  }
})();

it.skipIf(!hasPython)(
  'another program reads the zip, checks its sums, and finds names, modes and bytes',
  () => {
    const file = join(folder, 'a.zip');
    const bytes = Buffer.from(Array.from({ length: 3_000 }, (_, index) => (index * 7) % 256));
    writeFileSync(
      file,
      zipOf([
        { name: 'ä/empty', bytes: Buffer.alloc(0), mode: 0o644 },
        { name: 'b/run', bytes, mode: 0o755 },
      ]),
    );
    const code =
      'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nprint(json.dumps([z.testzip(),[[i.filename,oct(i.external_attr>>16),z.read(i).hex()] for i in z.infolist()]]))';
    expect(JSON.parse(python(code, file))).toEqual([
      null,
      [
        ['ä/empty', '0o100644', ''],
        ['b/run', '0o100755', bytes.toString('hex')],
      ],
    ]);
  },
);

it.skipIf(!hasPython)('names the command of this installation, and its own program runs that', () => {
  const file = join(folder, 'gatehouse.mcpb');
  const command = join(folder, "it's a program");
  writeFileSync(command, '#!/bin/sh\nprintf "%s|" "$@"\n', { mode: 0o755 });
  const args = ['--stdio', '--client', 'claude-desktop', '$HOME `x`'];
  writeFileSync(file, bundleOf({ command, args, appVersion: '1.2.3', platform: 'linux' }));
  const target = join(folder, 'out');
  python('import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', file, target);
  const manifest = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({
    manifest_version: '0.3',
    name: 'gatehouse',
    version: '1.2.3',
    author: { name: expect.any(String) },
    description: expect.any(String),
    server: { type: 'binary', mcp_config: { command, args } },
  });
  const entry = join(target, manifest.server.entry_point);
  expect(existsSync(entry)).toBe(true);
  expect(execFileSync('sh', [entry], { encoding: 'utf8' })).toBe(`${args.join('|')}|`);
});

it('the same installation gives the same bytes; only a client that takes bundles gets one, for its owner only', async () => {
  const facts = { command: 'C:\\g.exe', args: ['--stdio'], appVersion: 'dev', platform: 'win32' } as const;
  expect(bundleOf(facts).equals(bundleOf(facts))).toBe(true);
  expect(bundleOf(facts).toString('latin1')).toContain('"version": "0.0.0"');
  const home = makeHome();
  const clients = await home.open();
  try {
    const file = await clients.bundle('claude-desktop');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file).toString('latin1')).toContain('--client');
    await expect(clients.bundle('cursor')).rejects.toMatchObject({ code: 'clients.no_bundle' });
  } finally {
    await clients.close();
    home.remove();
  }
});
