/** What the made-up core understands of any text: one server with all that a review can show. Plain data. */
import type { PasteView } from '../../preload/views/adding.ts';

export const pasteWorld: PasteView = {
  kind: 'command',
  digest: '0'.repeat(64),
  servers: [
    {
      name: 'postgres',
      origin: { kind: 'npm', what: '@acme-labs/postgres-mcp', version: '1.8.2' },
      line: [
        { kind: 'plain', text: 'npx -y ' },
        { kind: 'origin', text: '@acme-labs/postgres-mcp@1.8.2' },
        { kind: 'plain', text: ' --access-mode restricted ~/exports\nDATABASE_URI=postgresql://reporting:' },
        { kind: 'hidden', text: '' },
        { kind: 'plain', text: '@db.internal:5432/shop\nREPORT_TOKEN=<your token>' },
      ],
      local: true,
      contained: {
        image: 'node:22',
        files: 'no files',
        network: 'reaches registry.npmjs.org and registry.yarnpkg.com',
        limits: '512 MB of memory, 1 core, 256 processes, 256 MB of scratch space',
      },
      notContained: null,
      place: 'container',
      paths: ['~/exports'],
      values: [
        { place: 'env.DATABASE_URI', name: 'DATABASE_URI', kind: 'variable', key: true, state: 'given' },
        { place: 'env.REPORT_TOKEN', name: 'REPORT_TOKEN', kind: 'variable', key: true, state: 'missing' },
      ],
      checks: [
        { id: 'missing', tone: 'warn', what: 'REPORT_TOKEN' },
        { id: 'pinned', tone: 'ok', what: '1.8.2' },
      ],
    },
  ],
};
