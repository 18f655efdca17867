/**
 * Calling a tool by hand: what a screen or the command line gives becomes one call at the door, and its answer what a
 * screen may show. Cancels on request; what is under way ends with the door.
 */
import { tryingCommands } from './api/trying.ts';
import type { Gatekeeping } from './gatekeeping.ts';
import type { Door } from './gateway/door.ts';
import type { Clock } from './protocol/clock.ts';
import { GatehouseError } from './protocol/error.ts';
import { unknownServer } from './rules.ts';
import { trialView } from './tool-answer.ts';

/** What it needs. */
export interface TryingRooms {
  readonly clock: Clock;
  readonly gates: Pick<Gatekeeping['gates'], 'raw' | 'overrides'>;
  readonly inside: Pick<Door['inside'], 'call'>;
  /** Whether the configuration has a server of this name. */
  has(server: string): boolean;
}

/** A longer schema makes no form. Characters. */
const LONGEST_SCHEMA = 512 * 1024;
/** Calls by hand at once. */
const MOST = 32;

/** The commands. */
export function openTrying({ clock, gates, inside, has }: TryingRooms): ReturnType<typeof tryingCommands> {
  const underWay = new Map<string, { cancel(): void }>();
  return tryingCommands({
    schema(server, tool) {
      const listed = gates.raw(server);
      if (listed === null) throw unknownServer(server);
      const found = listed.tools.find(({ key }) => key === tool);
      if (found === undefined) throw unknownTool(server, tool);
      const json = JSON.stringify(found.value.inputSchema ?? {});
      return json.length > LONGEST_SCHEMA ? null : json;
    },
    call({ server, tool, arguments: args, trial }, by) {
      // The door would wait for a server that may still come.
      if (!has(server)) throw unknownServer(server);
      checkArguments(args);
      // On its own route a server would be sent a name that it has not listed.
      const listed = gates.raw(server)?.tools;
      if (listed?.every(({ key }) => key !== tool) === true) throw unknownTool(server, tool);
      if (underWay.has(trial) || underWay.size >= MOST) throw tooMany();
      const began = clock.now();
      // On its own route a renamed tool has its new name.
      const name = gates.overrides(server).get(tool)?.name ?? tool;
      return new Promise((resolve, reject) => {
        let over = false;
        const handle = inside.call({ caller: by, server, name, args }, (answer) => {
          over = true;
          underWay.delete(trial);
          try {
            resolve(trialView(answer, clock.now() - began));
          } catch (error) {
            reject(error);
          }
        });
        if (!over) underWay.set(trial, handle);
      });
    },
    cancel(trial) {
      underWay.get(trial)?.cancel();
    },
  });
}

/** @throws GatehouseError `call.bad_arguments` when it is not the JSON of an object */
function checkArguments(json: string): void {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw badArguments();
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badArguments();
}

function badArguments(): GatehouseError {
  return new GatehouseError({
    code: 'call.bad_arguments',
    message: 'The arguments are not a JSON object.',
    remedy: 'Write them as an object, such as {"city": "Bern"}; without arguments it is {}.',
  });
}

function unknownTool(server: string, tool: string): GatehouseError {
  return new GatehouseError({
    code: 'call.no_such_tool',
    message: 'The server "{server}" lists no tool "{tool}" now.',
    remedy: 'Look at its tools again; it may have changed, or not be running.',
    values: { server, tool: tool.slice(0, 200) },
  });
}

function tooMany(): GatehouseError {
  return new GatehouseError({
    code: 'call.too_many_by_hand',
    message: 'Too many calls by hand are under way.',
    remedy: 'Wait until some of them are answered, or cancel them.',
  });
}
