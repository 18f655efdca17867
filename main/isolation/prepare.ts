/**
 * What a container needs before its start: the launcher that its image can run, and a package cache that belongs to its
 * user.
 */
import type Docker from 'dockerode';
import type { Container } from 'dockerode';
import { INSIDE, LABELS } from './container-spec.ts';
import { type Launcher, type LauncherKind, launchers } from './launcher.ts';
import { statusOf } from './trouble.ts';

/** Where each launcher's program may be in an image. */
const PLACES: Readonly<Record<LauncherKind, readonly string[]>> = {
  sh: ['/bin/sh', '/usr/bin/sh'],
  node: ['/usr/local/bin/node', '/usr/bin/node', '/nodejs/bin/node'],
  python3: ['/usr/local/bin/python3', '/usr/bin/python3'],
};

const PERL = ['/usr/bin/perl', '/usr/local/bin/perl'];

/** A launcher and where its program is in the image. */
export interface PlacedLauncher {
  readonly launcher: Launcher;
  readonly entrypoint: readonly string[];
  /** Where the image has Perl, which an observer needs; null without it. */
  readonly perl: string | null;
}

/** The first launcher that this container's image has; null when it has none. */
export async function launcherIn(container: Container): Promise<PlacedLauncher | null> {
  for (const launcher of launchers) {
    for (const path of PLACES[launcher.kind]) {
      if (await hasFile(container, path)) {
        const perl = await firstOf(container, PERL);
        return { launcher, entrypoint: [path, ...launcher.entrypoint.slice(1)], perl };
      }
    }
  }
  return null;
}

async function firstOf(container: Container, paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await hasFile(container, path)) return path;
  return null;
}

async function hasFile(container: Container, path: string): Promise<boolean> {
  try {
    await container.infoArchive({ path });
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

/** A server's own package cache. Different users have different ones. */
export function cacheVolumeName(instance: string, server: string, user: string): string {
  const safe = server.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 80);
  return `gatehouse-cache-${instance.slice(0, 8)}-${safe}-${user.replaceAll(':', '-')}`;
}

/** Makes the volume when it is not there. */
export async function ensureVolume(
  docker: Docker,
  name: string,
  instance: string,
  server: string,
): Promise<void> {
  await docker.createVolume({
    Name: name,
    Labels: {
      [LABELS.managed]: 'true',
      [LABELS.instance]: instance,
      [LABELS.server]: server,
      [LABELS.role]: 'cache',
    },
  });
}

/** Puts a directory of the container's user into the cache, without running anything as root. */
export async function ownCache(container: Container, user: string): Promise<void> {
  const [uid = '0', gid = uid] = user.split(':');
  const name = INSIDE.cacheOfUser.slice(INSIDE.cache.length + 1);
  await container.putArchive(directoryTar(name, Number(uid) || 0, Number(gid) || 0), { path: INSIDE.cache });
}

/** A tar archive (POSIX ustar) with one directory that only its owner may enter. Pure, for tests. */
export function directoryTar(name: string, uid: number, gid: number): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number): void => {
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  };
  header.write(`${name}/`, 0, 'latin1');
  octal(0o700, 100, 8);
  octal(uid, 108, 8);
  octal(gid, 116, 8);
  octal(0, 124, 12);
  octal(0, 136, 12);
  header.write('        ', 148, 'latin1');
  header.write('5', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, Buffer.alloc(1024)]);
}
