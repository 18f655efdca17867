import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configDocs, configSchemaText, defaultConfigText } from '../../main/config/publish.ts';
import { parseConfig } from '../../main/config/read.ts';

describe('the published description of the file', () => {
  // Out of date? `npx vitest run test/config/publish.test.ts -u` writes both.
  it('docs/configuration.md is current', async () => {
    await expect(configDocs()).toMatchFileSnapshot('../../docs/configuration.md');
  });

  it('assets/config.schema.json is current', async () => {
    await expect(configSchemaText()).toMatchFileSnapshot('../../assets/config.schema.json');
  });

  it.each([
    ['{}', true],
    ['{"mcpServers":{"a":{"command":"x","args":["y"],"enabled":false}}}', true],
    ['{"mcpServers":[{"name":"a","url":"https://h/mcp","type":"sse"}]}', true],
    ['{"mcpServers":[{"url":"https://h/mcp"}]}', false],
    ['{"mcpServers":{"a":{"comand":"x"}}}', false],
    ['{"lisen":"x"}', false],
  ])('as the schema sees it, %s: %s', (text, valid) => {
    const schema = z.fromJSONSchema(JSON.parse(configSchemaText()));
    expect(schema.safeParse(JSON.parse(text)).success).toBe(valid);
  });

  it('names every key with a meaning', () => {
    const rows = configDocs()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) expect(row).not.toMatch(/\| {2}\|$/);
  });
});

describe('the default file', () => {
  it('is a valid configuration without servers', () => {
    expect(parseConfig(defaultConfigText(), '/x/config.json').servers).toEqual([]);
  });
});
