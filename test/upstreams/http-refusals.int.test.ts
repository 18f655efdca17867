/** Refusals: what the link over streamable HTTP makes of statuses, and when it takes its session for lost. */
import { describe, expect, it, vi } from 'vitest';
import { closeAfterEach, noStream, type Opened, open, server, session } from './http-links.ts';
import { answer, ask, json, tell } from './http-peers.ts';

closeAfterEach();

describe('refusals', () => {
  const refusing = async (
    status: number,
    body: string,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ): Promise<Opened> => {
    const one = await server((_got, response) => response.writeHead(status, headers).end(body));
    const opened = await open({
      url: `${one.origin}/mcp?key=QUERYSECRET`,
      headers: { Authorization: 'Bearer HEADERSECRET' },
    });
    opened.link.send(ask(7, 'tools/call'), 7, null);
    return opened;
  };

  it.each([
    ['with our id', '{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"no","data":{"n":1e400}}}'],
    [
      'with a null id',
      '{"jsonrpc":"2.0","error":{"code":-32602,"message":"no","data":{"n":1e400}},"id":null}',
    ],
    ['without an id', '{"jsonrpc":"2.0","error":{"code":-32602,"message":"no","data":{"n":1e400}}}'],
    [
      'with an id of its own',
      '{"jsonrpc":"2.0","id":"server-error","error":{"code":-32602,"message":"no","data":{"n":1e400}}}',
    ],
  ])("passes the server's own error under status 400, %s", async (_how, body) => {
    const { told } = await refusing(400, body);
    expect(await told.heard('error')).toEqual({
      text: '{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"no","data":{"n":1e400}}}',
      about: 7,
    });
    expect(told.failures).toEqual([]);
  });

  it('names status and the beginning of the text of any other refusal, and no secret', async () => {
    const { told } = await refusing(
      502,
      `<html>\n<h1>Bad\u0000\u202e gateway</h1> Bearer HEADERSECRET key=QUERYSECRET ${'x'.repeat(5000)}`,
      { 'content-type': 'text/html' },
    );
    const error = await told.failureOf(7);
    expect(error).toMatchObject({ code: 'upstream.http_status', cause: { status: 502 } });
    expect(error.message).toContain('502: <html> <h1>Bad gateway</h1> [hidden] [hidden] xxx');
    expect(error.message).not.toMatch(/SECRET/);
    expect(error.message.length).toBeLessThan(400);
  });

  it('keeps the challenge of a 401 for signing in', async () => {
    const { told } = await refusing(401, '{}', { 'www-authenticate': 'Bearer resource_metadata="x"' });
    expect(await told.failureOf(7)).toMatchObject({
      code: 'upstream.unauthorized',
      cause: { status: 401, wwwAuthenticate: 'Bearer resource_metadata="x"' },
    });
  });

  it('tells a 403 from other refusals', async () => {
    const { told } = await refusing(403, 'go away');
    expect(await told.failureOf(7)).toMatchObject({ code: 'upstream.forbidden' });
  });

  it('a 404 without a session is a refusal like others', async () => {
    const { told } = await refusing(404, 'nothing here');
    expect(await told.failureOf(7)).toMatchObject({ code: 'upstream.http_status', cause: { status: 404 } });
    expect(told.ends).toEqual([]);
  });

  it.each([
    [404, 'gone'],
    [404, '{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}'],
    [400, '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"}}'],
  ])('a %i in a session (%s) means that the session is lost', async (status, body) => {
    const { link, told } = await session((got, response) => {
      if (!noStream(got, response)) json(response, status, body);
    });
    link.send(ask(2, 'tools/list'), 2, null);
    expect(await told.end()).toMatchObject({ code: 'upstream.session_lost' });
    link.send(ask(3, 'tools/list'), 3, null);
    await link.close();
    expect(told.ends).toHaveLength(1);
    // What was refused was not carried out, and can be asked again in another session.
    expect(told.failures).toMatchObject([{ id: 2, error: { code: 'upstream.session_lost' } }]);
  });

  it('what is under way when the session is lost is refused too, each by itself', async () => {
    const { link, told } = await session((got, response) => {
      if (!noStream(got, response)) json(response, 404, 'gone');
    });
    for (const id of [2, 3, 4]) link.send(ask(id, 'tools/list'), id, null);
    await told.end();
    expect(told.failures.map(({ id }) => id).sort()).toEqual([2, 3, 4]);
  });

  it('a 400 in a session that speaks of something else is an answer', async () => {
    const { link, told } = await session((got, response) => {
      if (!noStream(got, response))
        json(response, 400, '{"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"bad"}}');
    });
    link.send(ask(2, 'tools/list'), 2, null);
    expect((await told.answerTo(2)).error?.message).toBe('bad');
    expect(told.ends).toEqual([]);
  });

  it('refused notifications end nothing', async () => {
    const one = await server((got, response) =>
      got.message.id === undefined
        ? response.writeHead(500).end('no')
        : json(response, 200, answer(got.message.id)),
    );
    const { link, told } = await open({ url: one.origin });
    link.send(tell('notifications/cancelled'), -1, null);
    await vi.waitFor(() => expect(one.got).toHaveLength(1), 10_000);
    link.send(ask(1, 'x'), 1, null);
    await told.answerTo(1);
    expect(told.failures).toEqual([]);
  });
});
