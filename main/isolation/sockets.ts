/**
 * Where container engines listen. Pure.
 */
import { posix, win32 } from 'node:path';

/**
 * The sockets (named pipes on Windows) that an engine may have, most wanted first: Docker before Podman, the user's own
 * before the system's where both are usual.
 *
 * @param env the process environment; `XDG_RUNTIME_DIR` is read
 * @param platform a value of `process.platform`
 * @param home the user's home directory, absolute
 */
export function engineSockets(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): readonly string[] {
  if (platform === 'win32') {
    return ['docker_engine', 'podman-machine-default'].map((name) => win32.join('\\\\.\\pipe', name));
  }
  const inHome = (path: string): string => posix.join(home, path);
  const inRun = (path: string): string[] =>
    env.XDG_RUNTIME_DIR ? [posix.join(env.XDG_RUNTIME_DIR, path)] : [];
  return [
    inHome('.docker/run/docker.sock'),
    '/var/run/docker.sock',
    inHome('.docker/desktop/docker.sock'),
    ...inRun('docker.sock'),
    inHome('.orbstack/run/docker.sock'),
    inHome('.colima/default/docker.sock'),
    inHome('.rd/docker.sock'),
    ...inRun('podman/podman.sock'),
    inHome('.local/share/containers/podman/machine/podman.sock'),
    '/run/podman/podman.sock',
  ];
}
