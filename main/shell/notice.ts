/** What notices on the desktop have in common: what one is made of, and which of them are on the screen. */
import type { CorePort, Snapshot } from '../../preload/contract.ts';

/** One notice on the screen. */
export interface Notice {
  /** Takes it away; nothing happens where the person has done so. */
  close(): void;
}

/** What a notice is made of. */
export interface NoticeContent {
  readonly title: string;
  readonly body: string;
  /** Shown where the system has buttons. */
  readonly buttons: readonly { readonly text: string; run(): void }[];
  /** A click on the notice itself, which works everywhere. */
  onClick(): void;
}

/** Shows a notice; null where the desktop shows none, or the person wants none of its kind. */
export type ShowNotice = (content: NoticeContent) => Notice | null;

/** Notices by what they are about. What was told stays known while it waits, also where its notice is not shown any more. */
export interface ShownNotices {
  /** How many things were told. */
  readonly size: number;
  has(about: string): boolean;
  /** @param notice may be about several: it is set for each of them then */
  set(about: string, notice: Notice | null): void;
  /** Takes away what is about none of these. */
  keep(waiting: { has(about: string): boolean }): void;
  /** Takes all of them away. */
  clear(): void;
}

/** None are shown yet. */
export function shownNotices(): ShownNotices {
  const shown = new Map<string, Notice | null>();
  return {
    get size() {
      return shown.size;
    },
    has: (about) => shown.has(about),
    set: (about, notice) => void shown.set(about, notice),
    keep(waiting) {
      for (const [about, notice] of shown) {
        if (waiting.has(about)) continue;
        shown.delete(about);
        // One that several share stays for the others.
        if (![...shown.values()].includes(notice)) notice?.close();
      }
    },
    clear() {
      for (const notice of new Set(shown.values())) notice?.close();
      shown.clear();
    },
  };
}

/**
 * Looks now, and again each time that a revision in the snapshot has moved: the snapshot counts what waits, a command
 * tells it.
 *
 * @returns stops that
 */
export function watchRevision(
  core: Pick<CorePort, 'onSnapshot' | 'snapshot'>,
  revisionOf: (snapshot: Snapshot) => number,
  look: () => Promise<void>,
): () => void {
  let seen = revisionOf(core.snapshot());
  const stop = core.onSnapshot((snapshot) => {
    const now = revisionOf(snapshot);
    if (now === seen) return;
    seen = now;
    void look();
  });
  void look();
  return stop;
}

/** Characters of a name in a notice. */
const LONGEST = 60;

/** A name from outside, on one line, without what cannot be seen and without markup, which some desktops read. */
export function plain(name: string, longest = LONGEST): string {
  const seen = name
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .replace(/[<>&]/g, '')
    .trim();
  return seen.length <= longest ? seen : `${seen.slice(0, longest - 1)}…`;
}
