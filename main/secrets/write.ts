/** Whole-file writes of this room: temp file, fsync, rename, readable by the owner only. */
import { writeFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';

/**
 * Replaces `file` with `text` in one step, so that a crash at any moment leaves the old or the new content. The library
 * would write with one write(2) and not notice a short one on a full disk; its hook gets the bytes in instead.
 */
export async function writeDurably(file: string, text: string): Promise<void> {
  await writeFileAtomic(file, '', {
    mode: 0o600,
    tmpfileCreated: (temporary) => writeFile(temporary, text),
  });
}
