/**
 * Whether to try a graphics card at all. In a virtual machine, a container or a remote session on Linux there is none;
 * Chromium's GPU process then dies while it starts, and on a busy machine the window can stay blank for good.
 */
import { readdirSync } from 'node:fs';

/** True when there is a render node to use, or when the system is one where Chromium finds out reliably. */
export function hasGraphicsCard(platform: NodeJS.Platform, folder = '/dev/dri'): boolean {
  if (platform !== 'linux') {
    return true;
  }
  try {
    return readdirSync(folder).some((name) => name.startsWith('renderD'));
  } catch {
    return false;
  }
}
