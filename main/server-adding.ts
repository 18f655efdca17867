/**
 * The commands about adding servers. What they need comes with the first of them: it brings parsers that a gateway without
 * people at it never uses. Holds nothing open.
 */
import type { AddingDeps } from './adding-room.ts';
import { type AddingCommandDeps, addingCommands } from './api/adding.ts';

/** See above. */
export function openAdding(deps: AddingDeps): ReturnType<typeof addingCommands> {
  const room = async (): Promise<AddingCommandDeps> =>
    (await import('./adding-room.ts')).openAddingRoom(deps);
  return addingCommands({
    read: async (text) => (await room()).read(text),
    add: async (choice) => (await room()).add(choice),
  });
}
