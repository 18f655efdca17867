/** What may come to the listener that the browser comes back to: any page and any program of this computer reaches it. */
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Callback, openCallback } from '../../../main/identity/oauth/callback.ts';
import { systemClock } from '../../../main/protocol/clock.ts';

let callback: Callback;
let answers: URLSearchParams[];
beforeEach(async () => {
  callback = await openCallback({ clock: systemClock, port: 0, path: '/callback', state: 'right' });
  answers = [];
  void callback.answer.then((answer) => answers.push(answer));
});
afterEach(() => callback.close());

/** Sends one request as it is written; resolves with the first line of the answer. */
function ask(target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(callback.port, '127.0.0.1', () => {
      socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${callback.port}\r\n\r\n`);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed without an answer')));
    socket.on('data', (chunk: Buffer) => {
      resolve(chunk.toString('latin1').split('\r\n')[0] ?? '');
      socket.destroy();
    });
  });
}

describe('the listener of a sign-in', () => {
  it.each([
    ['//', '404'],
    ['http://[', '404'],
    ['///callback?state=right', '404'],
    ['/callback', '400'],
    ['/callback?state=wrong&code=x', '400'],
    ['/callback?state=wrong&state=right', '400'],
    ['/callback?state=wrong&error=access_denied', '400'],
  ])('answers %s with %s and still waits for the right one', async (target, status) => {
    expect(await ask(target)).toContain(` ${status} `);
    expect(answers).toEqual([]);
    const back = ask('/callback?state=right&code=c');
    const answer = await callback.answer;
    expect(answer.get('code')).toBe('c');
    callback.finish({ kind: 'unknown' });
    expect(await back).toContain(' 303 ');
  });
});
