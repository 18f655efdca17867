/**
 * MCP sessions of the load client, and the targets that its calls go to: over streamable HTTP, over the old HTTP+SSE,
 * and without a session in the revision 2026-07-28.
 */
import { HttpLane, plainBody } from './http-lane.mjs';
import { openSseSession } from './sse-session.mjs';

/** @typedef {import('./load.mjs').Target} Target */

/**
 * A way to call one server's tools.
 * @typedef {object} Caller
 * @property {(tool: string, big?: number) => Target} tool the echo, or with `big` a result of so many bytes
 * @property {() => Target} list
 * @property {(body: string, id: number) => Promise<string>} ask sends one request and gives the answer's body
 */

const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
});
const INITIALIZED = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
const META =
  '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},' +
  '"io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"}}';

/**
 * Opens one session over streamable HTTP; gives the headers that its requests need.
 * @param {string} url
 * @param {Record<string, string>} headers what every request needs, a token perhaps
 * @param {HttpLane} [over] a socket to use
 * @returns {Promise<Record<string, string>>}
 */
export async function openHttpSession(url, headers, over) {
  const lane = over ?? new HttpLane(url, headers);
  try {
    const answer = await lane.send(INITIALIZE);
    const id = /^mcp-session-id: (\S+)/im.exec(answer.head)?.[1];
    return id === undefined ? headers : { ...headers, 'Mcp-Session-Id': id };
  } finally {
    if (over === undefined) lane.close();
  }
}

/** Opens `count` sessions one after the other over one socket; gives the headers of each. */
export async function openHttpSessions(url, headers, count) {
  const lane = new HttpLane(url, headers);
  const sessions = [];
  try {
    while (sessions.length < count) sessions.push(await openHttpSession(url, headers, lane));
  } finally {
    lane.close();
  }
  return sessions;
}

/** @returns {Promise<Caller>} over streamable HTTP with a session of its own */
export async function httpCaller(url, headers = {}) {
  const session = await openHttpSession(url, headers);
  const opened = new HttpLane(url, session);
  await opened.send(INITIALIZED);
  opened.close();
  return callerWith(() => new HttpLane(url, session));
}

/** @returns {Promise<Caller>} over the old HTTP+SSE */
export async function sseCaller(url) {
  const session = await openSseSession(url);
  const opened = session.lane();
  await opened.send(INITIALIZE, 0);
  opened.close();
  return callerWith(() => session.lane());
}

/**
 * A caller whose lanes `open` gives, in any of the revisions with sessions.
 * @param {() => import('./load.mjs').Lane} open
 * @returns {Caller}
 */
export function callerWith(open) {
  return {
    tool: (name, big) => ({
      lane: open,
      body: callBody(name, big),
      check: big === undefined ? 'echo' : 'id',
    }),
    list: () => ({
      lane: open,
      body: (id) => `{"jsonrpc":"2.0","id":${id},"method":"tools/list"}`,
      check: 'id',
    }),
    ask: (body, id) => ask(open(), body, id),
  };
}

/**
 * Calls without a session, revision 2026-07-28.
 * @throws Error when the server does not speak it
 * @returns {Promise<Caller>}
 */
export async function statelessCaller(url, headers) {
  const open = (method, name) => () =>
    new HttpLane(url, {
      ...headers,
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...(name === undefined ? {} : { 'Mcp-Name': name }),
    });
  const body = (method) => (id) => `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":{${META}}}`;
  await ask(open('server/discover')(), body('server/discover')(1), 1);
  return {
    tool: (name, big) => ({
      lane: open('tools/call', name),
      body: callBody(name, big, `,${META}`),
      check: big === undefined ? 'echo' : 'id',
    }),
    list: () => ({ lane: open('tools/list'), body: body('tools/list'), check: 'id' }),
    ask(text, id) {
      const { method, params } = JSON.parse(text);
      return ask(open(method, params.name)(), text, id);
    },
  };
}

/** Calls one tool once. @throws Error with what the server says when that fails */
export async function tryTool(caller, name) {
  const text = await caller.ask(caller.tool(name).body(7, 'trial'), 7);
  if (!text.includes('trial') || text.includes('"error"')) throw new Error(text.slice(0, 300));
}

function callBody(name, big, meta = '') {
  const head = `,"method":"tools/call","params":{"name":"${name}","arguments":{`;
  return big === undefined
    ? (id, text) => `{"jsonrpc":"2.0","id":${id}${head}"text":"${text}"}${meta}}}`
    : (id) => `{"jsonrpc":"2.0","id":${id}${head}"bytes":${big}}${meta}}}`;
}

async function ask(lane, body, id) {
  try {
    return plainBody(await lane.send(body, id)).toString('utf8');
  } finally {
    lane.close();
  }
}
