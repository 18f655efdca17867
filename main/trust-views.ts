/** What is held and decided, as the screens show it. Pure but for looking it up. */
import type {
  ApprovalsView,
  ApprovalView,
  DecisionView,
  DefinitionView,
  HeldView,
  InspectionView,
} from '../preload/views/trust.ts';
import type { ActivityNote } from './activity/entry.ts';
import type { Inspection } from './inspections.ts';
import { GatehouseError } from './protocol/error.ts';
import { stateOf } from './trust/approval.ts';
import { definedNow } from './trust/decisions.ts';
import type { DefinedKind } from './trust/definition.ts';
import type { HeldItem } from './trust/gate.ts';
import type { Gatekeeper } from './trust/gatekeeper.ts';
import type { Decision } from './trust/history.ts';

/** Characters of one text that are shown. */
const SHOWN = 200_000;

type Values = Readonly<Record<string, unknown>>;

/** True when the user is to decide about it: what clients are told meanwhile is not all that they could be told. */
export function waits({ kind, state }: Pick<HeldItem, 'kind' | 'state'>): boolean {
  return state !== 'blocked' && kind !== 'resources' && kind !== 'info';
}

export function approvalsView(
  gates: Gatekeeper,
  servers: readonly string[],
  inspections: ReadonlyMap<string, Inspection>,
): ApprovalsView {
  const items = servers.flatMap((server) =>
    gates.held(server).map(
      (item): HeldView => ({
        server,
        kind: item.kind,
        key: item.key,
        fingerprint: item.fingerprint,
        state: item.state,
        since: gates.heldSince(server, item),
        waits: waits(item),
        title: textOf(item.item.value.title),
      }),
    ),
  );
  return {
    servers: servers
      .filter((server) => gates.isQuarantined(server))
      .map((server) => {
        const found = inspections.get(server);
        return { server, inspection: found === undefined ? null : inspectionView(found) };
      }),
    items,
  };
}

export function inspectionView({ at, digest, ranIn, items }: Inspection): InspectionView {
  return {
    at,
    digest,
    ranIn,
    items: items.map(({ kind, key, fingerprint, item }) => ({
      kind,
      key,
      fingerprint,
      definition: definitionView(item.value),
    })),
  };
}

/** One thing, before and after. Throws `trust.unknown_item` when nothing is known of it. */
export function approvalView(
  gates: Gatekeeper,
  server: string,
  kind: DefinedKind,
  key: string,
): ApprovalView {
  const approval = gates.approvals(server).of(kind, key);
  const approved = approval?.approved ?? null;
  const now = definedNow(gates, server, kind, key)[0] ?? null;
  const fingerprint = now?.fingerprint ?? approved?.fingerprint;
  if (fingerprint === undefined) throw unknownItem(server, key);
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
  };
}

export function decisionView(decision: Decision): DecisionView {
  const { before, after, ...rest } = decision;
  return {
    ...rest,
    before: before === null ? null : definitionOfText(before),
    after: after === null ? null : definitionOfText(after),
  };
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
  return definitionView(JSON.parse(text) as Values);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function unknownItem(server: string, key: string): GatehouseError {
  return new GatehouseError({
    code: 'trust.unknown_item',
    message: `"${server}" has nothing called "${key.slice(0, 200)}".`,
    remedy: 'See what waits with: gatehouse approvals list.',
  });
}
