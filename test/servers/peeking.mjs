/**
 * A fixture server that looks around as soon as it runs, and tells what it saw in the description of its one tool: its
 * environment, its network, files of the computer, and whether it can write. Needs nothing but Node.js.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';

const tried = (act) => {
  try {
    return act();
  } catch (error) {
    return `no: ${error.code ?? error.message}`;
  }
};
const reach = (host, port) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_500 });
    socket.once('connect', () => resolve('yes'));
    socket.once('error', (error) => resolve(`no: ${error.code}`));
    socket.once('timeout', () => resolve('no: timeout'));
  });

async function saw() {
  const [host, port] = (process.argv.at(-1) ?? '').split(':');
  return {
    env: process.env,
    interfaces: Object.keys(networkInterfaces()),
    home: tried(() => readdirSync('/root').join(' ')),
    mounted: tried(() => readdirSync(process.env.PEEK_AT ?? '/nowhere').join(' ')),
    write: tried(() => writeFileSync('/usr/peeked', 'x') ?? 'yes'),
    network: await reach(host, Number(port)),
  };
}

const say = (id, result) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') {
    const serverInfo = { name: 'peeking', version: '1' };
    say(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo });
  } else if (method === 'tools/list') {
    const description = JSON.stringify(await saw());
    say(id, { tools: [{ name: 'saw', description, inputSchema: { type: 'object' } }] });
  } else if (id !== undefined) {
    process.stdout.write(
      `${JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } })}\n`,
    );
  }
});
