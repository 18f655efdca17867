import { describe, expect, it } from 'vitest';
import { keyInQuery, messageTarget, type PathRules, routeOf } from '../../main/gateway/routes.ts';
import { ALL, profileScope, serverScope } from '../../main/protocol/scope.ts';

describe('routeOf', () => {
  it.each(['mcp', 'sse', 'message'])('/%s is the merged endpoint', (kind) => {
    for (const path of [`/${kind}`, `/${kind}/`, `/${kind}//`, `/${kind}?x=1`, `/${kind}/?x=/a/mcp`]) {
      expect(routeOf(path)).toEqual({ token: null, kind, scope: ALL });
    }
  });

  it.each(['mcp', 'sse', 'message'])('one server alone, and one profile, have /%s too', (kind) => {
    for (const path of [`/servers/a.b/${kind}`, `/a.b/${kind}`, `/servers/a%2Eb/${kind}/`]) {
      expect(routeOf(path)).toEqual({ token: null, kind, scope: serverScope('a.b') });
    }
    expect(routeOf(`/p/work/${kind}/`)).toEqual({ token: null, kind, scope: profileScope('work') });
  });

  it.each([
    '/',
    '',
    'mcp',
    '//mcp',
    '/servers//mcp',
    '/p//mcp',
    '/a/b/mcp',
    '/a/b/c/mcp',
    '/p/a/b/mcp',
    '/servers/%E0%A4%A/mcp',
    '/../mcp/x',
    '/mcp/../etc',
    '/servers/a',
    '/p/work',
    'http://127.0.0.1/mcp',
    '*',
  ])('%j is nothing', (path) => {
    expect(routeOf(path)).toEqual({ kind: 'unknown' });
  });

  it.each(['p', 'servers', 'status', 'sse', 'mcp', '_local'])('a server named %s has a route', (name) => {
    expect(routeOf(`/servers/${name}/mcp`)).toEqual({ token: null, kind: 'mcp', scope: serverScope(name) });
    // Nothing fixed stands there, so the short form works as well.
    expect(routeOf(`/${name}/mcp`)).toEqual({ token: null, kind: 'mcp', scope: serverScope(name) });
  });

  it('keeps what is no endpoint apart', () => {
    expect(routeOf('/_healthz').kind).toBe('health');
    expect(routeOf('/_readyz/').kind).toBe('ready');
    expect(routeOf('/status').kind).toBe('status');
    expect(routeOf('/_local/connection').kind).toBe('local');
    expect(routeOf('/_local/presence').kind).toBe('presence');
  });
});

describe('below a base path', () => {
  const below = (path: string, local = false): string => routeOf(path, '/gate', local).kind;

  it('is everything', () => {
    expect(routeOf('/gate/mcp', '/gate')).toEqual({ token: null, kind: 'mcp', scope: ALL });
    expect(routeOf('/gate/servers/a/sse/', '/gate')).toEqual({
      token: null,
      kind: 'sse',
      scope: serverScope('a'),
    });
    expect(routeOf('/gate/gate/mcp', '/gate')).toEqual({
      token: null,
      kind: 'mcp',
      scope: serverScope('gate'),
    });
    for (const [path, kind] of [
      ['/gate/status', 'status'],
      ['/gate/_healthz', 'health'],
      ['/gate/_readyz', 'ready'],
    ] as const) {
      expect(below(path)).toBe(kind);
    }
  });

  it('and beside it only health, but on the private socket all', () => {
    for (const path of ['/mcp', '/sse', '/status', '/a/mcp', '/gateway/mcp', '/gate', '/gatemcp']) {
      expect(below(path)).toBe('unknown');
    }
    expect(below('/_healthz')).toBe('health');
    expect(below('/_readyz')).toBe('ready');
    for (const path of ['/mcp', '/sse', '/a/mcp']) expect(below(path, true)).not.toBe('unknown');
    expect(below('/status', true)).toBe('status');
    expect(below('/_local/connection', true)).toBe('local');
  });
});

it('tells where messages go: beside the stream, with what lets the client in', () => {
  expect(messageTarget('/sse', '1')).toBe('/message?sessionId=1');
  expect(messageTarget('/gate/servers/a.b/sse//?x=1', '1')).toBe('/gate/servers/a.b/message?sessionId=1');
  expect(messageTarget('/a/t%20t/sse?key=a%26b&sessionId=9', '1')).toBe(
    '/a/t%20t/message?key=a%26b&sessionId=1',
  );
  for (const path of ['/sse', '/servers/a.b/sse/', '/p/w/sse', '/sse/sse']) {
    const scope = routeOf(path);
    expect(routeOf(messageTarget(path, '1'))).toEqual({ ...scope, kind: 'message' });
  }
});

describe('what the configuration adds', () => {
  const rules = (tokens: boolean, routes: Record<string, string> = {}): PathRules => ({
    owner: (path) => routes[path] ?? null,
    tokens,
  });
  const at = (path: string, with_: PathRules): unknown => routeOf(path, '', false, with_);

  it('a token in the path, only where that is allowed', () => {
    for (const path of ['/a/s3cret/sse', '/servers/a/s3cret/sse/']) {
      expect(at(path, rules(true))).toEqual({ kind: 'sse', scope: serverScope('a'), token: 's3cret' });
      expect(at(path, rules(false))).toEqual({ kind: 'unknown' });
    }
    expect(at('/p/work/mcp', rules(true))).toEqual({ kind: 'mcp', scope: profileScope('work'), token: null });
    expect(at('/a/b/c/mcp', rules(true))).toEqual({ kind: 'unknown' });
  });

  it('a path of its own for a server, of any depth', () => {
    const routes = { 'fetch/s3cret': 'fetch', 'team/files/x': 'files', 高德: 'amap' };
    expect(at('/fetch/s3cret/mcp', rules(false, routes))).toEqual({
      kind: 'mcp',
      scope: serverScope('fetch'),
      token: null,
    });
    expect(at('/fetch/s3cret/mcp', rules(true, routes))).toMatchObject({ token: 's3cret' });
    expect(at('/team/files/x/message', rules(true, routes))).toMatchObject({ scope: serverScope('files') });
    expect(at(`/${encodeURIComponent('高德')}/sse`, rules(true, routes))).toEqual({
      kind: 'sse',
      scope: serverScope('amap'),
      token: null,
    });
  });
});

it('keeps the addresses of profiles that mcpproxy-go gives', () => {
  expect(routeOf('/mcp/p/work')).toEqual({ kind: 'mcp', scope: profileScope('work'), token: null });
  expect(routeOf('/mcp/all/')).toEqual({ kind: 'mcp', scope: ALL, token: null });
  expect(routeOf('/mcp/p/')).toEqual({ kind: 'unknown' });
});

it('finds the token in a query', () => {
  expect(keyInQuery('/mcp?x=1&key=a%2Fb')).toBe('a/b');
  expect(keyInQuery('/mcp?apikey=k')).toBe('k');
  for (const target of ['/mcp', '/mcp?key=', '/mcp?Key=k']) expect(keyInQuery(target)).toBeNull();
});
