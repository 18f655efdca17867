/** Commands about what has happened. */
import { z } from 'zod';
import type { CoreCommands } from '../../preload/contract.ts';
import type {
  ActivityDetail,
  ActivityFilter,
  ActivityRow,
  ActivityStats,
} from '../../preload/views/activity.ts';
import { type CommandSet, name, nothing, toolName } from './command.ts';

/** One page. */
interface Page {
  readonly filter: ActivityFilter;
  readonly limit: number;
  readonly before?: number | undefined;
}

/** What they act on. */
export interface ActivityDeps {
  page(query: Page): Promise<readonly ActivityRow[]>;
  detailed(query: Page): Promise<readonly ActivityDetail[]>;
  entry(id: number): Promise<ActivityDetail | null>;
  stats(query: {
    readonly filter: ActivityFilter;
    readonly since: number;
    readonly until: number;
    readonly buckets: number;
  }): Promise<ActivityStats>;
  /** Writes a file and says where. */
  export(format: 'jsonl' | 'csv', filter: ActivityFilter): Promise<CoreCommands['activity.export']['value']>;
  clear(): Promise<void>;
}

type Names =
  | 'activity.query'
  | 'activity.detailed'
  | 'activity.entry'
  | 'activity.stats'
  | 'activity.export'
  | 'activity.clear';

const moment = z.number().min(0).max(8.64e15);
const before = z.int().min(0).optional();
const filter = z
  .strictObject({
    since: moment.optional(),
    until: moment.optional(),
    kind: z.enum(['call', 'decision', 'connection', 'config']).optional(),
    client: name.optional(),
    server: name.optional(),
    tool: toolName.optional(),
    outcome: z.enum(['ok', 'tool-error', 'error', 'refused', 'cancelled', 'failed']).optional(),
    text: z.string().max(500).optional(),
  })
  .optional();

export function activityCommands(deps: ActivityDeps): CommandSet<Names> {
  return {
    'activity.query': {
      schema: z.strictObject({ filter, limit: z.int().min(1).max(500), before }),
      run: (query) => deps.page({ ...query, filter: query.filter ?? {} }),
    },
    'activity.detailed': {
      schema: z.strictObject({ filter, limit: z.int().min(1).max(500), before }),
      run: (query) => deps.detailed({ ...query, filter: query.filter ?? {} }),
    },
    'activity.entry': {
      schema: z.strictObject({ id: z.int().min(0) }),
      run: ({ id }) => deps.entry(id),
    },
    'activity.stats': {
      schema: z.strictObject({ filter, since: moment, until: moment, buckets: z.int().min(1).max(500) }),
      run: (query) => deps.stats({ ...query, filter: query.filter ?? {} }),
    },
    'activity.export': {
      schema: z.strictObject({ filter, format: z.enum(['jsonl', 'csv']) }),
      run: ({ filter: chosen, format }) => deps.export(format, chosen ?? {}),
    },
    'activity.clear': {
      schema: nothing,
      async run() {
        await deps.clear();
        return null;
      },
    },
  };
}
