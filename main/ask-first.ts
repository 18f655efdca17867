/**
 * Ties the calls that wait for a person to the rest: which tools are listed, what the configuration says, what was
 * chosen, and who is told. `close` refuses whatever waits, then lets a write under way finish.
 */
import type { CoreCommands } from '../preload/contract.ts';
import type { ToolView } from '../preload/views/servers.ts';
import type { FindingView } from '../preload/views/trust.ts';
import type { CallDeps } from './api/calls.ts';
import type { ApprovalConfig } from './config/approval.ts';
import type { Caller, PersonAsk, Route } from './gateway/ports.ts';
import type { Clock } from './protocol/clock.ts';
import type { GatehouseError } from './protocol/error.ts';
import type { ListedItem } from './protocol/listing.ts';
import { claimOf, type GatedTool } from './tools.ts';
import { type Allowance, openCallApprovals } from './trust/call-approval.ts';
import { type CallRules, compileRules, NO_CALL_RULES, type RuledTool } from './trust/call-rules.ts';
import { openCallStore } from './trust/call-store.ts';
import { fingerprint } from './trust/fingerprint.ts';

/** The room of calls that wait. */
export interface AskFirst extends CallDeps {
  /** Set when a damaged file was replaced by its copy. */
  readonly problem: GatehouseError | null;
  asksFirst(caller: Caller, route: Route): boolean;
  askPerson(
    call: PersonAsk,
    decided: (refusal: GatehouseError | null, allowed: Allowance | null) => void,
  ): { cancel(): void } | GatehouseError | Allowance;
  /** The tools of a server, each with what is asked before its calls. */
  withRules(server: string, tools: readonly GatedTool[]): readonly ToolView[];
  /** A client's connection is gone. */
  peerGone(key: string): void;
  /** Some server lists other tools, or servers came or went. */
  listsChanged(): void;
  apply(config: ApprovalConfig): void;
  close(): Promise<void>;
}

/** A client that no rule names. */
const NOBODY = '';

/** What it needs. */
export interface AskFirstOptions {
  /** Absolute path. */
  readonly file: string;
  readonly clock: Clock;
  readonly config: ApprovalConfig;
  /** The names of all servers. */
  servers(): readonly string[];
  /** What a server lists now. */
  tools(server: string): readonly ListedItem[];
  /** What the scanner says of a tool, the worst first. */
  findings(server: string, tool: string): readonly FindingView[];
  /** What waits has changed. */
  changed(count: number): void;
}

/** @throws GatehouseError `call.rules_unreadable` */
export function openAskFirst(options: AskFirstOptions): AskFirst {
  const { clock } = options;
  let config = options.config;
  /** Null when something has changed: made anew by the next call, which may come long after many changes. */
  let rules: CallRules | null = null;
  const store = openCallStore(options.file, clock);
  store.onChange(() => {
    rules = null;
  });
  const calls = openCallApprovals({
    clock,
    timeoutMs: () => config.timeoutMs,
    fingerprintOf(server, tool) {
      const item = options.tools(server).find(({ key }) => key === tool);
      return item === undefined ? '' : fingerprint(item.value);
    },
    isAlways: store.isAlways,
    saveAlways: store.allowAlways,
    changed: () => options.changed(calls.waiting().length),
  });

  const compiled = (): CallRules => {
    const choices = store.choices();
    const idle = config.destructive === 'never' && config.rules.length === 0 && choices.length === 0;
    if (idle) return NO_CALL_RULES;
    const tools: RuledTool[] = [];
    for (const server of options.servers()) {
      for (const { key, value } of options.tools(server)) {
        tools.push({ server, tool: key, destructive: isDestructive(value.annotations) });
      }
    }
    return compileRules({ destructive: config.destructive, rules: config.rules, choices }, tools);
  };

  return {
    problem: store.problem,
    asksFirst(caller, route) {
      rules ??= compiled();
      return rules.asks(route.server, route.name, caller.id);
    },
    withRules(server, tools) {
      rules ??= compiled();
      const { asks } = rules;
      const chosen = new Map(
        store
          .choices()
          .flatMap((choice) =>
            choice.server === server && choice.client === null ? [[choice.tool, choice.rule]] : [],
          ),
      );
      return tools.map((tool) => ({
        ...tool,
        asks: asks(server, tool.name, NOBODY),
        askRule: chosen.get(tool.name) ?? null,
      }));
    },
    askPerson: (call, decided) => calls.ask(call, decided),
    peerGone: calls.sessionGone,
    listsChanged() {
      rules = null;
    },
    apply(next) {
      config = next;
      rules = null;
    },
    waiting: () =>
      calls.waiting().map(({ session: _session, ...view }) => {
        const item = options.tools(view.server).find(({ key }) => key === view.tool);
        const claim = item === undefined ? null : claimOf(item);
        return { ...view, claim, findings: options.findings(view.server, view.tool) };
      }),
    decide: ({ id, hash, decision }: CoreCommands['call.decide']['args']) => calls.decide(id, hash, decision),
    rules: () => ({
      rules: store.choices(),
      always: store.always().map(({ client, server, tool, at }) => ({ client, server, tool, at })),
    }),
    setRule: ({ server, tool, client, rule }) => store.setChoice(server, tool, client, rule),
    forget: (server, tool) => store.forget(server, tool),
    async close() {
      calls.close();
      await store.close();
    },
  };
}

/** A server's claim (tools section): one that says nothing of it is not taken for destructive. */
function isDestructive(annotations: unknown): boolean {
  if (typeof annotations !== 'object' || annotations === null) return false;
  const { destructiveHint, readOnlyHint } = annotations as Readonly<Record<string, unknown>>;
  return destructiveHint === true && readOnlyHint !== true;
}
