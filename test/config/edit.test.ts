import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editAllowed, editSwitch, editText } from '../../main/config/edit.ts';
import { parseConfig } from '../../main/config/read.ts';

const FILE = '/data/config.json';

describe('editSwitch', () => {
  it('changes one word and leaves comments, order and formatting', () => {
    const text =
      '{\n  // top\n  "mcpServers": {\n    "a": { "command": "x", "enabled": true, /* why */ },\n  },\n}\n';
    expect(editSwitch(text, FILE, 'a', false)).toBe(text.replace('true', 'false'));
  });

  it('adds the key in the habits of the file', () => {
    const text = '{\r\n\t"mcpServers": {\r\n\t\t"a": {\r\n\t\t\t"command": "x"\r\n\t\t}\r\n\t}\r\n}';
    expect(editSwitch(text, FILE, 'a', false)).toBe(
      '{\r\n\t"mcpServers": {\r\n\t\t"a": {\r\n\t\t\t"command": "x",\r\n\t\t\t"enabled": false\r\n\t\t}\r\n\t}\r\n}',
    );
  });

  it('takes away "disabled", which would contradict', () => {
    const text =
      '{\n  "mcpServers": {\n    "a": {\n      "disabled": true,\n      "command": "x"\n    }\n  }\n}';
    const edited = editSwitch(text, FILE, 'a', true) ?? '';
    expect(edited).not.toContain('disabled');
    expect(parseConfig(edited, FILE).servers[0]?.enabled).toBe(true);
  });

  it('finds a server in the list form', () => {
    const text = '{"mcpServers":[{"name":"a","command":"x"},{"name":"b","command":"y"}]}';
    const servers = parseConfig(editSwitch(text, FILE, 'b', false) ?? '', FILE).servers;
    expect(servers.map((server) => server.enabled)).toEqual([true, false]);
  });

  it('keeps a byte order mark', () => {
    expect(editSwitch('\uFEFF{"mcpServers":{"a":{"command":"x"}}}', FILE, 'a', false)?.charCodeAt(0)).toBe(
      0xfeff,
    );
  });

  it.each(['b', 'toString', '__proto__'])('says null for %s, which is not there', (name) => {
    expect(editSwitch('{"mcpServers":{"a":{"command":"x"}}}', FILE, name, false)).toBeNull();
    expect(editSwitch('{}', FILE, name, false)).toBeNull();
  });
});

describe('editAllowed', () => {
  const allowed = (text: string) => {
    const { isolation } = parseConfig(
      editAllowed(text, FILE, 'a', ['x.example', 'y.example:5432']) ?? '',
      FILE,
    ).servers[0] ?? { isolation: null };
    return isolation;
  };

  it.each([
    ['a server that says nothing', '{"mcpServers":{"a":{"command":"x"}}}'],
    ['one that learns', '{"mcpServers":{"a":{"command":"x","isolation":{"network":"learn","memory":"1g"}}}}'],
    ['another spelling', '{"mcpServers":{"a":{"command":"x","isolation":{"network_mode":"bridge"}}}}'],
    ['the list form', '{"mcpServers":[{"name":"a","command":"x","isolation":{"allow":["old.example"]}}]}'],
  ])('%s', (_name, text) => {
    expect(allowed(text)).toMatchObject({ network: 'allowlist', allow: ['x.example', 'y.example:5432'] });
    if (text.includes('1g')) expect(allowed(text)?.memoryBytes).toBe(1024 ** 3);
  });

  it('says null for what is not there', () => {
    expect(editAllowed('{"mcpServers":{}}', FILE, 'a', ['x.example'])).toBeNull();
  });
});

describe('editText', () => {
  it.each([
    ['one line', '{"a":{ "b": 1 }}', '{"a":{ "b": 1, "k": false }}'],
    ['one line with a trailing comma', '{"a":{ "b": 1, }}', '{"a":{ "b": 1, "k": false, }}'],
    ['one line with a comment', '{"a":{ "b": 1 /* b */ }}', '{"a":{ "b": 1, "k": false /* b */ }}'],
    ['lines', '{"a":{\n    "b": 1\n}}', '{"a":{\n    "b": 1,\n    "k": false\n}}'],
    ['lines and a comment', '{"a":{\n "b": 1 // b\n}}', '{"a":{\n "b": 1, // b\n "k": false\n}}'],
    ['a trailing comma', '{"a":{\n "b": 1, // b\n}}', '{"a":{\n "b": 1, // b\n "k": false,\n}}'],
    [
      'a comma before a comment',
      '{"a":{\n "b": 1 /* b */, // c\n}}',
      '{"a":{\n "b": 1 /* b */, // c\n "k": false,\n}}',
    ],
    ['a comma on its own line', '{"a":{\n "b": 1\n ,\n}}', '{"a":{\n "b": 1\n , "k": false,\n}}'],
    ['a comment over lines', '{"a":{\n "b": 1 /* b\n */ }}', '{"a":{\n "b": 1, "k": false /* b\n */ }}'],
  ])('adds a key after %s', (_name, text, expected) => {
    expect(editText(text, ['a', 'k'], false)).toBe(expected);
  });

  it('adds an object in the habits of the file', () => {
    const text = '{\r\n\t"mcpServers": {\r\n\t\t"a": { "command": "x" }\r\n\t}\r\n}';
    expect(editText(text, ['mcpServers', 'b'], { command: 'y' })).toBe(
      '{\r\n\t"mcpServers": {\r\n\t\t"a": { "command": "x" },\r\n\t\t"b": {\r\n\t\t\t"command": "y"\r\n\t\t}\r\n\t}\r\n}',
    );
  });

  it('adds a key to an object without keys, and makes the way to it', () => {
    expect(JSON.parse(editText('{}', ['auth', 'token'], 'x'))).toEqual({ auth: { token: 'x' } });
    expect(JSON.parse(editText('{"auth":{}}', ['auth', 'token'], 'x'))).toEqual({ auth: { token: 'x' } });
  });

  it('removes a key when the value is undefined', () => {
    expect(JSON.parse(editText('{"listen":"h:1","auth":{}}', ['listen'], undefined))).toEqual({ auth: {} });
  });

  it('switching any servers on and off in any layout changes those switches only', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_]{1,8}$/).filter((text) => text !== '__proto__');
    const names = fc.uniqueArray(name, {
      minLength: 1,
      maxLength: 5,
      selector: (text) => text.toLowerCase(),
    });
    const layout = fc.constantFrom<[string, string]>(['  ', '\n'], ['\t', '\r\n'], ['    ', '\n'], ['', ' ']);
    fc.assert(
      fc.property(
        names,
        layout,
        fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 6 }),
        (servers, [indent, eol], steps) => {
          const start = [
            '{ // first',
            `${indent}"mcpServers": { /* here */`,
            ...servers.map(
              (server) => `${indent}${indent}"${server}": { "command": "${server}", },  /* ${server} */`,
            ),
            `${indent}},`,
            '}',
          ].join(eol);
          // Without line ends a line comment would swallow the rest.
          let text = eol === ' ' ? start.replace('// first', '/* first */') : start;
          const wanted = new Map(servers.map((server) => [server, true]));
          for (const [pick, enabled] of steps) {
            const server = servers[pick % servers.length] ?? '';
            wanted.set(server, enabled);
            text = editSwitch(text, FILE, server, enabled) ?? '';
          }
          const config = parseConfig(text, FILE);
          expect(config.servers.map((server) => [server.name, server.enabled])).toEqual([...wanted]);
          expect(text).toContain('first');
          for (const server of servers) expect(text).toContain(`/* ${server} */`);
        },
      ),
    );
  });
});
