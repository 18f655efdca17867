/**
 * `tasks/list` (tasks section of 2025-11-25) over all servers of a scope that offer it: every page of every one of
 * them, only the tasks of this client. Ends with the last page, or when nobody waits for it any more.
 */

import type { ForwardHandle } from '../protocol/call.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { memberOf } from '../protocol/members.ts';
import { scanMessage } from '../protocol/scan.ts';
import { errorAnswer, resultAnswer, splice } from '../protocol/wire.ts';
import type { View } from './ports.ts';
import type { Abandonable, Reply } from './reply.ts';
import type { CallRooms } from './rooms.ts';
import type { CallSession } from './running.ts';
import { listedTasks, renameTask, shownId } from './tasks.ts';

/** Pages of one server; a list that has more is cut. */
const MOST_PAGES = 100;

/** The servers of the view that list tasks. */
export function taskServers(view: View): readonly string[] {
  return view.servers.filter((server) => {
    const tasks = view.capabilitiesOf(server)?.tasks;
    return typeof tasks === 'object' && tasks !== null && 'list' in tasks;
  });
}

/** Answers with one page. On a server's own route its error passes; elsewhere one that fails is left out. */
export function listTasks(
  session: CallSession,
  rooms: CallRooms,
  servers: readonly string[],
  id: string,
  reply: Reply,
): Abandonable {
  const { scope, caller, peer } = session;
  const found: Buffer[][] = servers.map(() => []);
  const handles: (ForwardHandle | null)[] = servers.map(() => null);
  let open = servers.length;
  let done = false;

  const answer = (message: Buffer): void => {
    if (done) return;
    done = true;
    reply.answer(message);
  };
  const serverDone = (error: Buffer | null): void => {
    open--;
    if (error !== null && scope.kind === 'server') answer(error);
    else if (open === 0) answer(resultAnswer(id, joined(found.flat())));
  };
  const page = (server: string, index: number, cursor: Buffer | null, pages: number): void => {
    const bytes = listRequest(cursor);
    const next = rooms.ports.forward(server, {
      bytes,
      scan: scanMessage(bytes),
      key: null,
      target: '',
      peer,
      sink: {
        answer(message, idStart, idEnd, isError) {
          handles[index] = null;
          if (done) return;
          if (isError)
            return serverDone(splice(message, [{ start: idStart, end: idEnd, text: Buffer.from(id) }]));
          const { resultStart, resultEnd } = scanMessage(message);
          for (const { json, id: task } of listedTasks(message, resultStart, resultEnd)) {
            const known = rooms.hub.tasks.of(server, task);
            if (known?.caller !== caller.id) continue;
            found[index]?.push(renameTask(json, 0, json.length, task, shownId(known, scope)));
          }
          const more = memberOf(message, resultStart, resultEnd, 'nextCursor');
          const ended = more === null || more[0] !== 0x22 || cursor?.equals(more) === true;
          if (ended || pages >= MOST_PAGES) serverDone(null);
          else page(server, index, more, pages + 1);
        },
        progress: () => undefined,
        notify: () => undefined,
        stream: () => undefined,
        ask: () => null,
        readmit: () => null,
        fail(error: GatehouseError) {
          handles[index] = null;
          if (!done) serverDone(errorAnswer(id, error));
        },
      },
    });
    handles[index] = next;
  };
  for (const [index, server] of servers.entries()) page(server, index, null, 1);
  if (open === 0) answer(resultAnswer(id, joined([])));
  return {
    abandon() {
      if (done) return;
      done = true;
      for (const handle of handles) handle?.cancel('the client has hung up');
      reply.nothing();
    },
  };
}

function listRequest(cursor: Buffer | null): Buffer {
  const head = '{"jsonrpc":"2.0","id":0,"method":"tasks/list"';
  if (cursor === null) return Buffer.from(`${head}}`);
  return Buffer.concat([Buffer.from(`${head},"params":{"cursor":`), cursor, Buffer.from('}}')]);
}

function joined(items: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [Buffer.from('{"tasks":[')];
  items.forEach((item, index) => {
    if (index > 0) pieces.push(Buffer.from(','));
    pieces.push(item);
  });
  pieces.push(Buffer.from(']}'));
  return Buffer.concat(pieces);
}
