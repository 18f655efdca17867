/**
 * Opens an address in the person's browser from a terminal. Nothing stays open.
 */
import { spawn } from 'node:child_process';

/** False where no browser can be opened, for example on a machine without a display. */
export function openBrowser(
  url: string,
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): Promise<boolean> {
  const found = opener(platform, env);
  if (found === null || !/^https?:\/\//.test(url)) return Promise.resolve(false);
  const [command, ...args] = found;
  return new Promise((done) => {
    // No shell reads the address: it comes from a server.
    const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true, windowsHide: true });
    child.once('error', () => done(false));
    child.once('spawn', () => done(true));
    child.unref();
  });
}

function opener(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): readonly [string, ...string[]] | null {
  if (env.HEADLESS !== undefined || env.NO_BROWSER !== undefined) return null;
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env.DISPLAY === undefined && env.WAYLAND_DISPLAY === undefined ? null : ['xdg-open'];
}
