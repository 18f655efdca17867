/**
 * Faults of servers that talk too much: they begin when `fault` is called and go on for two seconds. Each takes the
 * healthy server of ../faulty.mjs and changes it.
 */
const STORM_MS = 2_000;

/** Writes what `next` gives, as fast as it is taken, for the time of a storm; then `done`. */
function storm(next, done, ms = STORM_MS) {
  const end = Date.now() + ms;
  const more = () => {
    if (Date.now() < end) process.stdout.write(next(), () => setImmediate(more));
    else done();
  };
  more();
}

/** A thousand lines in one write. */
function lines(line) {
  let text = '';
  for (let i = 0; i < 1_000; i++) text += `${line()}\n`;
  return text;
}

/** Answers, and writes this from then on without end. */
const flood = (text) => (server) => {
  server.fault = (id) => {
    server.text(id, 'begun');
    storm(
      () => text,
      () => undefined,
      600_000,
    );
  };
};

export const stormFaults = {
  'floods-stdout': flood('y\n'.repeat(32_768)),
  'floods-json': flood('{}\n'.repeat(32_768)),
  'ping-storm': (server) => {
    let n = 0;
    server.fault = (id) =>
      storm(
        () => lines(() => `{"jsonrpc":"2.0","id":"p${n++}","method":"ping"}`),
        () => server.text(id, String(n)),
      );
  },
  /** Asks on and on and never reads what it gets. */
  'deaf-ping-storm': (server) => {
    server.fault = () => {
      process.stdin.pause();
      let n = 0;
      storm(
        () => `{"jsonrpc":"2.0","id":"${'p'.repeat(100_000)}${n++}","method":"ping"}\n`,
        () => undefined,
        60_000,
      );
    };
  },
  /** Wants everything that a server can want, and some things that it cannot. */
  'request-storm': (server) => {
    const methods = [
      'sampling/createMessage',
      'elicitation/create',
      'roots/list',
      'tools/call',
      'no/such',
      'initialize',
    ];
    let n = 0;
    const line = () =>
      JSON.stringify({
        jsonrpc: '2.0',
        id: n++,
        method: methods[n % methods.length],
        params: { messages: [] },
      });
    server.fault = (id) =>
      storm(
        () => lines(line),
        () => server.text(id, String(n)),
      );
  },
  /** Tells of changed tools every few milliseconds from the start, and has other ones each time. */
  'changing-tools': (server) => {
    let version = 0;
    const { tools } = server;
    server.tools = () => [...tools(), { name: `version_${version}`, inputSchema: { type: 'object' } }];
    setInterval(() => {
      version++;
      server.say({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    }, 10);
  },
  /** Every notification and request there is, without what it needs or with what it cannot have. */
  'odd-messages': (server) => {
    const notifications = [
      'message',
      'progress',
      'cancelled',
      'tools/list_changed',
      'resources/updated',
      'tasks/status',
      'elicitation/complete',
      'subscriptions/acknowledged',
      'initialized',
      'odd',
    ].map((name) => `notifications/${name}`);
    const requests = [
      'sampling/createMessage',
      'elicitation/create',
      'roots/list',
      'ping',
      '',
      'x'.repeat(10_000),
    ];
    const params = [
      undefined,
      null,
      7,
      'text',
      [],
      {},
      { level: 7, progressToken: {}, requestId: [], uri: 5, taskId: {}, elicitationId: null, _meta: 5 },
      {
        level: 'loud',
        progressToken: '65536',
        requestId: '65536',
        uri: '',
        taskId: '',
        _meta: { progressToken: [] },
      },
      {
        progressToken: -1,
        progress: 'x',
        requestId: 1e300,
        _meta: { 'io.modelcontextprotocol/subscriptionId': {} },
      },
    ];
    const ids = [0, -1, 1.5, 1e21, '', '\ud800', 'x'.repeat(10_000), true, {}, []];
    server.fault = (id) => {
      for (const given of params) {
        for (const method of notifications) server.say({ jsonrpc: '2.0', method, params: given });
        for (const method of requests)
          for (const odd of ids) server.say({ jsonrpc: '2.0', id: odd, method, params: given });
      }
      server.say({ id, result: {}, error: {}, method: 'ping' });
    };
  },
};
