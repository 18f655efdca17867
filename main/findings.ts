/**
 * Ties the scanner to what servers list. Scans when somebody asks, never during a call; what was scanned once is
 * remembered. Holds nothing but memory, so there is nothing to stop.
 */
import type { FindingView, ItemFindingsView } from '../preload/views/trust.ts';
import { gradually } from './gradually.ts';
import type { ServerListing } from './protocol/listing.ts';
import { definitionsIn } from './trust/decisions.ts';
import type { DefinedKind } from './trust/definition.ts';
import { isSerious } from './trust/scanner/finding.ts';
import type { PeerTool } from './trust/scanner/peers.ts';
import { createScans, type ScanRequest, type Scans } from './trust/scanner/scans.ts';

/** What the scanner says of all servers. */
export interface Findings {
  /** What there is to say of one definition, the worst first. For whoever holds it back, or asks a person about it. */
  of(request: ScanRequest): readonly FindingView[];
  /** What there is to say of a tool that a call waits for, listed or not. */
  ofTool(server: string, tool: string): readonly FindingView[];
  /** What there is to say of all that a server lists, and of what it says of itself; only what there is something about. */
  ofServer(server: string): Promise<readonly ItemFindingsView[]>;
  /** Some server lists other tools. */
  listsChanged(): void;
}

/** What it needs. */
export interface FindingsOptions {
  servers(): readonly string[];
  listing(server: string): ServerListing | null;
}

/** Of a tool that its server keeps out of its list. */
const UNLISTED: FindingView = {
  ...{ rule: 'name.unlisted', severity: 'high', serious: true },
  sentence: 'The server does not list this tool, so it says nothing of what the tool does.',
  ...{ evidence: '', pointer: '', start: 0, end: 0 },
};

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
        const { place, ...words } = finding;
        return { ...words, serious: isSerious(finding), ...place };
      });
  return {
    of,
    ofTool(server, tool) {
      const item = listing(server)?.tools.find(({ key }) => key === tool);
      return item === undefined ? [UNLISTED] : of(requestOf(server, 'tools', item.value));
    },
    async ofServer(server) {
      const listed = listing(server);
      if (listed === null) return [];
      const found = await gradually(definitionsIn(listed), ({ kind, key, item }) => {
        const request = requestOf(server, kind, item.value);
        return { kind: request.kind, name: key, findings: of(request) };
      });
      return found.filter(({ findings }) => findings.length > 0);
    },
    listsChanged() {
      stale = true;
    },
  };
}

/**
 * What the scanner is to read of a definition.
 *
 * @param value the definition; of instructions, what holds them
 * @param approved the version that the user has approved, where it is another one
 */
export function requestOf(
  server: string,
  kind: DefinedKind,
  value: Readonly<Record<string, unknown>>,
  approved?: Readonly<Record<string, unknown>>,
): ScanRequest {
  const text = (of: Readonly<Record<string, unknown>>): unknown =>
    kind === 'instructions' ? of.instructions : of;
  return {
    ...{ kind: SCANNED_AS[kind], server, definition: text(value) },
    ...(approved === undefined ? {} : { approved: text(approved) }),
  };
}

const SCANNED_AS: Readonly<Record<DefinedKind, ScanRequest['kind']>> = {
  tools: 'tool',
  prompts: 'prompt',
  resources: 'resource',
  resourceTemplates: 'template',
  instructions: 'instructions',
  info: 'resource',
};

function toolsOf(server: string, listing: ServerListing | null): PeerTool[] {
  return (listing?.tools ?? []).map(({ key, value }) => ({
    server,
    name: key,
    description: typeof value.description === 'string' ? value.description : '',
  }));
}
