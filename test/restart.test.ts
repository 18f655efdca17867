import { expect, it } from 'vitest';
import { parseConfig } from '../main/config/read.ts';
import { restartNeeded } from '../main/restart.ts';

const config = (value: object) => parseConfig(JSON.stringify(value), '/c.json');
const FILE_RULES = { listen: null, auth: null, admin: null };

it.each([
  [{ listen: '127.0.0.1:1' }, ['listen']],
  [{ basePath: '/x' }, ['basePath']],
  [{ auth: { token: 't' } }, ['auth.token']],
  [{ auth: { required: false } }, ['auth.required']],
  [{ limits: { sessions: 3 } }, ['limits']],
  [{ listen: '[::1]:1', basePath: '/x', auth: { token: 't' } }, ['listen', 'auth.token', 'basePath']],
  [{ admin: { enabled: true, listen: '127.0.0.1:1' } }, ['admin']],
  [{ auth: { tokens: ['t'], inQuery: true, inPath: true }, trustedHosts: ['a.example'] }, []],
  [{ mcpServers: { a: { command: 'x', tools: { allow: ['y'] } } } }, []],
])('a door that was opened with {} cannot follow %j: %j', (now, keys) => {
  expect(restartNeeded(config({}), config(now), FILE_RULES)).toEqual(keys);
  expect(restartNeeded(config(now), config(now), FILE_RULES)).toEqual([]);
});

it('leaves out what the command line has said', () => {
  const now = config({ listen: '127.0.0.1:1', auth: { token: 't' }, basePath: '/x' });
  const outside = { listen: { host: '127.0.0.1', port: 0 }, auth: { kind: 'none' }, admin: null };
  expect(restartNeeded(config({}), now, outside)).toEqual(['basePath']);
});
