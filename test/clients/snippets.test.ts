import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snippet } from '../../main/clients/snippets.ts';
import { anyText } from '../fakes/any-text.ts';

const url = 'http://127.0.0.1:4180/mcp';

describe('snippet', () => {
  it('url is the address alone, without the token', () => {
    expect(snippet('url', { url, token: 'secret' })).toBe(url);
  });

  it('json is an entry as Claude and Cursor read it', () => {
    expect(JSON.parse(snippet('json', { url, token: 't' }))).toEqual({
      mcpServers: { gatehouse: { type: 'http', url, headers: { Authorization: 'Bearer t' } } },
    });
    expect(JSON.parse(snippet('json', { url, token: null }))).toEqual({
      mcpServers: { gatehouse: { type: 'http', url } },
    });
  });

  it('claude-code is one command', () => {
    expect(snippet('claude-code', { url, token: 'abc-123' })).toBe(
      `claude mcp add --transport http gatehouse ${url} --header 'Authorization: Bearer abc-123'`,
    );
    expect(snippet('claude-code', { url, token: null })).toBe(
      `claude mcp add --transport http gatehouse ${url}`,
    );
  });

  it('json carries any token whole', () => {
    fc.assert(
      fc.property(anyText, (token) => {
        const { mcpServers } = JSON.parse(snippet('json', { url, token })) as {
          mcpServers: { gatehouse: { headers: { Authorization: string } } };
        };
        return mcpServers.gatehouse.headers.Authorization === `Bearer ${token}`;
      }),
    );
  });
});
