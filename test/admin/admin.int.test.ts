/** The way into the web admin, over real HTTP: who gets in, who does not, and what each is told. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cli,
  type GatewayProcess,
  nodeEntry,
  plainEnv,
  rawServer,
  startGateway,
  until,
} from '../host/gateway.ts';
import { bytesOf } from '../host/left-behind.ts';
import { printedCode, send, type Visitor, visit } from './browser.ts';

const PASSWORD = 'four words nobody guesses';
const ADMIN = ['--admin', '127.0.0.1:0'];

let house: GatewayProcess;
beforeAll(async () => {
  house = await startGateway({
    servers: { raw: nodeEntry(rawServer) },
    args: ADMIN,
    env: { GATEHOUSE_ADMIN_PASSWORD: PASSWORD },
  });
});
afterAll(() => house?.close());

describe('the first password', () => {
  it('is set from this computer with the printed code alone, and then never so again', async () => {
    const fresh = await startGateway({ servers: {}, args: ADMIN });
    try {
      const code = printedCode(fresh);
      expect(code).toMatch(/^[A-Z2-9]{5}(-[A-Z2-9]{5}){3}$/);
      const me = visit(fresh.admin);
      expect(JSON.parse((await me.get('standing')).text)).toMatchObject({
        value: { state: 'setup', near: true },
      });
      expect((await me.post('sign-in', { password: PASSWORD })).code).toBe('admin.no_password');
      const wrong = await me.post('set-up', {
        code: code.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
        password: PASSWORD,
      });
      expect([wrong.status, wrong.code]).toEqual([401, 'admin.wrong_code']);
      // A proxy on this computer passes on what others ask.
      const far = await me.post('set-up', { code, password: PASSWORD }, { 'x-forwarded-for': '203.0.113.9' });
      expect([far.status, far.code]).toEqual([403, 'admin.setup_elsewhere']);
      expect((await me.post('set-up', { code, password: 'short' })).code).toBe('admin.password_too_short');
      expect((await me.command('snapshot.get', {})).status).toBe(401);

      const set = await me.post('set-up', { code: code.toLowerCase(), password: PASSWORD });
      expect(set.status).toBe(200);
      expect((await me.command('snapshot.get', {})).status).toBe(200);
      expect((await visit(fresh.admin).post('set-up', { code, password: `${PASSWORD}!` })).code).toBe(
        'admin.has_password',
      );

      // Only a hash is kept, for nobody else's eyes.
      const file = join(fresh.dataDir, 'admin', 'password.json');
      expect(readFileSync(file, 'utf8')).toContain('"kind": "scrypt"');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      for (const name of readdirSync(fresh.dataDir, { recursive: true, withFileTypes: true })) {
        if (name.isFile()) {
          expect(bytesOf(join(name.parentPath, name.name)).includes(PASSWORD), name.name).toBe(false);
        }
      }
      expect(fresh.log()).not.toContain(PASSWORD);
    } finally {
      await fresh.close();
    }
  });

  it('is set and changed by `gatehouse admin password`, which ends every session of a running app', async () => {
    const fresh = await startGateway({ servers: {}, args: ADMIN });
    try {
      expect(await setByCommand(fresh.dataDir, 'short')).toMatchObject({ code: 1 });
      expect(await setByCommand(fresh.dataDir, PASSWORD)).toMatchObject({ code: 0 });
      const me = visit(fresh.admin);
      await me.signIn(PASSWORD);
      expect((await me.command('snapshot.get', {})).status).toBe(200);
      expect(await setByCommand(fresh.dataDir, `${PASSWORD} 2`)).toMatchObject({ code: 0 });
      expect((await me.command('snapshot.get', {})).code).toBe('admin.signed_out');
      expect((await me.post('sign-in', { password: PASSWORD })).code).toBe('admin.wrong_password');
      await me.signIn(`${PASSWORD} 2`);
    } finally {
      await fresh.close();
    }
  });

  it('comes from the environment, is then not changed here, and no server is given it', async () => {
    const me = visit(house.admin);
    await me.signIn(PASSWORD);
    const change = await me.post('password', { current: PASSWORD, next: `${PASSWORD}!` });
    expect([change.status, change.code]).toEqual([422, 'admin.password_given']);
    expect(readFileSync(`/proc/${house.pid}/cmdline`, 'utf8')).not.toContain(PASSWORD);
  });
});

describe('a session', () => {
  it('is a cookie that no script reads, no other site sends and no other path gets, and a key beside it', async () => {
    const me = visit(house.admin);
    const answer = await me.signIn(PASSWORD);
    const cookies = answer.headers['set-cookie'] ?? [];
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; Path=\/admin\/api; HttpOnly; SameSite=Strict/);
      expect(cookie).not.toContain('Secure');
    }
    expect(answer.headers['cache-control']).toBe('no-store');
    // Behind TLS it never leaves over a plain connection.
    const tls = await visit(house.admin).post(
      'sign-in',
      { password: PASSWORD },
      { origin: house.admin.replace('http:', 'https:').replace(/\/admin\/$/, '') },
    );
    for (const cookie of tls.headers['set-cookie'] ?? []) expect(cookie).toMatch(/; Secure$/);
    expect(tls.headers['set-cookie']).toHaveLength(2);

    expect((await me.command('snapshot.get', {})).status).toBe(200);
    // Another port of this computer gets the cookie too; without the key it opens nothing, nor does the key without it.
    expect(
      (await me.post('command', { name: 'snapshot.get', args: {} }, { 'gatehouse-admin': '1' })).status,
    ).toBe(401);
    expect((await me.post('command', { name: 'snapshot.get', args: {} }, { cookie: undefined })).status).toBe(
      401,
    );
  });

  it('never takes the id that somebody has brought along, and a new sign-in ends the old session', async () => {
    const me = visit(house.admin);
    const name = `gatehouse-admin-${new URL(house.admin).port}`;
    me.cookies.set(name, 'planted');
    await me.signIn(PASSWORD);
    expect(me.cookies.get(name)).not.toBe('planted');
    const before = { cookie: `${name}=${me.cookies.get(name)}`, 'gatehouse-admin': me.key };
    expect((await me.post('command', { name: 'snapshot.get', args: {} }, before)).status).toBe(200);
    await me.signIn(PASSWORD);
    expect((await me.post('command', { name: 'snapshot.get', args: {} }, before)).status).toBe(401);
    // Two of one name: one of them is not ours.
    const twice = `${name}=planted; ${name}=${me.cookies.get(name)}`;
    expect((await me.post('command', { name: 'snapshot.get', args: {} }, { cookie: twice })).status).toBe(
      401,
    );
  });

  it('ends with signing out, its stream of events too', async () => {
    const me = visit(house.admin);
    await me.signIn(PASSWORD);
    const stream = me.get('events');
    const out = await me.post('sign-out', {});
    expect(out.headers['set-cookie']?.[0]).toMatch(/=; Path=\/admin\/api; .*Max-Age=0/);
    const { text } = await stream;
    expect(text).toMatch(/^event: snapshot\ndata: \{/);
    expect(text).toMatch(/event: ended\ndata: \{\}\n\n$/);
    expect((await me.command('snapshot.get', {})).status).toBe(401);
  });
});

describe('who is not our page', () => {
  let me: Visitor;
  beforeAll(async () => {
    me = visit(house.admin);
    await me.signIn(PASSWORD);
  });

  it.each([
    ['no header of ours', { 'gatehouse-admin': undefined }, 'admin.foreign_origin'],
    ['no origin', { origin: undefined }, 'admin.foreign_origin'],
    ['another site', { origin: 'https://evil.example' }, 'admin.foreign_origin'],
    ['another port of this computer', { origin: 'http://127.0.0.1:9' }, 'admin.foreign_origin'],
    ['a sandboxed frame', { origin: 'null' }, 'admin.foreign_origin'],
    [
      'a page of the same site, as the browser says',
      { 'sec-fetch-site': 'same-site' },
      'admin.foreign_origin',
    ],
    ['a rebound name', { host: 'evil.example', origin: 'http://evil.example' }, 'admin.foreign_host'],
    ['a form', { 'content-type': 'text/plain' }, 'admin.bad_request'],
    ['a form with an address', { 'content-type': 'application/x-www-form-urlencoded' }, 'admin.bad_request'],
  ])('%s', async (_what, headers, code) => {
    const answer = await me.post('command', { name: 'gateway.setPaused', args: { paused: true } }, headers);
    expect(answer.code).toBe(code);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    const snapshot = await me.command('snapshot.get', {});
    expect(JSON.parse(snapshot.text)).toMatchObject({ value: { paused: false } });
  });

  it('does not hear what happens either', async () => {
    expect((await me.get('events', { 'sec-fetch-site': 'cross-site' })).code).toBe('admin.foreign_origin');
    expect((await me.get('events', { 'gatehouse-admin': undefined })).code).toBe('admin.foreign_origin');
    expect((await visit(house.admin).get('events')).code).toBe('admin.signed_out');
    // The cookie alone, as another port of this computer gets it, and the key alone.
    expect((await me.get('events', { 'gatehouse-admin': 'x' })).code).toBe('admin.signed_out');
    expect((await me.get('events', { cookie: undefined })).code).toBe('admin.signed_out');
  });

  it('gets no answer to a preflight that would let it', async () => {
    const answer = await send(house.admin, 'OPTIONS', '/admin/api/command', {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'gatehouse-admin',
    });
    expect(answer.status).toBe(405);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

/** A wrong try is forgotten after so long. Milliseconds. */
const ANOTHER_TRY_MS = 12_000;

