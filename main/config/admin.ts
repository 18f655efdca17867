/**
 * `admin` in the configuration file: whether the screens are also served over HTTP, and to whom. Schema, type and the
 * defaults. Pure.
 */
import { z } from 'zod';

/** `admin` in the file. */
export interface AdminConfig {
  readonly enabled: boolean;
  /** `host:port`, or null for the default address. */
  readonly listen: string | null;
  /** Milliseconds without a sign of a person after which a session ends. */
  readonly idleMs: number;
  /** Milliseconds after which a session ends in any case. */
  readonly sessionMs: number;
}

export const adminSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .optional()
      .describe('Whether the screens are served over HTTP, behind a password. Default `false`.'),
    listen: z
      .string()
      .optional()
      .describe(
        'The address of the web admin, `host:port`. Default `127.0.0.1:4181`. It speaks no TLS: for other computers put a reverse proxy before it.',
      ),
    idleMinutes: z
      .int()
      .min(1)
      .max(1_440)
      .optional()
      .describe('Minutes after which who does nothing is signed out. Default 30.'),
    sessionHours: z
      .int()
      .min(1)
      .max(720)
      .optional()
      .describe('Hours after which everybody has to sign in again. Default 12.'),
  })
  .optional()
  .describe('The web admin: the screens in a browser, for a computer without one.');

/** The checked `admin`; whether `listen` is an address is for the caller. */
export function readAdmin(admin: z.infer<typeof adminSchema>): AdminConfig {
  return {
    enabled: admin?.enabled ?? false,
    listen: admin?.listen ?? null,
    idleMs: (admin?.idleMinutes ?? 30) * 60_000,
    sessionMs: (admin?.sessionHours ?? 12) * 3_600_000,
  };
}
