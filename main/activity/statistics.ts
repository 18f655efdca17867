/**
 * Figures over many calls: counts and times to answer, over time and per tool. Counted from the columns, a few
 * milliseconds for a million rows. Times are exact below ten seconds, then to a thousandth.
 */
import { timeOfCode } from './columns.ts';
import { type ActivityFilter, type Facet, facetPasses } from './entry.ts';
import type { Facets } from './facets.ts';
import type { Reader } from './reader.ts';

/** What is asked for. Text is not looked at. */
export interface StatsQuery {
  readonly filter: ActivityFilter;
  readonly since: number;
  readonly until: number;
  /** How many pieces the time is cut into, 1 to 500. */
  readonly buckets: number;
}

/** Calls of one piece of time or one tool. Times in milliseconds; null when there are no calls. */
export interface CallFigures {
  readonly calls: number;
  /** Those that did not end well: refused, failed, or with an error of the tool. */
  readonly failures: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** The figures, oldest piece first, and tools by calls. */
export interface ActivityStats extends CallFigures {
  readonly buckets: readonly (CallFigures & { readonly at: number })[];
  /** The 200 tools with the most calls. */
  readonly tools: readonly (CallFigures & { readonly server: string; readonly tool: string })[];
}

const MOST_TOOLS = 200;

/** Counts the calls that pass. */
export function figuresOf(
  { filter, since, until, buckets }: StatsQuery,
  facets: Facets,
  reader: Reader,
): ActivityStats {
  const width = Math.max(1, Math.ceil((until - since) / buckets));
  const all = new Tally();
  const pieces = Array.from({ length: buckets }, () => new Tally());
  const tools = new Map<string, ToolTally>();
  const byFacet: (Counted | undefined)[] = [];
  for (const [id, facet] of facets.all()) {
    if (facet.kind !== 'call' || !facetPasses(facet, filter)) continue;
    if (filter.tool !== undefined && facet.tool !== filter.tool) continue;
    byFacet[id] = { failed: isFailure(facet), tool: toolOf(tools, facet) };
  }
  for (let index = 0; index < buckets; index += 1) {
    const piece = pieces[index];
    // Rows are in the order in which they ended, so each piece of time is a range of ids.
    reader.each(since + index * width, Math.min(until, since + (index + 1) * width), (facet, time) => {
      const counted = byFacet[facet];
      if (counted === undefined) return;
      piece?.add(time, counted.failed);
      all.add(time, counted.failed);
      counted.tool?.tally.add(time, counted.failed);
    });
  }
  return {
    ...all.figures(),
    buckets: pieces.map((piece, index) => ({ at: since + index * width, ...piece.figures() })),
    tools: [...tools.values()]
      .filter(({ tally }) => tally.calls > 0)
      .sort((a, b) => b.tally.calls - a.tally.calls)
      .slice(0, MOST_TOOLS)
      .map(({ server, tool, tally }) => ({ server, tool, ...tally.figures() })),
  };
}

interface ToolTally {
  readonly server: string;
  readonly tool: string;
  readonly tally: Tally;
}

interface Counted {
  readonly failed: boolean;
  readonly tool: ToolTally | null;
}

function isFailure({ outcome }: Facet): boolean {
  return outcome !== 'ok' && outcome !== 'cancelled';
}

function toolOf(tools: Map<string, ToolTally>, { server, tool }: Facet): ToolTally | null {
  if (tool === '') return null;
  const key = `${server}\n${tool}`;
  const known = tools.get(key);
  if (known !== undefined) return known;
  const made = { server, tool, tally: new Tally() };
  tools.set(key, made);
  return made;
}

/** Calls counted by the time they took. */
class Tally {
  calls = 0;
  private failures = 0;
  private readonly times = new Map<number, number>();

  add(time: number, failed: boolean): void {
    this.calls += 1;
    if (failed) this.failures += 1;
    this.times.set(time, (this.times.get(time) ?? 0) + 1);
  }

  figures(): CallFigures {
    const sorted = [...this.times].sort((a, b) => a[0] - b[0]);
    const rank = (share: number): number | null => {
      let left = Math.ceil(this.calls * share);
      for (const [code, count] of sorted) {
        left -= count;
        if (left <= 0) return timeOfCode(code);
      }
      return null;
    };
    return { calls: this.calls, failures: this.failures, p50: rank(0.5), p95: rank(0.95) };
  }
}