describe('guessing', () => {
  it('is slowed down, tells when to try again, and does not lock out a browser that was in before', async () => {
    const fresh = await startGateway({
      servers: {},
      args: ADMIN,
      env: { GATEHOUSE_ADMIN_PASSWORD: PASSWORD },
    });
    try {
      const owner = visit(fresh.admin);
      await owner.signIn(PASSWORD);
      await owner.post('sign-out', {});
      const began = Date.now();
      let guesses = 0;
      let answer = await visit(fresh.admin).post('sign-in', { password: 'guess' });
      for (; answer.code === 'admin.wrong_password'; guesses += 1) {
        answer = await visit(fresh.admin).post('sign-in', { password: `guess number ${guesses}` });
      }
      expect(answer.code).toBe('admin.too_many_tries');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      // Five at once, and one more each time that a slow computer gives it.
      expect(guesses).toBeGreaterThanOrEqual(5);
      expect(guesses).toBeLessThanOrEqual(5 + (Date.now() - began) / ANOTHER_TRY_MS);
      // Even the right one has to wait from there,
      expect((await visit(fresh.admin).post('sign-in', { password: PASSWORD })).status).toBe(429);
      // but the owner's browser is known again, and a forged sign of that is none.
      const forged = visit(fresh.admin);
      for (const [name, value] of owner.cookies) forged.cookies.set(name, value.replace(/^./, 'x'));
      expect((await forged.post('sign-in', { password: PASSWORD })).status).toBe(429);
      await owner.signIn(PASSWORD);
    } finally {
      await fresh.close();
    }
  });
});

