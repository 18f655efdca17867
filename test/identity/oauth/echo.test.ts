import { expect, it } from 'vitest';
import { withoutEcho } from '../../../main/identity/oauth/tokens.ts';

const body = new URLSearchParams({
  grant_type: 'refresh_token',
  client_id: 'public-app',
  refresh_token: 'r/e+f=r e"sh',
  client_secret: 'hunter2',
  code: 'abc',
});

it.each([
  ['bad hunter2 for public-app', 'bad [hidden] for public-app'],
  [
    `got ${body.toString()}`,
    'got grant_type=refresh_token&client_id=public-app&refresh_token=[hidden]&client_secret=[hidden]&code=abc',
  ],
  [JSON.stringify({ error_description: 'token r/e+f=r e"sh' }), '{"error_description":"token [hidden]"}'],
  ['unsupported refresh_token grant', 'unsupported refresh_token grant'],
])('%s', (text, expected) => {
  expect(withoutEcho(text, body, null)).toBe(expected);
});

it('knows what a Basic header held, whole and in its parts', () => {
  const basic = Buffer.from('app:p%20w-secret').toString('base64');
  expect(withoutEcho(`${basic} / p%20w-secret / p w-secret`, new URLSearchParams(), `Basic ${basic}`)).toBe(
    '[hidden] / [hidden] / [hidden]',
  );
});
