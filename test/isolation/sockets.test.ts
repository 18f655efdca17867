import { describe, expect, it } from 'vitest';
import { engineSockets } from '../../main/isolation/sockets.ts';

describe('engineSockets', () => {
  it('tries Docker before Podman, and the user’s own sockets', () => {
    const sockets = engineSockets({ XDG_RUNTIME_DIR: '/run/user/1000' }, 'linux', '/home/ada');
    expect(sockets).toContain('/var/run/docker.sock');
    expect(sockets).toContain('/run/user/1000/docker.sock');
    expect(sockets.indexOf('/var/run/docker.sock')).toBeLessThan(
      sockets.indexOf('/run/user/1000/podman/podman.sock'),
    );
  });

  it('leaves out what has no runtime directory', () => {
    for (const path of engineSockets({}, 'darwin', '/Users/ada'))
      expect(path).toMatch(/^\/(Users\/ada|var|run)\//);
  });

  it('knows the pipes of Windows', () => {
    expect(engineSockets({}, 'win32', 'C:\\Users\\ada')[0]).toBe('\\\\.\\pipe\\docker_engine');
  });
});
