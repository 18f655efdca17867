/** What is held and decided, as the screens show it, with what the scanner says. Pure but for looking it up. */
import type {
  ApprovalsView,
  ApprovalView,
  DecidedView,
  DecisionView,
  DefinitionPart,
  DefinitionView,
  FindingCounts,
  FindingView,
  HeldView,
  InspectionView,
} from '../preload/views/trust.ts';
import type { ActivityNote } from './activity/entry.ts';
import { requestOf } from './findings.ts';
import { gradually } from './gradually.ts';
import type { Inspection } from './inspections.ts';
import { GatehouseError } from './protocol/error.ts';
import { effectOf, tokensOf } from './tools.ts';
import { stateOf } from './trust/approval.ts';
import { definedNow } from './trust/decisions.ts';
import type { DefinedKind } from './trust/definition.ts';
import type { HeldItem } from './trust/gate.ts';
import type { Gatekeeper } from './trust/gatekeeper.ts';
import type { Decision } from './trust/history.ts';
import type { ScanRequest } from './trust/scanner/scans.ts';

/** Characters of one text that are shown. */
const SHOWN = 200_000;
/** Characters of a description that stand in a list. */
const SUMMARY = 240;
/** Decisions of one day that are shown. */
const MOST_DECIDED = 200;
const PARTS = ['title', 'description', 'input', 'output', 'annotations', 'rest'] as const;

type Values = Readonly<Record<string, unknown>>;

/** True when the user is to decide about it: what clients are told meanwhile is not all that they could be told. */
export function waits({ kind, state }: Pick<HeldItem, 'kind' | 'state'>): boolean {
  return state !== 'blocked' && kind !== 'resources' && kind !== 'info';
}

/** What the scanner says of a definition, the worst first. */
export type Scan = (request: ScanRequest) => readonly FindingView[];

/** Everything that is held. A server may list tens of thousands of things, so others get their turn meanwhile. */
export async function approvalsView(
  gates: Gatekeeper,
  servers: readonly string[],
  inspections: ReadonlyMap<string, Inspection>,
  scan: Scan,
): Promise<ApprovalsView> {
  const held = servers.flatMap((server) => gates.held(server).map((item) => ({ server, item })));
  const items = await gradually(held, ({ server, item }): HeldView => {
    const approved = approvedValue(gates, server, item.kind, item.key);
    return {
      server,
      kind: item.kind,
      key: item.key,
      fingerprint: item.fingerprint,
      state: item.state,
      since: gates.heldSince(server, item),
      waits: waits(item),
      title: textOf(item.item.value.title),
      summary: (textOf(item.item.value.description) ?? textOf(item.item.value.instructions) ?? '').slice(
        0,
        SUMMARY,
      ),
      effect: effectOf(item.item.value.annotations),
      tokens: tokensOf(item.item.bytes.length),
      findings: counted(scan(requestOf(server, item.kind, item.item.value, approved))),
      changed: approved === undefined ? [] : changedParts(approved, item.item.value),
    };
  });
  const seen: ApprovalsView['servers'][number][] = [];
  for (const server of servers.filter((one) => gates.isQuarantined(one))) {
    const found = inspections.get(server);
    seen.push({ server, inspection: found === undefined ? null : await inspectionView(server, found, scan) });
  }
  return { servers: seen, items };
}

/** What an inspection found, with what the scanner says of each definition. Rejects as `scan` does. */
export async function inspectionView(
  server: string,
  { at, digest, ranIn, items }: Inspection,
  scan: Scan,
): Promise<InspectionView> {
  const views = await gradually(items, ({ kind, key, fingerprint, item }) => ({
    ...{ kind, key, fingerprint },
    definition: definitionView(item.value),
    findings: scan(requestOf(server, kind, item.value)),
  }));
  return { at, digest, ranIn, items: views };
}

/** One thing, before and after. Throws `trust.unknown_item` when nothing is known of it. */
export function approvalView(
  gates: Gatekeeper,
  server: string,
  kind: DefinedKind,
  key: string,
  scan: Scan,
): ApprovalView {
  const approval = gates.approvals(server).of(kind, key);
  const approved = approval?.approved ?? null;
  const now = definedNow(gates, server, kind, key)[0] ?? null;
  const fingerprint = now?.fingerprint ?? approved?.fingerprint;
  if (fingerprint === undefined) throw unknownItem(server, key);
  const was = approved === null ? undefined : parsed(approved.bytes.toString());
  return {
    server,
    kind,
    key,
    fingerprint,
    state: stateOf(approval, fingerprint),
    before: approved === null ? null : definitionOfText(approved.bytes.toString()),
    after: now === null ? null : definitionView(now.item.value),
    approvedAt: approved?.at ?? null,
    approvedBy: approved?.by ?? null,
    revertible: approved !== null,
    findings: now === null ? [] : scan(requestOf(server, kind, now.item.value, was)),
  };
}

