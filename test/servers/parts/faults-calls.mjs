/**
 * Faults in answers: missing, doubled, late, for somebody else, cut, too long, not JSON. Each takes the healthy server of
 * ../faulty.mjs and changes it.
 */
const MIB = 1024 * 1024;
const DEEP = 100_000;

/** Writes `count` blocks, as fast as they are taken, then calls back. */
function writeBlocks(block, count, done) {
  const more = () => {
    if (count-- > 0) process.stdout.write(block, more);
    else done();
  };
  more();
}

export const callFaults = {
  'hang-in-call': (server) => {
    server.fault = () => undefined;
  },
  /** Prints where only messages may be, before and between them; some of it looks like messages. */
  garbage: (server) => {
    const lines = [
      '\ufeff',
      'Server is starting...',
      '\x1b[31mwarning\x1b[0m',
      '',
      '{',
      '{"jsonrpc":"2.0"',
      '{not json}',
      '[1,2',
      '[]',
      '{}',
      '{"jsonrpc":"2.0","id":1,"result":',
      '{"jsonrpc":"2.0","method":7}',
      '   ',
      '\0\0\0',
    ];
    const garbage = `${lines.join('\n')}\r\n`;
    const { say } = server;
    server.write(garbage);
    server.say = (message) => {
      server.write(garbage);
      say(message);
    };
  },
  /** Every byte by itself: characters and lines come in pieces, on both outputs. */
  'split-utf8': (server) => {
    const pieces = [];
    let busy = false;
    const next = () => {
      const piece = pieces.shift();
      busy = piece !== undefined;
      if (busy) piece[0].write(piece[1], () => setImmediate(next));
    };
    const bytewise = (stream, text) => {
      for (const byte of Buffer.from(text)) pieces.push([stream, Buffer.from([byte])]);
      if (!busy) next();
    };
    server.write = (text) => bytewise(process.stdout, text);
    server.fault = (id) => {
      bytewise(process.stderr, 'größer als 漢字 😀\n');
      server.text(id, 'größer als 漢字 😀');
    };
  },
  'answers-twice': (server) => {
    server.fault = (id) => {
      server.text(id, 'first');
      server.text(id, 'second');
    };
  },
  'answers-late': (server) => {
    server.fault = (id) => void setTimeout(() => server.text(id, 'too late'), 1_500);
  },
  'wrong-id': (server) => {
    server.fault = (id) => server.text(id + 1, 'for nobody');
  },
  'null-id': (server) => {
    server.fault = () => {
      server.text(null, 'for nobody');
      server.say({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'cannot read that' } });
    };
  },
  /** An answer of 64 MiB on one line. */
  'huge-line': (server) => {
    server.fault = (id) => {
      server.write(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`);
      writeBlocks(Buffer.alloc(MIB, 'x'), 64, () => server.write('"}]}}\n'));
    };
  },
  /** A line that passes every bound and does not end. */
  'endless-line': (server) => {
    server.ended = () => undefined;
    setInterval(() => undefined, 60_000);
    server.fault = (id) => {
      server.write(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`);
      const block = Buffer.alloc(MIB, 'x');
      const more = () => process.stdout.write(block, more);
      more();
    };
  },
  /** Bytes that are no UTF-8, in names, results and logs. */
  'invalid-utf8': (server) => {
    const bad = Buffer.from([0x22, 0xc3, 0x28, 0xff, 0xed, 0xa0, 0x80, 0x22]);
    server.list = (id) => {
      const [before, after] = [`{"name":"odd","description":`, ',"inputSchema":{"type":"object"}}'];
      server.write(`{"jsonrpc":"2.0","id":${id},"result":{"tools":[${before}`);
      server.write(bad);
      server.write(`${after},{"name":`);
      server.write(bad);
      server.write(
        `,"inputSchema":{"type":"object"}},${server.tools().map((tool) => JSON.stringify(tool))}]}}\n`,
      );
    };
    server.fault = (id) => {
      process.stderr.write(bad);
      server.write(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":`);
      server.write(bad);
      server.write('}]}}\n');
    };
  },
  /** A result that is deeper than anything real. */
  'deep-answer': (server) => {
    server.fault = (id) =>
      server.say(
        `{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}}`,
      );
  },
  'deep-initialize': (server) => {
    server.initialize = (id) =>
      server.say(`{"jsonrpc":"2.0","id":${id},"result":{"x":${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}}}`);
  },
  /** A line that begins as an answer and is none. */
  'cut-answer': (server) => {
    server.fault = (id) => server.say(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"te`);
  },
  'cut-initialize': (server) => {
    server.initialize = (id) => server.say(`{"jsonrpc":"2.0","id":${id},"result":{"protocolVersion":"2025-`);
  },
  'big-answers': (server) => {
    server.fault = (id, { arguments: { bytes, last, loud } }) => {
      if (loud)
        server.say(
          `{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"${'n'.repeat(bytes)}"}}`,
        );
      const result = `"result":{"content":[{"type":"text","text":"${'x'.repeat(bytes)}"}]}`;
      server.say(last ? `{${result},"jsonrpc":"2.0","id":${id}}` : `{"jsonrpc":"2.0","id":${id},${result}}`);
    };
  },
  'refuses-initialize': (server) => {
    server.initialize = (id) =>
      server.say({ jsonrpc: '2.0', id, error: { code: -32000, message: 'the licence has run out' } });
  },
  'odd-initialize': (server) => {
    server.initialize = (id) => server.say(`{"jsonrpc":"2.0","id":${id},"result":[]}`);
  },
  /** Of the stateless era; needs input again and again, and never says which. */
  'asks-for-ever': (server) => {
    server.other = (id, method) => {
      if (method !== 'server/discover') return;
      const supportedVersions = ['2026-07-28'];
      server.answer(id, { resultType: 'complete', supportedVersions, capabilities: { tools: {} } });
    };
    server.fault = (id) => server.answer(id, { resultType: 'input_required', requestState: 'more' });
  },
};
