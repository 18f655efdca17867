import { describe, expect, it } from 'vitest';
import { createGuard, isLoopbackHost, refusal } from '../../main/gateway/guards.ts';

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

describe('names that the owner trusts', () => {
  const rules = (...trusted: string[]) => ({ host: '127.0.0.1', trusted: () => trusted });

  it.each([
    ['mcp.example.com', 'mcp.example.com'],
    ['mcp.example.com', 'MCP.example.com:8443'],
    ['.example.com', 'a.b.example.com'],
    ['mcp.example.com:8443', 'mcp.example.com:8443'],
    ['[2001:db8::1]:80', '[2001:db8::1]:80'],
  ])('%s lets %s in', (pattern, host) => {
    expect(refusal(rules(pattern), host, undefined)).toBeNull();
  });

  it.each([
    ['mcp.example.com', 'example.com'],
    ['mcp.example.com', 'evil-mcp.example.com'],
    ['.example.com', 'example.com'],
    ['.example.com', 'evilexample.com'],
    ['mcp.example.com:8443', 'mcp.example.com'],
    ['mcp.example.com:8443', 'mcp.example.com:80'],
    ['[2001:db8::1]:80', '[2001:db8::1]'],
  ])('dns-rebinding: %s does not let %s in', (pattern, host) => {
    expect(refusal(rules(pattern), host, undefined)).toBe('host');
  });

  it('are origins of pages as well', () => {
    const host = 'mcp.example.com';
    expect(refusal(rules(host), host, 'https://mcp.example.com')).toBeNull();
    expect(refusal(rules(host), host, 'https://evil.example.com')).toBe('origin');
    expect(refusal(rules(`${host}:443`), '127.0.0.1', 'https://mcp.example.com')).toBeNull();
    expect(refusal(rules(`${host}:443`), '127.0.0.1', 'http://mcp.example.com')).toBe('origin');
  });
});

describe('one request after another', () => {
  it('what has passed opens the door for nothing else', () => {
    const guard = createGuard({ host: '127.0.0.1' });
    expect(guard('localhost:4180', undefined)).toBeNull();
    expect(guard('localhost:4180', undefined)).toBeNull();
    expect(guard('localhost:4180', 'https://evil.example')).toBe('origin');
    expect(guard('evil.example:4180', undefined)).toBe('host');
    expect(guard('evil.example:4180', undefined)).toBe('host');
    expect(guard(undefined, undefined)).toBe('host');
    expect(guard('localhost:4180', undefined)).toBeNull();
  });

  it('a name that is not trusted any more is refused from then on', () => {
    let trusted = ['mcp.example.com'];
    const guard = createGuard({ host: '127.0.0.1', trusted: () => trusted });
    expect(guard('mcp.example.com', undefined)).toBeNull();
    expect(guard('mcp.example.com', undefined)).toBeNull();
    trusted = [];
    expect(guard('mcp.example.com', undefined)).toBe('host');
  });
});
