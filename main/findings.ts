/**
 * Ties the scanner to what servers list. Scans when somebody asks, never during a call; what was scanned once is
 * remembered. Holds nothing but memory, so there is nothing to stop.
 */
import type { FindingView, ItemFindingsView } from '../preload/views/findings.ts';
import type { ServerListing } from './protocol/listing.ts';
import { isSerious } from './trust/scanner/finding.ts';
import type { PeerTool } from './trust/scanner/peers.ts';
import { createScans, type ScanRequest, type Scans } from './trust/scanner/scans.ts';

/** What the scanner says of all servers. */
export interface Findings {
  /** What there is to say of one definition, the worst first. For whoever holds it back, or asks a person about it. */
  of(request: ScanRequest): readonly FindingView[];
  /** What there is to say of all that a server lists, and of what it says of itself; only what there is something about. */
  ofServer(server: string): readonly ItemFindingsView[];
  /** Some server lists other tools. */
  listsChanged(): void;
}

/** What it needs. */
export interface FindingsOptions {
  servers(): readonly string[];
  listing(server: string): ServerListing | null;
}

export function createFindings({ servers, listing }: FindingsOptions): Findings {
  let scans: Scans | null = null;
  let stale = true;
  const ready = (): Scans => {
    scans ??= createScans();
    if (stale) {
      stale = false;
      scans.setTools(servers().flatMap((server) => toolsOf(server, listing(server))));
    }
    return scans;
  };
  const of = (request: ScanRequest): readonly FindingView[] =>
    ready()
      .findings(request)
      .map((finding) => {
        const { rule, severity, sentence, evidence, place } = finding;
        return { rule, severity, serious: isSerious(finding), sentence, evidence, ...place };
      });
  return {
    of,
    ofServer(server) {
      const listed = listing(server);
      if (listed === null) return [];
      const out: ItemFindingsView[] = [];
      const add = (kind: ItemFindingsView['kind'], name: string, definition: unknown): void => {
        const findings = of({ kind, server, definition });
        if (findings.length > 0) out.push({ kind, name, findings });
      };
      if (listed.instructions !== null) add('instructions', '', listed.instructions);
      for (const { key, value } of listed.tools) add('tool', key, value);
      for (const { key, value } of listed.prompts) add('prompt', key, value);
      for (const { key, value } of listed.resourceTemplates) add('template', key, value);
      for (const { key, value } of listed.resources) add('resource', key, value);
      return out;
    },
    listsChanged() {
      stale = true;
    },
  };
}

function toolsOf(server: string, listing: ServerListing | null): PeerTool[] {
  return (listing?.tools ?? []).map(({ key, value }) => ({
    server,
    name: key,
    description: typeof value.description === 'string' ? value.description : '',
  }));
}
