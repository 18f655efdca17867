/**
 * A listed tool as the screens show it. Pure.
 */
import type { ToolClaim } from '../preload/views/calls.ts';
import type { ToolEffect, ToolView } from '../preload/views/servers.ts';
import type { ListedItem } from './protocol/listing.ts';

/** Bytes of definition that cost about one token in common models. */
const BYTES_PER_TOKEN = 4;

/** All but what is asked before its calls. */
export type GatedTool = Omit<ToolView, 'asks' | 'askRule'>;

/** One tool for the server page. `exposed` is its name on the merged endpoint. */
export function toolView(
  item: ListedItem,
  exposed: string,
  standing: Pick<ToolView, 'enabled' | 'approval' | 'offered'>,
): GatedTool {
  const annotations = record(item.value.annotations);
  return {
    name: item.key,
    title: text(item.value.title) ?? text(annotations.title),
    description: text(item.value.description) ?? '',
    exposedName: exposed,
    ...standing,
    effect: effectOf(item.value.annotations),
    openWorld: annotations.openWorldHint === true,
    tokens: tokensOf(item.bytes.length),
  };
}

/** UTF-16 units of a description beside a call that waits. */
const LONGEST_CLAIM = 4_000;

/** What a server says of a tool, for who decides about a call. */
export function claimOf({ value }: ListedItem): ToolClaim {
  const annotations = record(value.annotations);
  const description = text(value.description) ?? '';
  return {
    title: text(value.title) ?? text(annotations.title),
    description:
      description.length > LONGEST_CLAIM ? `${description.slice(0, LONGEST_CLAIM - 1)}…` : description,
    effect: effectOf(value.annotations),
    openWorld: annotations.openWorldHint === true,
    idempotent: annotations.idempotentHint === true,
  };
}

/** About how many tokens so many bytes of a definition cost. */
export function tokensOf(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** Tool annotations are claims of the server (tools section); silence is shown as silence, not as the default. */
export function effectOf(claimed: unknown): ToolEffect {
  const annotations = record(claimed);
  if (annotations.readOnlyHint === true) return 'reads';
  if (annotations.destructiveHint === true) return 'deletes';
  return annotations.readOnlyHint === false || annotations.destructiveHint === false ? 'changes' : 'unknown';
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
