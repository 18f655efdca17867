/**
 * What the gateway is measured against, in a process of its own. `http`: a bare Node HTTP server with a constant
 * answer, the ceiling of the load client. `hop`: the least that a proxy to a stdio server can do: a body goes to the
 * child as a line and its answer line comes back, nothing parsed, nothing checked.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const CONSTANT = '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"hello"}]}}';
const [kind, echo] = process.argv.slice(2);
const child = kind === 'hop' ? spawn(process.execPath, [echo], { stdio: ['pipe', 'pipe', 'inherit'] }) : null;
const waiting = [];
let rest = '';

child?.stdout.setEncoding('utf8');
child?.stdout.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) send(waiting.shift(), line);
});

function send(response, body) {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    if (child === null) return send(response, CONSTANT);
    waiting.push(response);
    child.stdin.write(`${body}\n`);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(
    `${JSON.stringify({ event: 'ready', endpoint: `http://127.0.0.1:${server.address().port}/mcp` })}\n`,
  );
});
process.on('SIGTERM', () => {
  child?.kill();
  process.exit(0);
});
