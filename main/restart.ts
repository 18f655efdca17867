/**
 * Which keys of the configuration count only from the next start on. Pure.
 */
import { DEFAULT_LISTEN } from './args.ts';
import type { GatehouseConfig } from './config/schema.ts';

/** What the command line has said, which then counts instead of the file. */
export interface SaidOutside {
  readonly listen: unknown;
  readonly auth: unknown;
  readonly admin: unknown;
}

/**
 * The keys that differ between the configuration a door was opened with and the one in force now, and that an open
 * door cannot follow; in the order of the documentation.
 */
export function restartNeeded(
  opened: GatehouseConfig,
  now: GatehouseConfig,
  outside: SaidOutside,
): readonly string[] {
  const keys: string[] = [];
  if (outside.listen === null && addressOf(opened) !== addressOf(now)) keys.push('listen');
  if (outside.auth === null) {
    if (opened.auth.token !== now.auth.token) keys.push('auth.token');
    if (opened.auth.required !== now.auth.required) keys.push('auth.required');
  }
  const enabled = outside.admin === null && opened.admin.enabled !== now.admin.enabled;
  if (enabled || opened.admin.listen !== now.admin.listen) keys.push('admin');
  if (opened.basePath !== now.basePath) keys.push('basePath');
  if (JSON.stringify(opened.limits) !== JSON.stringify(now.limits)) keys.push('limits');
  return keys;
}

/** Writing the default out changes nothing. */
function addressOf({ listen }: GatehouseConfig): string {
  return listen ?? `${DEFAULT_LISTEN.host}:${DEFAULT_LISTEN.port}`;
}
