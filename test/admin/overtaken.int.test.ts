/** Requests to the web admin that something overtakes: the end of their session, or another change of the password. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from '../host/gateway.ts';
import { printedCode, visit } from './browser.ts';

const PASSWORD = 'four words nobody guesses';

let house: GatewayProcess;
beforeAll(async () => {
  house = await startGateway({ servers: {}, args: ['--admin', '127.0.0.1:0'] });
  const set = await visit(house.admin).post('set-up', { code: printedCode(house), password: PASSWORD });
  expect(set.status).toBe(200);
});
afterAll(() => house?.close());

describe('what is overtaken', () => {
  it('is not carried out for a session that has ended while the request was still coming in', async () => {
    const me = visit(house.admin);
    await me.signIn(PASSWORD);
    const body = JSON.stringify({ name: 'gateway.setPaused', args: { paused: true } });
    const { hostname, port } = new URL(house.admin);
    const headers = { ...me.headers(), 'content-type': 'application/json', 'content-length': body.length };
    const slow = request({
      ...{ hostname, port, method: 'POST', path: '/admin/api/command', agent: false },
      headers: { ...headers, expect: '100-continue' },
    });
    const answered = new Promise<number>((resolve, reject) => {
      slow.on('response', (response) => resolve(response.resume().statusCode ?? 0));
      slow.on('error', reject);
    });
    // The session was good when the head came, and the head has come once it is told to go on.
    const told = new Promise((resolve) => slow.once('continue', resolve));
    slow.flushHeaders();
    await told;
    await me.command('snapshot.get', {});
    expect((await me.post('sign-out', {})).status).toBe(200);
    slow.end(body);
    expect(await answered).toBe(401);
    await me.signIn(PASSWORD);
    const { text } = await me.command('snapshot.get', {});
    expect(JSON.parse(text)).toMatchObject({ value: { paused: false } });
  });

  it('is the second of two changes of the password that give the same old one', async () => {
    const both = [visit(house.admin), visit(house.admin)];
    for (const one of both) await one.signIn(PASSWORD);
    const answers = await Promise.all(
      both.map((one, index) => one.post('password', { current: PASSWORD, next: `${PASSWORD} ${index}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const won = answers.findIndex(({ status }) => status === 200);
    await visit(house.admin).signIn(`${PASSWORD} ${won}`);
  });
});
