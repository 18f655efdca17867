import { describe, expect, it } from 'vitest';
import { messagePath, routeOf } from '../../main/gateway/routes.ts';
import { ALL, profileScope, serverScope } from '../../main/protocol/scope.ts';

describe('routeOf', () => {
  it.each(['mcp', 'sse', 'message'])('/%s is the merged endpoint', (kind) => {
    for (const path of [`/${kind}`, `/${kind}/`, `/${kind}//`, `/${kind}?x=1`, `/${kind}/?x=/a/mcp`]) {
      expect(routeOf(path)).toEqual({ kind, scope: ALL });
    }
  });

  it.each(['mcp', 'sse', 'message'])('one server alone, and one profile, have /%s too', (kind) => {
    for (const path of [`/servers/a.b/${kind}`, `/a.b/${kind}`, `/servers/a%2Eb/${kind}/`]) {
      expect(routeOf(path)).toEqual({ kind, scope: serverScope('a.b') });
    }
    expect(routeOf(`/p/work/${kind}/`)).toEqual({ kind, scope: profileScope('work') });
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
    expect(routeOf(`/servers/${name}/mcp`)).toEqual({ kind: 'mcp', scope: serverScope(name) });
    // Nothing fixed stands there, so the short form works as well.
    expect(routeOf(`/${name}/mcp`)).toEqual({ kind: 'mcp', scope: serverScope(name) });
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
    expect(routeOf('/gate/mcp', '/gate')).toEqual({ kind: 'mcp', scope: ALL });
    expect(routeOf('/gate/servers/a/sse/', '/gate')).toEqual({ kind: 'sse', scope: serverScope('a') });
    expect(routeOf('/gate/gate/mcp', '/gate')).toEqual({ kind: 'mcp', scope: serverScope('gate') });
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

it('tells where messages go, in a form that leads back to the same scope', () => {
  for (const scope of [ALL, serverScope('a.b'), serverScope('p'), profileScope('w')]) {
    expect(routeOf(messagePath(scope, ''))).toEqual({ kind: 'message', scope });
    expect(routeOf(`${messagePath(scope, '/gate')}?sessionId=1`, '/gate')).toEqual({
      kind: 'message',
      scope,
    });
  }
});
