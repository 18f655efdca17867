/**
 * The scanner with a memory: what was scanned once is not scanned again until its text changes. This is the door of the
 * scanner for the rest of the house. Holds nothing but memory, so there is nothing to stop.
 */
import { fingerprint } from '../fingerprint.ts';
import type { Finding } from './finding.ts';
import { createPeers, NO_PEERS, type Peers, type PeerTool } from './peers.ts';
import { createScanner, type Subject } from './scan.ts';
import { piecesOf } from './strings.ts';

/** What is scanned, with the fingerprint under which it is remembered where the caller has it at hand. */
export interface ScanRequest extends Subject {
  readonly fingerprint?: string;
}

/** Scans and remembers. Synchronous: about half a millisecond for a tool that was not seen before. */
export interface Scans {
  /** What there is to say, the worst first. Never throws for any value that `JSON.parse` can give. */
  findings(request: ScanRequest): readonly Finding[];
  /** Says which tools all servers have now; names are compared with those. Call it when any list has changed. */
  setTools(tools: readonly PeerTool[]): void;
}

/** Results that are remembered; the oldest are forgotten first. */
const REMEMBERED = 20_000;

/** Makes one. */
export function createScans(): Scans {
  const scanner = createScanner();
  const memory = new Map<string, readonly Finding[]>();
  let peers: Peers = NO_PEERS;
  let revision = 0;
  return {
    findings(request) {
      const approved = request.approved === undefined ? '' : fingerprint(request.approved);
      const own = `${request.kind} ${request.fingerprint ?? fingerprint(request.definition)} ${approved}`;
      // Other servers matter to few tools; what is said of the rest does not depend on them.
      const touched = touches(request, peers);
      const key = touched ? `${own} ${revision} ${request.server}` : own;
      const known = memory.get(key);
      if (known !== undefined) return known;
      const found = scanner.scan(request, touched ? peers : NO_PEERS);
      if (memory.size >= REMEMBERED) {
        const oldest = memory.keys().next();
        if (oldest.done !== true) memory.delete(oldest.value);
      }
      memory.set(key, found);
      return found;
    },
    setTools(tools) {
      peers = createPeers(tools);
      revision += 1;
    },
  };
}

/** Whether a definition names or imitates a tool of another server. */
function touches({ kind, server, definition }: Subject, peers: Peers): boolean {
  if (peers === NO_PEERS) return false;
  if (kind === 'tool' && definition !== null && typeof definition === 'object' && 'name' in definition) {
    const { name } = definition;
    const description = 'description' in definition ? definition.description : '';
    const text = typeof description === 'string' ? description : '';
    if (typeof name === 'string' && peers.imitated({ server, name, description: text }) !== null) return true;
  }
  return piecesOf(definition).pieces.some(({ text }) => peers.mentioned(text, server).length > 0);
}
