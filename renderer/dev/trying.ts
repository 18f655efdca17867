/** Made-up schemas and answers for the fake core. Plain data. */
import type { TrialView } from '../../preload/views/trying.ts';

const issue = {
  type: 'object',
  properties: {
    labels: { type: 'array', items: { type: 'string' }, description: 'Names of labels that exist' },
    state: { type: 'string', enum: ['open', 'closed'], default: 'open', description: 'How it begins' },
    assignee: {
      anyOf: [
        { type: 'string', title: 'By name' },
        { type: 'integer', title: 'By number', minimum: 1 },
      ],
      description: 'Who is to do it',
    },
    draft: { type: 'boolean', default: false, description: 'Only you see it' },
    due: { type: 'string', format: 'date' },
    milestone: {
      type: 'object',
      description: 'Where it belongs',
      properties: { title: { type: 'string' }, number: { type: 'integer', minimum: 1 } },
      required: ['title'],
    },
    repo: { type: 'string', minLength: 1, description: 'Without its owner' },
    owner: { type: 'string', minLength: 1, description: 'Account or organization' },
    title: { type: 'string', minLength: 1, maxLength: 256 },
    body: { type: 'string', description: 'The text, in Markdown' },
    template: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] },
  },
  required: ['owner', 'repo', 'title'],
};

const hostile = {
  type: 'object',
  properties: {
    [`${'long_'.repeat(60)}name`]: { type: 'string', description: 'Word '.repeat(500) },
    '<b>bold</b>': {
      type: 'integer',
      description: 'Reversed \u202eelif eteled\u202c, hidden \u200b\u200b\u200b',
    },
    unbroken: { enum: ['x'.repeat(3000), 'y'] },
    self: { $ref: '#' },
  },
  required: [`${'long_'.repeat(60)}name`, 'unbroken'],
};

export function schemaOf(tool: string): string {
  return JSON.stringify(tool === 'get_me' ? {} : /^[a-z_0-9]{3,40}$/.test(tool) ? issue : hostile);
}

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export function trialOf(tool: string): TrialView {
  const parts: TrialView['parts'] = [
    { kind: 'text', text: 'Opened issue #8841: “Invoice totals are rounded twice”.', chars: 55 },
    { kind: 'image', mime: 'image/png', data: pixel, bytes: 70, width: 1, height: 1 },
    {
      ...{ kind: 'link', uri: 'https://github.com/acme-labs/billing-api/issues/8841', name: 'issue-8841' },
      ...{ title: 'Issue #8841', description: 'In acme-labs/billing-api', mime: 'text/html' },
    },
    {
      kind: 'resource',
      uri: 'repo://acme-labs/billing-api/README.md',
      mime: 'text/markdown',
      text: '# Billing',
      bytes: 9,
    },
    { kind: 'audio', mime: 'audio/wav', bytes: 48_213 },
    { kind: 'no-image', mime: 'image/svg+xml', bytes: 812, why: 'not-raster' },
  ];
  const failed = tool === 'delete_file';
  return {
    outcome: failed ? 'tool-error' : 'ok',
    parts: failed ? [{ kind: 'text', text: 'There is no such file.', chars: 22 }] : parts,
    partsLeftOut: 0,
    structured: failed ? null : '{\n  "number": 8841,\n  "id": 12345678901234567890\n}',
    structuredChars: 48,
    error: null,
    bytes: 1_482,
    durationMs: 612,
  };
}