describe('what is served', () => {
  it('is the built screens with a strict policy, and nothing beside them', async () => {
    const page = await send(house.admin, 'GET', '/admin/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<div id="app">');
    const policy = page.headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers['x-frame-options']).toBe('DENY');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(page.headers['cache-control']).toBe('no-cache');
    const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(page.text)?.[1] ?? '';
    expect((await send(house.admin, 'GET', `/admin/${script}`)).headers['content-type']).toContain(
      'javascript',
    );
    expect((await send(house.admin, 'GET', '/')).headers.location).toBe('/admin/');
  });

  it.each([
    '/admin/../package.json',
    '/admin/..%2f..%2fpackage.json',
    '/admin/%2e%2e/cli.js',
    '/admin/assets/..%5c..%5ccli.js',
    '/admin/..\\cli.js',
    '/admin//etc/passwd',
    '/admin/assets/%00.js',
    '/admin/.built-from',
    '/admin/licenses.md',
    '/admin/%',
    '/admin/../../../../../../etc/passwd',
    '/mcp',
    '/_healthz',
    '/_local/connection',
    '/_local/command',
    '/admin/api/nothing',
    '/admin/api/toString',
    '/admin/api/__proto__',
  ])('not %s', async (path) => {
    const answer = await raw(house.admin, `GET ${path} HTTP/1.1`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).not.toMatch(/root:|"name": "gatehouse"/);
  });

  it('the endpoint has no /admin, and the web admin asks for nothing when it is off', async () => {
    expect((await fetch(`${house.base}/admin/`)).status).toBe(404);
    const plain = await startGateway({ servers: {} });
    expect(plain.admin).toBe('');
    await plain.close();
  });

  it('refuses what is too long, and goes on', async () => {
    const me = visit(house.admin);
    await me.signIn(PASSWORD);
    const long = await me.post('sign-in', { password: 'x'.repeat(20_000) });
    expect([long.status, long.code]).toEqual([413, 'admin.too_large']);
    const longer = await me
      .post('command', { name: 'snapshot.get', args: { pad: 'x'.repeat(2 * 1024 * 1024) } })
      .catch((error: NodeJS.ErrnoException) => error.code ?? '');
    if (typeof longer === 'string') expect(['ECONNRESET', 'EPIPE']).toContain(longer);
    else expect(longer.status).toBe(413);
    expect((await send(house.admin, 'GET', `/admin/${'x'.repeat(5_000)}`)).status).toBe(404);
    expect((await me.post('sign-in', { password: 5 })).code).toBe('admin.bad_request');
    expect((await me.command('snapshot.get', {})).status).toBe(200);
  });
});

describe('commands', () => {
  it('are those of the window, noted as given in the web; what needs a desktop says so', async () => {
    const me = visit(house.admin);
    await me.signIn(PASSWORD);
    await until(
      async () => (await me.command('snapshot.get', {})).text.includes('"state":"ready"'),
      'the server',
    );
    expect((await me.command('server.setEnabled', { server: 'raw', enabled: false })).text).toBe(
      '{"ok":true,"value":null}',
    );
    const open = await me.command('config.open', {});
    expect(open.code).toBe('desktop.unavailable');
    expect(open.text).toContain(house.configFile);
    expect((await me.command('no.such', {})).code).toBe('command.unknown');
    await until(async () => {
      const { text } = await me.command('activity.query', { limit: 50, filter: { client: 'web' } });
      return text.includes('server.setEnabled') && text.includes('web.signIn');
    }, 'the decision in the log');
  });
});

/** Runs `gatehouse admin password` with what is typed on its standard input. */
function setByCommand(dataDir: string, password: string): Promise<{ code: number | null; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, 'admin', 'password', '--data-dir', dataDir], {
      env: plainEnv(),
    });
    let err = '';
    child.stderr.on('data', (piece: Buffer) => {
      err += piece.toString();
    });
    child.on('close', (code) => resolve({ code, err }));
    child.stdin.end(`${password}\n`);
  });
}

/** Sends a line that no client library would. */
function raw(base: string, line: string): Promise<string> {
  const { hostname, port, host } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${line}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}
