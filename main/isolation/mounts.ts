/**
 * The paths of this computer that a contained server may see: resolved (also through links) and checked before each
 * start, so that what the engine mounts is what was judged. Opens nothing that stays open.
 */
import { realpath, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { GatehouseError } from '../protocol/error.ts';
import { unsafeChoice } from './policy.ts';
import { type Sentence, sentence } from './sentences.ts';
import type { MountWish } from './wish.ts';

/** A mount that has been judged. */
export interface Mount {
  /** Real path, without links. */
  readonly source: string;
  readonly target: string;
  readonly write: boolean;
  readonly uid: number;
  /** Which file or folder it was when it was judged. */
  readonly file: string;
}

/** What mounts are judged by. */
export interface Home {
  readonly platform: NodeJS.Platform;
  /** Absolute. */
  readonly home: string;
  /** Gatehouse's own; holds keys. */
  readonly dataDir: string;
}

/** No server is ever to see these or what is in them: the kernel, devices, sockets of engines and services. */
const NEVER = [
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/var/run',
  '/boot',
  '/var/lib/docker',
  '/var/lib/containers',
];
/** Only for those who insist: what the system and other users keep; and programs, to be written. */
const SYSTEM = ['/etc', '/root', '/var/lib', '/var/spool'];
const PROGRAMS = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/opt'];
const WINDOWS_SYSTEM = ['C:\\Windows', 'C:\\Program Files', 'C:\\Program Files (x86)', 'C:\\ProgramData'];
/** Only for those who insist: keys and tokens, relative to the home directory. */
const KEYS = [
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.docker',
  '.config/gcloud',
  '.netrc',
  '.npmrc',
  '.pypirc',
];
const MORE_KEYS = [
  '.git-credentials',
  '.password-store',
  '.mozilla',
  '.local/share/keyrings',
  '.config/google-chrome',
  '.config/chromium',
];
const MAC_KEYS = ['Library/Keychains', 'Library/Application Support/Google', 'Library/Cookies', 'AppData'];
/** Places inside that must stay what they are: with all that is in them, or as a whole. */
const KERNEL_INSIDE = ['/proc', '/sys', '/dev'];
const KEPT_INSIDE = [
  '/etc',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/usr',
  '/usr/bin',
  '/usr/lib',
  '/var/cache/gatehouse',
];

/**
 * Resolves and checks all mounts. Rejects with `isolation.mount_missing`, `isolation.mount_refused` (never possible),
 * or `isolation.unsafe` (only with `unsafe`); `weakened` collects the words for those that were insisted on.
 */
export async function checkMounts(
  wishes: readonly MountWish[],
  home: Home,
  unsafe: boolean,
): Promise<{ readonly mounts: readonly Mount[]; readonly weakened: readonly Sentence[] }> {
  const paths = home.platform === 'win32' ? win32 : posix;
  const own = await realOf({ ...home, dataDir: paths.resolve(home.dataDir) });
  const keys = await keyPlaces(own, paths);
  const mounts: Mount[] = [];
  const weakened: Sentence[] = [];
  for (const wish of wishes) {
    const asked = expand(wish.source, home.home, paths);
    const found = await resolved(asked);
    if (found === null) throw missing(asked);
    const { source, uid, kind, file } = found;
    const never =
      kind === 'other' ? 'it is neither a file nor a folder' : neverWords(source, own, home, paths);
    if (never !== null) throw mountRefused(asked, never);
    const weak = weakWords(source, wish.write, own, keys, paths);
    if (weak !== null) weakened.push(sentence(weak, { path: asked }));
    const target = paths.posix.normalize(wish.target ?? insideOf(asked, home.platform));
    const hides =
      KERNEL_INSIDE.some((place) => within(target, place, posix)) ||
      [...KERNEL_INSIDE, ...KEPT_INSIDE].some((place) => within(place, target, posix));
    if (hides) {
      throw mountRefused(asked, `it would hide ${target} inside`);
    }
    if (mounts.some((other) => other.target === target)) throw mountRefused(asked, `${target} is taken`);
    mounts.push({ source, target, write: wish.write, uid, file });
  }
  if (weakened.length > 0 && !unsafe) throw unsafeChoice(weakened);
  return { mounts, weakened };
}

/**
 * Whether each path still is what was judged: another server that may write beside it could have put a link in its place
 * before the engine came to it. Rejects with `isolation.mount_refused`.
 */
export async function sameMounts(mounts: readonly Mount[]): Promise<void> {
  for (const { source, file } of mounts) {
    const now = await resolved(source);
    if (now?.source !== source || now.file !== file)
      throw mountRefused(source, 'it was replaced while the container was started');
  }
}

/** What a path leads to, whatever its name. */
function fileId({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}

/** Where a path of this computer is inside, unless its mount says otherwise: `C:\a` is at `/c/a`. */
export function insideOf(path: string, platform: NodeJS.Platform): string {
  if (platform !== 'win32') return path;
  return path
    .replace(/^([A-Za-z]):/, (_all, drive: string) => `/${drive.toLowerCase()}`)
    .replaceAll('\\', '/');
}

/** The same path inside, when it lies in a mount; null otherwise. */
export function translated(path: string, mounts: readonly Mount[], platform: NodeJS.Platform): string | null {
  const paths = platform === 'win32' ? win32 : posix;
  const mount = mounts.find(({ source }) => within(path, source, paths));
  if (mount === undefined) return null;
  const rest = paths.relative(mount.source, path).replaceAll('\\', '/');
  return rest === '' ? mount.target : posix.join(mount.target, rest);
}

type Paths = typeof posix;

function expand(source: string, home: string, paths: Paths): string {
  const whole = source === '~' ? home : /^~[\\/]/.test(source) ? paths.join(home, source.slice(2)) : source;
  const normal = paths.normalize(whole);
  return normal.length > 1 && normal.endsWith(paths.sep) ? normal.slice(0, -1) : normal;
}

async function resolved(path: string) {
  try {
    const source = await realpath(path);
    const found = await stat(source, { bigint: true });
    const kind: 'known' | 'other' = found.isDirectory() || found.isFile() ? 'known' : 'other';
    return { source, uid: Number(found.uid), kind, file: fileId(found) };
  } catch {
    return null;
  }
}

async function realOf(home: Home): Promise<Home> {
  const real = (path: string): Promise<string> => realpath(path).catch(() => path);
  return { ...home, home: await real(home.home), dataDir: await real(home.dataDir) };
}

function neverWords(source: string, real: Home, asked: Home, paths: Paths): string | null {
  const { root } = paths.parse(source);
  if (source === root) return 'that is the whole computer';
  if (within(real.home, source, paths) || within(asked.home, source, paths)) {
    return 'your home directory holds the keys of everything; name a folder in it';
  }
  if (within(source, real.dataDir, paths) || within(real.dataDir, source, paths)) {
    return "that holds Gatehouse's own keys";
  }
  const place = NEVER.find((never) => within(source, never, paths) || within(never, source, paths));
  return place === undefined ? null : `${place} leads out of every container`;
}

/** Where keys are: as they are called, and where links lead, since people keep such folders elsewhere. */
async function keyPlaces({ home, platform }: Home, paths: Paths): Promise<readonly string[]> {
  const named = [...KEYS, ...MORE_KEYS, ...(platform === 'linux' ? [] : MAC_KEYS)].map((key) =>
    paths.join(home, key),
  );
  const real = await Promise.all(named.map((place) => realpath(place).catch(() => place)));
  return [...new Set([...named, ...real])];
}

function weakWords(
  source: string,
  write: boolean,
  { home, platform }: Home,
  keys: readonly string[],
  paths: Paths,
): 'weak_keys' | 'weak_system' | null {
  // A folder around them shows them as well.
  if (keys.some((key) => within(source, key, paths) || within(key, source, paths))) return 'weak_keys';
  const system = platform === 'win32' ? WINDOWS_SYSTEM : write ? [...SYSTEM, ...PROGRAMS] : SYSTEM;
  if (system.some((place) => within(source, place, paths) && !within(source, home, paths))) {
    return 'weak_system';
  }
  return null;
}

/** Whether `path` is `place` or in it. macOS and Windows do not tell upper from lower case. */
function within(path: string, place: string, paths: Paths): boolean {
  const relative = paths.relative(place.toLowerCase(), path.toLowerCase());
  return relative === '' || (!relative.startsWith('..') && !paths.isAbsolute(relative));
}

function missing(path: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.mount_missing',
    message: '"{path}", which the server is to see, is not there, or may not be looked at.',
    remedy: 'Create it, or correct "mounts" in the "isolation" of the server.',
    values: { path },
  });
}

function mountRefused(path: string, why: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.mount_refused',
    message: 'No server may see "{path}": {why}.',
    remedy: 'Name the one folder that the server needs in "mounts".',
    values: { path, why },
  });
}
