/** Commands about how far servers are kept from this computer. */
import { z } from 'zod';
import type { ContainmentDetail, EngineView } from '../../preload/views/isolation.ts';
import { type CommandSet, name, nothing } from './command.ts';

/** What they act on. */
export interface IsolationCommandsDeps {
  /** Throws `upstream.unknown`. */
  detail(server: string): ContainmentDetail;
  /** Rejects with `upstream.unknown`, `isolation.bad_host`, `isolation.not_asked` or an error of the configuration. */
  allowHosts(server: string, hosts: readonly string[]): Promise<void>;
  engine(): EngineView;
  /** The same after a look; never rejects. */
  findEngine(): Promise<EngineView>;
  /** Rejects with `isolation.no_such_image` or an error of the engine. */
  approveImage(image: string): Promise<void>;
}

export function isolationCommands(
  deps: IsolationCommandsDeps,
): CommandSet<'server.containment' | 'server.allowHosts' | 'engine.get' | 'engine.find' | 'image.approve'> {
  return {
    'server.containment': {
      schema: z.strictObject({ server: name }),
      run: async ({ server }) => deps.detail(server),
    },
    'server.allowHosts': {
      schema: z.strictObject({ server: name, hosts: z.array(z.string().min(1).max(300)).min(1).max(200) }),
      async run({ server, hosts }) {
        await deps.allowHosts(server, hosts);
        return null;
      },
    },
    'engine.get': { schema: nothing, run: async () => deps.engine() },
    'engine.find': { schema: nothing, run: () => deps.findEngine() },
    'image.approve': {
      schema: z.strictObject({ image: name }),
      async run({ image }) {
        await deps.approveImage(image);
        return null;
      },
    },
  };
}
