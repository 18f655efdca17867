/** Where the word of a server elsewhere may send us. */
import { expect, it } from 'vitest';
import { checkAddress } from '../../../main/identity/oauth/web.ts';

const forbidden = expect.objectContaining({ code: 'signin.forbidden_address' });

it.each([
  'https://localhost/',
  'https://localhost./',
  'https://a.localhost./',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://10.1.2.3/',
  'https://100.64.0.1/',
  'https://169.254.169.254/latest/meta-data',
  'https://192.168.1.1/',
  'https://198.18.0.1/',
  'https://0.0.0.0/',
  'https://[::]/',
  'https://[::1]/',
  'https://[::127.0.0.1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[fd00::1]/',
  'https://[fe80::1]/',
  'http://auth.example/',
  'http://localhost.evil.example/',
  'ftp://auth.example/',
  'file:///etc/passwd',
  'javascript:alert(1)',
])('inward: a server elsewhere cannot name %s', (address) => {
  expect(() => checkAddress(new URL(address), false)).toThrow(forbidden);
});

it('public ones may be named, and a server on this side may name what is here', () => {
  for (const address of ['https://auth.example/x', 'https://93.184.216.34/', 'https://[2606:2800::1]/'])
    checkAddress(new URL(address), false);
  for (const address of ['http://127.0.0.1:8080/', 'http://localhost/', 'https://10.0.0.1/'])
    checkAddress(new URL(address), true);
  expect(() => checkAddress(new URL('http://10.0.0.1/'), true)).toThrow(forbidden);
});
