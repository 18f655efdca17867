/**
 * What an owner may ask of a server's containment, before anything is decided. Declared here, by the room that needs
 * it; the configuration's types fit. Pure.
 */

/** A path of this computer that a server may see. */
export interface MountWish {
  /** May begin with `~/` and hold references. */
  readonly source: string;
  /** null means at the same path. */
  readonly target: string | null;
  readonly write: boolean;
}

/** What one place says; null where it says nothing. */
export interface Wish {
  readonly mode: 'host' | 'container' | null;
  readonly image: string | null;
  readonly network: string | null;
  readonly allow: readonly string[] | null;
  readonly memoryBytes: number | null;
  readonly cpus: number | null;
  readonly pids: number | null;
  readonly scratchBytes: number | null;
  readonly mounts: readonly MountWish[];
  readonly user: string | null;
  readonly workdir: string | null;
  readonly extraArgs: readonly string[];
  readonly unsafe: boolean;
  readonly fallback: 'none' | 'host' | null;
  readonly cache: boolean | null;
}

/** What all servers share unless they say otherwise. */
export interface WishDefaults extends Wish {
  /** Image by program. */
  readonly images: Readonly<Record<string, string>>;
}

/** The program to contain, as written: references unresolved. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}
