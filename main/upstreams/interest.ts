/**
 * What clients want to hear from one server: updates of resources, counted over all of them, and log messages. Outlives
 * the sessions with the server; every new one is told all of it.
 */
import { GatehouseError } from '../protocol/error.ts';
import type { LogLevel } from '../protocol/peer.ts';
import { stopped } from './problems.ts';
import type { ServerSession } from './server-session.ts';

/** Resources of one server that are subscribed at once. */
const MAX_RESOURCES = 10_000;

/** See above. A class, so that it can be handed from one upstream to the one that takes its place. */
export class Interest {
  private session: ServerSession | null = null;
  private level: LogLevel | null = null;
  /** Who wants each resource. */
  private readonly wanted = new Map<string, Set<string>>();
  /** What the present session was told. */
  private readonly told = new Set<string>();
  /** The last thing that was said about each resource, so that they are said one after the other. */
  private readonly turns = new Map<string, Promise<void>>();

  get resources(): number {
    return this.wanted.size;
  }

  /** Another session serves these clients from now on; null for none. */
  attach(session: ServerSession | null): void {
    this.session = session;
    this.told.clear();
    if (session === null) return;
    if (this.level !== null) session.setLogLevel(this.level);
    for (const uri of [...this.wanted.keys()]) {
      // A resource that is not there any more has nothing to tell.
      this.reconcile(uri).catch(() => this.session === session && this.wanted.delete(uri));
    }
  }

  setLogLevel(level: LogLevel | null): void {
    this.level = level;
    this.session?.setLogLevel(level);
  }

  /** Rejects with a GatehouseError or a ServerError; nothing is counted then. Twice for one peer counts once. */
  async subscribe(uri: string, peerKey: string): Promise<void> {
    let peers = this.wanted.get(uri);
    if (peers === undefined) {
      if (this.wanted.size >= MAX_RESOURCES) throw tooMany();
      peers = new Set();
      this.wanted.set(uri, peers);
    }
    peers.add(peerKey);
    try {
      await this.reconcile(uri);
    } catch (error) {
      this.remove(uri, peerKey);
      throw error;
    }
  }

  async unsubscribe(uri: string, peerKey: string): Promise<void> {
    if (this.remove(uri, peerKey)) await this.reconcile(uri);
  }

  /** The peer is gone. */
  drop(peerKey: string): void {
    for (const uri of [...this.wanted.keys()]) {
      if (this.remove(uri, peerKey)) this.reconcile(uri).catch(() => undefined);
    }
  }

  /** True when nobody wants it any more, and somebody did. */
  private remove(uri: string, peerKey: string): boolean {
    const peers = this.wanted.get(uri);
    if (peers === undefined || !peers.delete(peerKey) || peers.size > 0) return false;
    this.wanted.delete(uri);
    return true;
  }

  /** Tells the server what it does not know yet, after what is being said about the same resource. */
  private reconcile(uri: string): Promise<void> {
    const before = this.turns.get(uri) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => this.tell(uri));
    this.turns.set(uri, turn);
    const forget = (): void => {
      if (this.turns.get(uri) === turn) this.turns.delete(uri);
    };
    turn.then(forget, forget);
    return turn;
  }

  private async tell(uri: string): Promise<void> {
    const { session } = this;
    const wanted = this.wanted.has(uri);
    if (wanted === this.told.has(uri)) return;
    if (session === null) {
      if (wanted) throw stopped();
      return;
    }
    const all = new Set(this.wanted.keys());
    if (wanted) {
      await session.subscribe(uri, all);
      if (this.session === session) this.told.add(uri);
    } else {
      this.told.delete(uri);
      await session.unsubscribe(uri, all);
    }
  }
}

function tooMany(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.too_many_subscriptions',
    message: `More than ${MAX_RESOURCES} resources of this server are subscribed.`,
    remedy: 'Unsubscribe from some of them.',
  });
}
