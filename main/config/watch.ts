/**
 * Says when a file may have changed, however an editor writes it: in place, by rename, by delete and create, through a
 * symbolic link, or by pointing the link elsewhere. Only a hint: whoever gets it reads the file and compares.
 *
 * It watches the directories, not the file: a watch on a file follows the old inode when an editor renames a new file
 * over it. Stops with `close()`.
 */
import { type FSWatcher, lstatSync, realpathSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** A running watch. */
export interface FileWatch {
  /**
   * Looks again where the file really lies; call it after each hint, since a link may point elsewhere now. Says false
   * where the system grants no watch, so that the caller must look by itself.
   */
  refresh(): boolean;
  /** Ends the watch; calling it twice does nothing. */
  close(): void;
}

/**
 * Watches `file`, which may be missing now or later; its directory must exist.
 *
 * @param onHint called synchronously, often several times for one save
 */
export function watchFile(file: string, onHint: () => void): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  let linked = false;
  let closed = false;

  const relevant = (name: string | null): boolean =>
    // Behind a link any entry may be the one that moved (`..data` in a mounted volume). Some systems give no name.
    linked || name === null || name.toLowerCase() === basename(file).toLowerCase();

  const watchDirectory = (directory: string): void => {
    try {
      const watcher = watch(directory, { persistent: false }, (_event, name) => {
        if (!closed && relevant(name)) onHint();
      });
      watcher.on('error', () => {
        // The directory went away or the system ran out of watches: drop it, so that refresh() can try again.
        watcher.close();
        watchers.delete(directory);
      });
      watchers.set(directory, watcher);
    } catch {
      // No watch is possible there (no such directory, no watches left): refresh() says so.
    }
  };

  const refresh = (): boolean => {
    if (closed) return true;
    linked = isLink(file);
    const wanted = new Set([dirname(file)]);
    if (linked) wanted.add(dirname(realPathOf(file)));
    for (const [directory, watcher] of watchers) {
      if (wanted.has(directory)) continue;
      watcher.close();
      watchers.delete(directory);
    }
    for (const directory of wanted) if (!watchers.has(directory)) watchDirectory(directory);
    return watchers.size === wanted.size;
  };

  refresh();
  return {
    refresh,
    close() {
      closed = true;
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

function isLink(file: string): boolean {
  try {
    return lstatSync(file).isSymbolicLink();
  } catch {
    return false;
  }
}

function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