/** One decision, without the definitions that it was about. */
export function decisionView(decision: Decision): DecisionView {
  const { before, after, ...rest } = decision;
  return {
    ...rest,
    before: before === null ? null : definitionOfText(before),
    after: after === null ? null : definitionOfText(after),
  };
}

/** What people have decided since then, newest first, with what would take it back. */
export function decidedView(gates: Gatekeeper, servers: readonly string[], since: number): DecidedView[] {
  const decided = servers.flatMap((server) =>
    gates.approvals(server).history.flatMap((decision): DecidedView[] => {
      const { by, at } = decision;
      if (at < since || by === 'baseline' || by === 'auto') return [];
      const { before: _before, after: _after, ...rest } = decision;
      return [{ ...rest, by, undo: undoOf(gates, decision) }];
    }),
  );
  return decided.sort((a, b) => b.at - a.at).slice(0, MOST_DECIDED);
}

/** Only what the decision brought about is taken back, not what came of a later one. */
function undoOf(gates: Gatekeeper, { server, act, kind, key, fingerprint }: Decision): DecidedView['undo'] {
  const now = kind === null ? undefined : gates.approvals(server).of(kind, key);
  switch (act) {
    case 'approve':
      return now?.approved?.fingerprint === fingerprint && !now.blocked ? 'approvals.revert' : null;
    case 'block':
      return now?.blocked === true ? 'approvals.unblock' : null;
    case 'release':
      return gates.isQuarantined(server) ? null : 'server.quarantine';
    case 'unblock':
    case 'revert':
    case 'baseline':
    case 'quarantine':
      return null;
  }
}

/** A decision for the record of activity. */
export function noteOf({
  server,
  act,
  by,
  at,
  kind,
  key,
  fingerprint,
  before,
  after,
}: Decision): ActivityNote {
  return {
    kind: 'decision',
    action: kind === null ? `server.${act}` : `${kind}.${act}`,
    at,
    client: by,
    server,
    tool: key,
    detail: JSON.stringify({ fingerprint, before, after }),
  };
}

/** The words of a definition. */
export function definitionView(value: Values): DefinitionView {
  const {
    title,
    description,
    instructions,
    inputSchema,
    arguments: taken,
    outputSchema,
    annotations,
    name: _name,
    uri: _uri,
    uriTemplate: _uriTemplate,
    ...rest
  } = value;
  let cut = false;
  const shorten = (text: string): string => {
    if (text.length <= SHOWN) return text;
    cut = true;
    return text.slice(0, SHOWN);
  };
  const json = (part: unknown): string | null =>
    part === undefined ? null : shorten(JSON.stringify(part, null, 2) ?? '');
  const words = {
    effect: effectOf(annotations),
    tokens: tokensOf(Buffer.byteLength(JSON.stringify(value))),
    title: typeof title === 'string' ? shorten(title) : null,
    description: shorten(textOf(description) ?? textOf(instructions) ?? ''),
    input: json(inputSchema ?? taken),
    output: json(outputSchema),
    annotations: json(annotations),
    rest: Object.keys(rest).length === 0 ? null : json(rest),
  };
  return { ...words, cut };
}

function definitionOfText(text: string): DefinitionView {
  return definitionView(parsed(text));
}

function parsed(text: string): Values {
  return JSON.parse(text) as Values;
}

/** The approved version of a thing; undefined when there is none. */
function approvedValue(
  gates: Gatekeeper,
  server: string,
  kind: DefinedKind,
  key: string,
): Values | undefined {
  const approved = gates.approvals(server).of(kind, key)?.approved ?? null;
  return approved === null ? undefined : parsed(approved.bytes.toString());
}

function changedParts(before: Values, after: Values): readonly DefinitionPart[] {
  const [was, is] = [definitionView(before), definitionView(after)];
  return PARTS.filter((part) => was[part] !== is[part]);
}

function counted(findings: readonly FindingView[]): FindingCounts {
  return {
    serious: findings.filter(({ serious }) => serious).length,
    notable: findings.filter(({ severity }) => severity === 'medium').length,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function unknownItem(server: string, key: string): GatehouseError {
  return new GatehouseError({
    code: 'trust.unknown_item',
    message: '"{server}" has nothing called "{item}".',
    remedy: 'See what waits with: gatehouse approvals list.',
    values: { server, item: key.slice(0, 200) },
  });
}
