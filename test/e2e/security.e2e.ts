/**
 * What a page may not do, tried in the real window, attack by attack.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { type RunningApp, startApp } from './app.ts';
import { waitFor } from './wait.ts';

let desktop: Desktop;
let running: RunningApp;

beforeAll(async () => {
  desktop = await startDesktop();
  running = await startApp(desktop);
}, 60_000);

afterAll(async () => {
  await running?.close();
  await desktop?.close();
});

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

describe('the page', () => {
  it('comes with the strict policy', async () => {
    const answer = await running.app.evaluate(async ({ net }) => {
      const response = await net.fetch('app://gatehouse/index.html');
      return [
        response.status,
        response.headers.get('content-security-policy'),
        response.headers.get('x-content-type-options'),
      ];
    });
    expect(answer).toEqual([200, policy, 'nosniff']);
  });

  it('has the bridge and nothing else of Node or Electron', async () => {
    const found = await running.page.evaluate(() => {
      const names = [
        'require',
        'process',
        'module',
        'global',
        'Buffer',
        '__dirname',
        'electron',
        'ipcRenderer',
      ];
      const scope = window as unknown as Record<string, unknown>;
      return {
        foreign: names.filter((name) => scope[name] !== undefined),
        bridge: Object.keys(scope.gatehouse as object).sort(),
        frozen: Object.isFrozen(scope.gatehouse),
      };
    });
    expect(found).toEqual({ foreign: [], bridge: ['invoke', 'on'], frozen: true });
  });

  it('inline-script: does not run what is written into it', async () => {
    const ran = await running.page.evaluate(async () => {
      const scope = window as unknown as Record<string, unknown>;
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        violations.push(event.effectiveDirective),
      );
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.body.append(script);
      const image = document.createElement('img');
      image.setAttribute('onerror', 'window.handlerRan = true');
      image.src = 'data:image/png;base64,x';
      document.body.append(image);
      const remote = document.createElement('script');
      remote.src = 'https://127.0.0.1:9/x.js';
      document.body.append(remote);
      const frame = document.createElement('iframe');
      frame.src = 'data:text/html,<p>x';
      document.body.append(frame);
      await fetch('http://127.0.0.1:9/').catch(() => {});
      for (let i = 0; i < 100 && violations.length < 5; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      for (const each of [script, image, remote, frame]) {
        each.remove();
      }
      return {
        inline: scope.inlineRan,
        handler: scope.handlerRan,
        violations: [...new Set(violations)].sort(),
      };
    });
    expect(ran).toEqual({
      inline: undefined,
      handler: undefined,
      violations: ['connect-src', 'frame-src', 'script-src-attr', 'script-src-elem'],
    });
  });

  it('eval: does not make code from text', async () => {
    // In the page's own world: Playwright's evaluation is the debugger's and not bound by the policy, a listener is.
    const refused = await running.page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          addEventListener(
            'gatehouse-test',
            () => {
              try {
                // biome-ignore lint/security/noGlobalEval: the attack itself
                resolve(String(globalThis.eval('1+1')));
              } catch (error) {
                resolve(String(error));
              }
            },
            { once: true },
          );
          setTimeout(() => dispatchEvent(new Event('gatehouse-test')), 0);
        }),
    );
    expect(refused).toMatch(/EvalError/);
  });

  it('unknown-name: has a bridge that knows the contract only', async () => {
    const answers = await running.page.evaluate(async () => {
      const invoke = window.gatehouse?.invoke as unknown as (
        name: unknown,
        args: unknown,
      ) => Promise<unknown>;
      const on = window.gatehouse?.on as unknown as (name: string, listener: () => void) => void;
      const thrown = ['snapshot2', 'constructor'].map((name) => {
        try {
          on(name, () => {});
          return 'taken';
        } catch {
          return 'refused';
        }
      });
      return [await invoke('shell.exec', { command: 'id' }), await invoke('__proto__', {}), thrown];
    });
    expect(answers).toMatchObject([
      { ok: false, error: { code: 'bridge.unknown_name' } },
      { ok: false, error: { code: 'bridge.unknown_name' } },
      ['refused', 'refused'],
    ]);
  });

  it('navigation: stays where it is', async () => {
    const { page } = running;
    let visited = 0;
    const server = createServer((_request, response) => {
      visited += 1;
      response.end('<h1>elsewhere</h1>');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    for (const target of [url, 'file:///etc/passwd', 'data:text/html,x', 'app://other/index.html']) {
      await page
        .evaluate((to) => {
          const link = document.createElement('a');
          link.href = to;
          document.body.append(link);
          link.click();
          link.remove();
          location.assign(to);
        }, target)
        .catch(() => {});
    }
    // By evaluation: a locator would wait for the navigation that was refused.
    const still = await page.evaluate(() => [location.origin, document.querySelector('h1')?.textContent]);
    expect(still).toEqual(['app://gatehouse', 'Servers']);
    expect(visited).toBe(0);
    server.close();
  });

  it('window-open: opens no window, and only https leaves for the browser', async () => {
    const { app, page } = running;
    await app.evaluate(({ shell }) => {
      const scope = globalThis as unknown as { opened: string[] };
      scope.opened = [];
      shell.openExternal = async (url) => void scope.opened.push(url);
    });
    const results = await page.evaluate(() =>
      [
        'https://example.com/help',
        'http://example.com/',
        'file:///etc/passwd',
        'javascript:alert(1)',
        'smb://x/y',
        'app://gatehouse/index.html',
      ].map((url) => window.open(url) === null),
    );
    expect(results).toEqual([true, true, true, true, true, true]);
    await waitFor('the link to be handed on', () =>
      app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened.length > 0),
    );
    expect(await app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)).toEqual([
      'https://example.com/help',
    ]);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('permissions: gets none', async () => {
    const answers = await running.page.evaluate(async () => {
      const place = new Promise<string>((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          (error) => resolve(`denied ${error.code}`),
          { timeout: 3000 },
        );
      });
      const media = navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(
        () => 'granted',
        (error: Error) => error.name,
      );
      const asked = await Promise.all(
        ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi'].map((name) =>
          navigator.permissions.query({ name: name as PermissionName }).then(
            (status) => status.state,
            () => 'unknown',
          ),
        ),
      );
      return {
        place: await place,
        media: await media,
        notification: await Notification.requestPermission(),
        clipboard: await navigator.clipboard.readText().then(
          () => 'granted',
          (error: Error) => error.name,
        ),
        granted: asked.filter((state) => state === 'granted'),
      };
    });
    expect(answers).toMatchObject({
      place: 'denied 1',
      notification: 'denied',
      clipboard: 'NotAllowedError',
      granted: [],
    });
    expect(['NotAllowedError', 'NotFoundError']).toContain(answers.media);
  });

  it('foreign-sender: a page or frame that is not ours gets no answer, even with a bridge of its own', async () => {
    const codes = await running.app.evaluate(async ({ BrowserWindow }) => {
      const ask = "require('electron').ipcRenderer.invoke('gatehouse:command', 'snapshot.get', {})";
      const results: unknown[] = [];
      // As bad as it gets: pages with the whole of Electron in their hands, in a window that is not the app's.
      for (const url of ['data:text/html,<p>foreign', 'app://gatehouse/index.html']) {
        const foreign = new BrowserWindow({
          show: false,
          webPreferences: { nodeIntegration: true, contextIsolation: false, sandbox: false },
        });
        await foreign.loadURL(url);
        results.push(await foreign.webContents.executeJavaScript(ask));
        foreign.destroy();
      }
      return results;
    });
    expect(codes).toMatchObject([
      { ok: false, error: { code: 'ipc.foreign_sender' } },
      { ok: false, error: { code: 'ipc.foreign_sender' } },
    ]);
  });

  it('foreign-sender: our own window gets no answer while it shows another page', async () => {
    const answers = await running.app.evaluate(async ({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      const results: unknown[] = [];
      for (const url of ['data:text/html,<p>foreign', 'app://gatehouse/index.html']) {
        await window?.loadURL(url);
        results.push(await window?.webContents.executeJavaScript("gatehouse.invoke('snapshot.get', {})"));
      }
      return results;
    });
    expect(answers).toMatchObject([{ ok: false, error: { code: 'ipc.foreign_sender' } }, { ok: true }]);
  });

  it('runs in the sandbox, in a world of its own', async () => {
    const preferences = await running.app.evaluate(async ({ BrowserWindow, app }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
        openDevTools(options: object): void;
        isDevToolsOpened(): boolean;
      };
      if (app.isPackaged) {
        contents.openDevTools({ mode: 'detach' });
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } =
        contents.getLastWebPreferences();
      return {
        sandbox,
        contextIsolation,
        nodeIntegration,
        webSecurity,
        webviewTag,
        tools: contents.isDevToolsOpened(),
      };
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      // Asked for in a package, and not given.
      tools: false,
    });
    expect(preferences.webviewTag ?? false).toBe(false);
  });
});
