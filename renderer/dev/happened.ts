/** What happened in the made-up worlds: calls of a morning, with arguments and answers. Plain data. */
import type {
  ActivityDetail,
  ActivityFilter,
  ActivityOutcome,
  ActivityStats,
} from '../../preload/views/activity.ts';

const tools = [
  ['postgres', 'execute_sql'],
  ['github', 'search_code'],
  ['github', 'get_file_contents'],
  ['filesystem', 'edit_file'],
  ['quick-notes', 'save_note'],
  ['linear', 'list_issues'],
  ['context7', 'query-docs'],
  ['sentry', 'get_issue_details'],
] as const;
const outcomes: readonly ActivityOutcome[] = [
  'ok',
  'ok',
  'ok',
  'ok',
  'refused',
  'ok',
  'ok',
  'error',
  'ok',
  'cancelled',
];

/** Newest first. */
export const happened: readonly ActivityDetail[] = Array.from({ length: 240 }, (_, index) => {
  const [server, tool] = tools[(index * 5) % tools.length] ?? tools[0];
  const outcome = tool === 'save_note' ? 'refused' : (outcomes[(index * 7) % outcomes.length] ?? 'ok');
  return {
    id: 1_000 - index,
    at: Date.now() - index * 55_000 - 4_000,
    kind: 'call',
    client: ['Claude Code', 'VS Code', 'Cursor', 'token-4f1c09ab'][index % 4] ?? '',
    clientName: index % 4 === 3 ? 'Zed' : null,
    session: `session-${index % 3}`,
    server,
    tool,
    action: 'tools/call',
    outcome,
    errorCode: outcome === 'refused' ? 'trust.changed' : outcome === 'error' ? 'upstream.timeout' : null,
    approval: null,
    durationMs: ((index * 137) % 900) + 4,
    requestBytes: 180 + index,
    responseBytes: (index * 977) % 48_000,
    details: 'kept',
    request: `{"title":"Standup","text":"Ship the invoice fix today","token":"[hidden: by name]","n":${index}}`,
    response: `{"content":[{"type":"text","text":"Done, ${index}."}]}`,
    hidden: 1,
    requestCut: false,
    responseCut: false,
  };
});

/** Rows that pass, as the core chooses them; words are looked for as they are. */
export function rowsFor(
  filter: ActivityFilter,
  limit: number,
  before: number | undefined,
): readonly ActivityDetail[] {
  return happened
    .filter(
      (row) =>
        (before === undefined || row.id < before) &&
        (filter.kind === undefined || row.kind === filter.kind) &&
        (filter.client === undefined || row.client === filter.client) &&
        (filter.server === undefined || row.server === filter.server) &&
        (filter.outcome === undefined ||
          (filter.outcome === 'failed' ? row.outcome !== 'ok' : row.outcome === filter.outcome)) &&
        (filter.text === undefined || JSON.stringify(row).toLowerCase().includes(filter.text.toLowerCase())),
    )
    .slice(0, limit);
}

/** Figures of a morning. */
export const figures: ActivityStats = {
  calls: 463,
  failures: 14,
  p50: 43,
  p95: 212,
  buckets: Array.from({ length: 24 }, (_, index) => ({
    at: Date.now() - (24 - index) * 11 * 60_000,
    calls: index < 2 ? 0 : Math.round(6 + index * 1.1 + 6 * Math.sin(index * 1.7)),
    failures: index % 4 === 3 ? 2 : 0,
    p50: index < 2 ? null : 36 + ((index * 7) % 12),
    p95: index < 2 ? null : index === 14 ? 420 : 160 + ((index * 53) % 90),
  })),
  tools: [],
};
