/**
 * The labelled corpus of the scanner. A third of it, chosen by a hash of each item's text and so by nobody, is held out:
 * the rules were not written or tuned against it.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Finding, rank } from '../../../main/trust/scanner/finding.ts';
import { createPeers, type PeerTool } from '../../../main/trust/scanner/peers.ts';
import type { Scanner, Subject } from '../../../main/trust/scanner/scan.ts';

/**
 * Held-out items that were looked at, since the scanner was wrong about them: the rules were changed for these, so they
 * are held out no more.
 */
const LOOKED_AT = new Set([
  'chrome-devtools-mcp@1.11.0 fill_form',
  'chrome-devtools-mcp@1.11.0 navigate_page',
  'chrome-devtools-mcp@1.11.0 new_page',
  'firecrawl-mcp@3.22.2 instructions',
]);

/** One labelled definition. */
export interface Item {
  readonly id: string;
  readonly label: 'hostile' | 'benign';
  /** The technique of an attack, or what a benign one is about. */
  readonly group: string;
  readonly heldOut: boolean;
  readonly kind: Subject['kind'];
  readonly definition: unknown;
  readonly approved?: unknown;
  readonly peers: readonly PeerTool[];
}

/** Everything, in the order of the files. */
export function corpus(): Item[] {
  return [
    ...read('hostile.jsonl', 'hostile', (line) => String(line.technique)),
    ...read('benign-hard.jsonl', 'benign', (line) => `hard: ${String(line.about)}`),
    ...read(
      'benign-real.jsonl',
      'benign',
      (line) => `real: ${String(line.provenance).replace(/(?<=.)@[^@]*$/, '')}`,
    ),
  ];
}

/** What the scanner says of an item. */
export function scanItem(scanner: Scanner, item: Item): readonly Finding[] {
  const { kind, definition, approved } = item;
  const subject = { kind, server: 'subject', definition, ...(approved === undefined ? {} : { approved }) };
  return scanner.scan(subject, createPeers(item.peers));
}

/** An item counts as found when a person is told of it: a finding of medium or worse. */
export function isFlagged(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => rank(severity) >= rank('medium'));
}

type Line = Readonly<Record<string, unknown>>;

function read(file: string, label: Item['label'], groupOf: (line: Line) => string): Item[] {
  return readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => {
      const line = JSON.parse(text) as Line;
      const { definition, approved } = line;
      const name = nameOf(definition) ?? String(line.kind);
      const id = typeof line.id === 'string' ? line.id : `${String(line.provenance)} ${name}`;
      return {
        id,
        label,
        group: groupOf(line),
        heldOut: isHeldOut(definition, approved) && !LOOKED_AT.has(id),
        kind: (line.kind ?? 'tool') as Item['kind'],
        definition,
        ...(approved === undefined ? {} : { approved }),
        peers: (line.peers ?? []) as readonly PeerTool[],
      };
    });
}

function isHeldOut(definition: unknown, approved: unknown): boolean {
  const hash = createHash('sha256')
    .update(JSON.stringify([definition, approved ?? null]))
    .digest();
  return hash.readUInt32BE(0) % 3 === 0;
}

function nameOf(definition: unknown): string | null {
  const name =
    typeof definition === 'object' && definition !== null && 'name' in definition ? definition.name : null;
  return typeof name === 'string' ? name : null;
}
