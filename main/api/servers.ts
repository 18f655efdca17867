/** Commands about servers and their tools. */
import { z } from 'zod';
import type { ToolView } from '../../preload/views/servers.ts';
import { type CommandSet, name, toolName } from './command.ts';

/** What they act on. */
export interface ServerDeps {
  readonly config: {
    setServerEnabled(server: string, enabled: boolean): Promise<void>;
    removeServer(server: string): Promise<void>;
    restoreServer(server: string): Promise<void>;
  };
  restartServer(server: string): Promise<void>;
  tools(server: string): readonly ToolView[];
  log(server: string, lines: number): readonly string[];
  setToolEnabled(server: string, tool: string, enabled: boolean): Promise<void>;
}

type Names =
  | 'server.setEnabled'
  | 'server.remove'
  | 'server.restore'
  | 'server.restart'
  | 'server.tools'
  | 'server.log'
  | 'tool.setEnabled';

export function serverCommands(deps: ServerDeps): CommandSet<Names> {
  return {
    'server.setEnabled': {
      schema: z.strictObject({ server: name, enabled: z.boolean() }),
      async run({ server, enabled }) {
        await deps.config.setServerEnabled(server, enabled);
        return null;
      },
    },
    'server.remove': {
      schema: z.strictObject({ server: name }),
      async run({ server }) {
        await deps.config.removeServer(server);
        return null;
      },
    },
    'server.restore': {
      schema: z.strictObject({ server: name }),
      async run({ server }) {
        await deps.config.restoreServer(server);
        return null;
      },
    },
    'server.restart': {
      schema: z.strictObject({ server: name }),
      async run({ server }) {
        await deps.restartServer(server);
        return null;
      },
    },
    'server.tools': {
      schema: z.strictObject({ server: name }),
      run: async ({ server }) => deps.tools(server),
    },
    'server.log': {
      schema: z.strictObject({ server: name, lines: z.int().min(0).max(1_000) }),
      run: async ({ server, lines }) => deps.log(server, lines),
    },
    'tool.setEnabled': {
      schema: z.strictObject({ server: name, tool: toolName, enabled: z.boolean() }),
      async run({ server, tool, enabled }) {
        await deps.setToolEnabled(server, tool, enabled);
        return null;
      },
    },
  };
}
