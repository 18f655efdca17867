/** What the window has to read before it shows anything, as it was built: a screen too many in it is slow for everybody. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../out/renderer');
/** Most of script, in bytes; it was twice as much with all screens in it. */
const MOST = 400_000;

it('is the screen that it begins with alone', () => {
  const html = readFileSync(join(ROOT, 'index.html'), 'utf8');
  const scripts = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, file = '']) => file);
  expect(scripts.length).toBeGreaterThan(0);
  const bytes = scripts.map((file) => statSync(join(ROOT, file)).size).reduce((a, b) => a + b);
  expect(bytes, `all of ${scripts.join(', ')}`).toBeLessThan(MOST);
});
