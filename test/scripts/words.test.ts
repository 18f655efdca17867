import { describe, expect, test } from 'vitest';
import { readyText } from '../../scripts/lib/words.mjs';

const ready = { event: 'ready', endpoint: 'http://127.0.0.1:4180/mcp', pid: 42, version: '1.2.3' };

describe('what npm start says', () => {
  test('names the endpoint, and a line that fetches the token instead of showing it', () => {
    expect(readyText(ready, [])).toBe(
      [
        'Gatehouse 1.2.3 is ready at http://127.0.0.1:4180/mcp (process 42; Ctrl-C ends it)',
        '  for Claude Code:   claude mcp add --transport http gatehouse http://127.0.0.1:4180/mcp --header "Authorization: Bearer $(node out/cli.js token)"',
        '  for other clients: node out/cli.js connect',
      ].join('\n'),
    );
  });
  test('asks for no token where there is none', () => {
    expect(readyText(ready, ['--no-auth'])).not.toContain('Bearer');
  });
  test.each([
    [['--data-dir', "/tmp/it's here"], `connect --data-dir '/tmp/it'\\''s here'`],
    [['--data-dir=/tmp/$(reboot)'], `connect --data-dir '/tmp/$(reboot)'`],
  ])('quotes the data directory for a shell: %j', (args, command) => {
    expect(readyText(ready, args)).toContain(command);
  });
});
