import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer, assetOf } from '../../main/shell/app-protocol.ts';
import { isAppUrl } from '../../main/shell/app-url.ts';

const root = `${sep}app${sep}out${sep}renderer`;

describe('path-traversal', () => {
  it.each([
    'app://gatehouse/../secret.js',
    'app://gatehouse/%2e%2e/secret.js',
    'app://gatehouse/%2e%2e%2fsecret.js',
    'app://gatehouse/a/..%2f..%2fsecret.js',
    'app://gatehouse/..%5c..%5csecret.js',
    'app://gatehouse/%00index.html',
    'app://gatehouse/index.html%00.js',
    'app://gatehouse//etc/passwd.js',
    'app://gatehouse/%2fetc%2fx.js',
    'app://gatehouse/C:/x.js',
    'app://gatehouse/.hidden.js',
    'app://gatehouse/%E0%A4%A.js',
    'app://gatehouse/',
    'app://gatehouse/index.js.map',
    'app://gatehouse/index',
    'app://other/index.html',
    'app://u:p@gatehouse/index.html',
    'app://gatehouse:80/index.html',
    'file:///app/out/renderer/index.html',
    'https://gatehouse/index.html',
    'not an address',
  ])('refuses %s, or keeps it inside', (url) => {
    const asset = assetOf(url, root);
    expect(asset === null || asset.file === join(root, 'secret.js')).toBe(true);
  });

  it('never leaves its folder, whatever the address', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e%2e',
        '%2f',
        '%5c',
        '\\',
        '/',
        '//',
        '%00',
        'a',
        'index.html',
        'x.js',
        '?',
        '#',
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const asset = assetOf(`app://gatehouse/${pieces.join('/')}`, root);
        expect(asset === null || asset.file.startsWith(root + sep)).toBe(true);
        expect(asset?.file.includes('..') ?? false).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('serves what the screens are made of', () => {
    expect(assetOf('app://gatehouse/index.html', root)).toEqual({
      file: join(root, 'index.html'),
      type: 'text/html; charset=utf-8',
    });
    expect(assetOf('app://gatehouse/assets/index-Ab_1.2.js?v=1#x', root)?.file).toBe(
      join(root, 'assets', 'index-Ab_1.2.js'),
    );
  });
});

describe('answers', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-protocol-'));
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    await writeFile(join(folder, 'notes.txt'), 'not a page');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('sends the strict policy with a page and with a refusal', async () => {
    for (const url of [
      'app://gatehouse/index.html',
      'app://gatehouse/no.html',
      'app://gatehouse/notes.txt',
    ]) {
      const response = await answer({ url, method: 'GET' }, folder);
      expect(response.headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
          "connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.status).toBe(url.endsWith('index.html') ? 200 : 404);
    }
  });

  it('answers reading only', async () => {
    const page = await answer({ url: 'app://gatehouse/index.html', method: 'GET' }, folder);
    expect(await page.text()).toBe('<!doctype html>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const head = await answer({ url: 'app://gatehouse/index.html', method: 'HEAD' }, folder);
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await answer({ url: 'app://gatehouse/index.html', method: 'POST' }, folder)).status).toBe(404);
  });
});

describe('our own address', () => {
  it.each(['app://gatehouse/index.html', 'app://gatehouse/x#y'])('knows %s', (url) => {
    expect(isAppUrl(url)).toBe(true);
  });
  it.each([
    '',
    'about:blank',
    'data:text/html,app://gatehouse/',
    'app://gatehouse.evil/index.html',
    'app://evil/gatehouse',
    'apps://gatehouse/index.html',
    'app://u@gatehouse/index.html',
    'https://app//gatehouse/',
    'blob:app://gatehouse/123',
  ])('does not take %s for it', (url) => {
    expect(isAppUrl(url)).toBe(false);
  });
});
