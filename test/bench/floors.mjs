/**
 * What the gateway is measured against, in a process of its own. `http`: a bare Node HTTP server with a constant
 * answer, the ceiling of the load client. `hop`: the least that a proxy to a stdio server can do: a body goes to the
 * child as a line and its answer line comes back, nothing parsed, nothing checked; with several children the path's last
 * part says which. `pass`: the same for a server over HTTP.
 */
import { spawn } from 'node:child_process';
import { Agent, createServer, request as sendRequest } from 'node:http';

const CONSTANT = '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"hello"}]}}';
const [kind, target, count = '1', ...childArgs] = process.argv.slice(2);
const children = kind === 'hop' ? Array.from({ length: Number(count) }, startChild) : [];
const agent = new Agent({ keepAlive: true });

/** Answers come in the order of the questions. */
function startChild() {
  const child = spawn(process.execPath, [target, ...childArgs], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  let rest = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) send(waiting.shift(), line);
  });
  return {
    ask(body, response) {
      waiting.push(response);
      child.stdin.write(`${body}\n`);
    },
    kill: () => child.kill(),
  };
}

function send(response, body) {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function pass(body, { headers }, response) {
  const session = headers['mcp-session-id'];
  const onward = sendRequest(
    target,
    {
      method: 'POST',
      agent,
      headers: {
        'Content-Type': 'application/json',
        Accept: headers.accept,
        'Content-Length': Buffer.byteLength(body),
        ...(session === undefined ? {} : { 'Mcp-Session-Id': session }),
      },
    },
    (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => {
        const id = answer.headers['mcp-session-id'];
        if (id !== undefined) response.setHeader('Mcp-Session-Id', id);
        send(response, text);
      });
    },
  );
  onward.end(body);
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    if (kind === 'pass') pass(body, request, response);
    else if (kind === 'http') send(response, CONSTANT);
    else (children[Number(request.url.split('/').at(-1))] ?? children[0]).ask(body, response);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(
    `${JSON.stringify({ event: 'ready', endpoint: `http://127.0.0.1:${server.address().port}/mcp` })}\n`,
  );
});
process.on('SIGTERM', () => {
  for (const child of children) child.kill();
  process.exit(0);
});
