/**
 * One server's approvals on disk: a file of its own, since long definitions of many servers would make each decision
 * write megabytes. Definitions are kept as the text that was approved.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { Approval, Version } from './approval.ts';
import { DEFINED_KINDS } from './definition.ts';
import type { Decision } from './history.ts';

/** Version of the file's shape. */
const VERSION = 1;

/** What is taken for approved at first: what the server says of itself, and its lists as soon as it has any. */
export const BASELINES = ['words', 'lists'] as const;

export type Baseline = (typeof BASELINES)[number];

const DECIDERS = ['window', 'tray', 'web', 'cli', 'baseline', 'auto'] as const;
const ACTS = ['approve', 'block', 'unblock', 'revert', 'baseline', 'release', 'quarantine'] as const;

const versionSchema = z.object({
  fingerprint: z.string(),
  text: z.string(),
  at: z.number(),
  by: z.enum(DECIDERS),
});

const fileSchema = z.object({
  version: z.literal(VERSION),
  server: z.string(),
  baselines: z.array(z.enum(BASELINES)),
  approvals: z.array(
    z.object({
      kind: z.enum(DEFINED_KINDS),
      key: z.string(),
      approved: versionSchema.optional(),
      previous: versionSchema.optional(),
      blocked: z.literal(true).optional(),
    }),
  ),
  history: z.array(
    z.object({
      act: z.enum(ACTS),
      by: z.enum(DECIDERS),
      at: z.number(),
      kind: z.enum(DEFINED_KINDS).nullable(),
      key: z.string(),
      fingerprint: z.string().nullable(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
});

/** What is kept of one server. */
export interface ServerApprovals {
  /** What of it has been taken for approved at first. */
  readonly baselines: ReadonlySet<Baseline>;
  readonly approvals: readonly Approval[];
  readonly history: readonly Decision[];
}

/** The file of a server. Names may be such as a system reserves, or differ in case alone: the hash tells them apart. */
export function approvalsFile(dir: string, server: string): string {
  const hash = createHash('sha256').update(server).digest('hex').slice(0, 8);
  return join(dir, `${server.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 64)}-${hash}.json`);
}

/** Throws at a text that is no such file of this server. */
export function parseApprovals(text: string, server: string): ServerApprovals {
  const file = fileSchema.parse(JSON.parse(text));
  if (file.server !== server) throw new Error('the file of another server');
  return {
    baselines: new Set(file.baselines),
    approvals: file.approvals.map(({ kind, key, approved, previous, blocked }) => ({
      kind,
      key,
      approved: versionOf(approved),
      previous: versionOf(previous),
      blocked: blocked ?? false,
    })),
    history: file.history.map((decision) => ({ ...decision, server })),
  };
}

/** The text of the file; `parseApprovals` reads it again. */
export function renderApprovals(server: string, { baselines, approvals, history }: ServerApprovals): string {
  const file: z.infer<typeof fileSchema> = {
    version: VERSION,
    server,
    baselines: [...baselines],
    approvals: approvals.map(({ kind, key, approved, previous, blocked }) => ({
      kind,
      key,
      ...(approved === null ? {} : { approved: written(approved) }),
      ...(previous === null ? {} : { previous: written(previous) }),
      ...(blocked ? { blocked } : {}),
    })),
    history: history.map(({ server: _server, ...decision }) => decision),
  };
  return `${JSON.stringify(file)}\n`;
}

function written({ fingerprint, bytes, at, by }: Version): z.infer<typeof versionSchema> {
  return { fingerprint, text: bytes.toString('utf8'), at, by };
}

function versionOf(version: z.infer<typeof versionSchema> | undefined): Version | null {
  if (version === undefined) return null;
  const { fingerprint, text, at, by } = version;
  return { fingerprint, bytes: Buffer.from(text), at, by };
}
