/** Commands about what is held of servers: looking at it, deciding, and what clients see of tools. */
import { z } from 'zod';
import type {
  Actor,
  ApprovalsView,
  ApprovalView,
  DecidedView,
  DecisionView,
  DefinedKind,
  FilterView,
  InspectionView,
  OverrideView,
  ShownItem,
  ToolRulesView,
  TrustCommands,
} from '../../preload/views/trust.ts';
import { type CommandSet, name } from './command.ts';

/** What they act on. Each rejects with a GatehouseError and has then changed nothing. */
export interface TrustDeps {
  list(): Promise<ApprovalsView>;
  show(server: string, kind: DefinedKind, key: string): ApprovalView;
  approve(server: string, items: readonly ShownItem[], by: Actor): Promise<void>;
  block(server: string, items: readonly ShownItem[], by: Actor): Promise<void>;
  unblock(server: string, kind: DefinedKind, key: string, by: Actor): Promise<void>;
  revert(server: string, kind: DefinedKind, key: string, by: Actor): Promise<void>;
  history(server: string, limit: number): readonly DecisionView[];
  decided(since: number): readonly DecidedView[];
  quarantine(server: string, by: Actor): Promise<void>;
  inspect(server: string, where: 'container' | 'host'): Promise<InspectionView>;
  release(
    server: string,
    digest: string | null,
    except: readonly Omit<ShownItem, 'fingerprint'>[],
    by: Actor,
  ): Promise<void>;
  rules(server: string): ToolRulesView;
  setOverride(server: string, override: OverrideView): Promise<void>;
  setFilter(server: string, filter: FilterView | null): Promise<void>;
  setClientFilter(client: string, filter: FilterView | null): Promise<void>;
  clientFilter(client: string): FilterView | null;
}

const kind = z.enum(['tools', 'prompts', 'resources', 'resourceTemplates', 'instructions', 'info']);
/** Empty for what a server has once. */
const key = z.string().max(16_384);
const shown = z.strictObject({ kind, key, fingerprint: z.string().length(64) });
const items = z.array(shown).min(1).max(20_000);
const server = name;
const pattern = z.string().min(1).max(256);
const filter = z.strictObject({
  allow: z.array(pattern).max(1_000).nullable(),
  block: z.array(pattern).max(1_000),
});
const override = z.strictObject({
  tool: z.string().min(1).max(4_096),
  name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/)
    .nullable(),
  title: z.string().max(256).nullable(),
  description: z.string().max(16_384).nullable(),
});

export function trustCommands(deps: TrustDeps): CommandSet<keyof TrustCommands> {
  return {
    'approvals.list': { schema: z.strictObject({}), run: () => deps.list() },
    'approvals.show': {
      schema: z.strictObject({ server, kind, key }),
      run: async (args) => deps.show(args.server, args.kind, args.key),
    },
    'approvals.approve': {
      schema: z.strictObject({ server, items }),
      run: (args, by) => done(deps.approve(args.server, args.items, by)),
    },
    'approvals.block': {
      schema: z.strictObject({ server, items }),
      run: (args, by) => done(deps.block(args.server, args.items, by)),
    },
    'approvals.unblock': {
      schema: z.strictObject({ server, kind, key }),
      run: (args, by) => done(deps.unblock(args.server, args.kind, args.key, by)),
    },
    'approvals.revert': {
      schema: z.strictObject({ server, kind, key }),
      run: (args, by) => done(deps.revert(args.server, args.kind, args.key, by)),
    },
    'approvals.history': {
      schema: z.strictObject({ server, limit: z.int().min(1).max(500) }),
      run: async (args) => deps.history(args.server, args.limit),
    },
    'approvals.decided': {
      schema: z.strictObject({ since: z.number() }),
      run: async ({ since }) => deps.decided(since),
    },
    'server.quarantine': {
      schema: z.strictObject({ server }),
      run: (args, by) => done(deps.quarantine(args.server, by)),
    },
    'server.inspect': {
      schema: z.strictObject({ server, where: z.enum(['container', 'host']) }),
      run: (args) => deps.inspect(args.server, args.where),
    },
    'server.release': {
      schema: z.strictObject({
        server,
        digest: z.string().length(64).nullable(),
        except: z.array(z.strictObject({ kind, key })).max(20_000),
      }),
      run: (args, by) => done(deps.release(args.server, args.digest, args.except, by)),
    },
    'tool.rules': {
      schema: z.strictObject({ server }),
      run: async (args) => deps.rules(args.server),
    },
    'tool.setOverride': {
      schema: z.strictObject({ server, override }),
      run: (args) => done(deps.setOverride(args.server, args.override)),
    },
    'tool.setFilter': {
      schema: z.strictObject({ server, filter: filter.nullable() }),
      run: (args) => done(deps.setFilter(args.server, args.filter)),
    },
    'client.setFilter': {
      schema: z.strictObject({ client: name, filter: filter.nullable() }),
      run: (args) => done(deps.setClientFilter(args.client, args.filter)),
    },
    'client.filter': {
      schema: z.strictObject({ client: name }),
      run: async (args) => deps.clientFilter(args.client),
    },
  };
}

async function done(work: Promise<void>): Promise<null> {
  await work;
  return null;
}
