import { describe, expect, it } from 'vitest';
import { isLoopbackHost, refusal } from '../../main/gateway/guards.ts';

const loopback = { host: '127.0.0.1' };

describe('attacks on the endpoint', () => {
  it.each([
    'evil.example:4180',
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:4180',
    '127.0.0.1:4180@evil.example',
    '',
    '127.0.0.1:4180, evil.example',
    '192.168.1.5:4180',
  ])('dns-rebinding: Host %j is refused', (host) => {
    expect(refusal(loopback, host, undefined)).toBe('host');
  });

  it('dns-rebinding: a missing Host is refused', () => {
    expect(refusal(loopback, undefined, undefined)).toBe('host');
  });

  it.each([
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example:4180',
    'file://',
    'chrome-extension://abc',
    'app://gatehouse',
    'http://127.0.0.1@evil.example',
  ])('foreign-origin: a page of %s is refused', (origin) => {
    expect(refusal(loopback, '127.0.0.1:4180', origin)).toBe('origin');
  });
});

describe('what may come in', () => {
  it.each(['127.0.0.1:4180', 'localhost:4180', 'LOCALHOST', '[::1]:4180', '127.0.0.1'])('Host %s', (host) => {
    expect(refusal(loopback, host, undefined)).toBeNull();
    expect(refusal(loopback, host, 'http://localhost:6274')).toBeNull();
  });

  it('an address of this machine, but no foreign name, when every address was bound', () => {
    expect(refusal({ host: '0.0.0.0' }, '192.168.1.5:4180', undefined)).toBeNull();
    expect(refusal({ host: '0.0.0.0' }, 'evil.example:4180', undefined)).toBe('host');
  });

  it('knows loopback from what only looks like it', () => {
    expect(isLoopbackHost('127.8.9.1')).toBe(true);
    expect(isLoopbackHost('127.0.0.1.nip.io')).toBe(false);
    expect(isLoopbackHost('0.0.0.0')).toBe(false);
  });
});
