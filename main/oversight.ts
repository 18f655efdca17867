/**
 * What watches over tools: the scanner and the calls that wait for a person, opened together, since both look at what all
 * servers list. When the app closes, whatever waits is refused.
 */
import { join } from 'node:path';
import { callCommands } from './api/calls.ts';
import type { CommandSet } from './api/command.ts';
import { findingCommands } from './api/findings.ts';
import { type AskFirst, openAskFirst } from './ask-first.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { GatehouseConfig } from './config/schema.ts';
import { createFindings, type Findings } from './findings.ts';
import type { Clock } from './protocol/clock.ts';
import type { Closers } from './protocol/closers.ts';
import type { Peer } from './protocol/peer.ts';
import type { AppEvent } from './state/state.ts';

type Names =
  | 'calls.waiting'
  | 'call.decide'
  | 'calls.rules'
  | 'calls.setRule'
  | 'calls.forget'
  | 'server.findings';

/** Both rooms. */
export interface Oversight {
  readonly askFirst: Pick<AskFirst, 'apply' | 'withRules'>;
  /** What the gateway asks of them. */
  readonly ports: Pick<AskFirst, 'asksFirst' | 'askPerson'>;
  readonly findings: Findings;
  readonly commands: CommandSet<Names>;
  /** Some server lists other tools. */
  listsChanged(): void;
  /** A client's connection is gone; `then` is told next. */
  peerGone(peer: Peer, then: (peer: Peer) => void): void;
}

/** What they need. */
export interface OversightOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly catalog: Pick<Catalog, 'listing'>;
  /** Gets what ends them. */
  readonly closers: Closers;
  /** `current` changes; it is asked each time. */
  readonly config: { readonly current: GatehouseConfig };
  readonly store: { dispatch(event: AppEvent): void };
}

/** @throws GatehouseError `call.rules_unreadable` */
export function openOversight(options: OversightOptions): Oversight {
  const { dataDir, clock, catalog, closers, config, store } = options;
  const servers = (): readonly string[] => config.current.servers.map((server) => server.name);
  const findings = createFindings({ servers, listing: catalog.listing });
  const askFirst = openAskFirst({
    file: join(dataDir, 'calls.json'),
    clock,
    config: config.current.approval,
    servers,
    tools: (server) => catalog.listing(server)?.tools ?? [],
    findings: findings.ofTool,
    changed: (count) => store.dispatch({ kind: 'calls-waiting', count }),
  });
  closers.add(askFirst.close);
  return {
    askFirst,
    ports: { asksFirst: askFirst.asksFirst, askPerson: askFirst.askPerson },
    findings,
    commands: { ...callCommands(askFirst), ...findingCommands(findings) },
    listsChanged() {
      askFirst.listsChanged();
      findings.listsChanged();
    },
    peerGone(peer, then) {
      askFirst.peerGone(peer.key);
      then(peer);
    },
  };
}
