/**
 * How far servers are kept from this computer, as screens show it.
 */
import type { Problem, Said } from './said.ts';

/** For a row or the head of a server's page. */
export interface ContainmentView {
  /** "reads ~/projects, no network, 512 MB" */
  readonly line: string;
  /** What `line` is made of, for other languages; missing where it says something else. */
  readonly lineParts?: readonly { readonly text: string; readonly said?: Said }[];
  /** What weakens it, one sentence each; shown in red. */
  readonly weakened: readonly string[];
  /** Each of them for other languages, in the same order. */
  readonly weakenedSaid?: readonly Said[];
  /** It was to be contained, but no engine is there, and its configuration lets it run on this computer then. */
  readonly fellBack: boolean;
  /** The download of its image; percent is null at the beginning. */
  readonly download: { readonly image: string; readonly percent: number | null } | null;
}

/** A host that a contained server asked for. */
export interface ReachedHostView {
  readonly host: string;
  /** null when only its name was asked for. */
  readonly port: number | null;
  /** null when it was reached. */
  readonly refused: 'not-listed' | 'private' | 'unknown' | 'unreachable' | 'too-many' | null;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly last: number;
}

/** A limit that a contained server has met, or something that it tried and may not. */
export interface LimitMetView {
  /** What happened, in plain words, in English. */
  readonly text: string;
  readonly said?: Said;
  readonly count: number;
  /** Epoch milliseconds. */
  readonly last: number;
}

/** For the page about one server. */
export interface ContainmentDetail {
  readonly runsIn: 'host' | 'container' | 'remote';
  readonly line: string;
  readonly weakened: readonly string[];
  readonly weakenedSaid?: readonly Said[];
  readonly files: string;
  readonly filesSaid?: Said;
  readonly network: string;
  readonly networkSaid?: Said;
  /** How its network is kept; null for what is not contained or cannot start as it is configured. */
  readonly networkKind: 'none' | 'bridge' | 'allowlist' | 'learn' | 'named' | null;
  /** The hosts that it may reach with an allow-list, those of its program included. */
  readonly allowed: readonly string[];
  readonly limits: string;
  readonly limitsSaid?: Said;
  readonly image: string | null;
  /** Newest first, at most 200. */
  readonly hosts: readonly ReachedHostView[];
  /** Whether what it tries is noted from inside, and why not; null before its first start. */
  readonly observed:
    | { readonly inside: true }
    | { readonly inside: false; readonly why: string; readonly said?: Said }
    | null;
  /** The limits that it has met, and what it tried and may not, since Gatehouse was started; newest first. */
  readonly met: readonly LimitMetView[];
  /** An allow-list of what it has reached. */
  readonly proposal: readonly string[];
}

/** The container engine, as far as it was looked for. */
export interface EngineView {
  readonly state: 'unknown' | 'ready' | 'absent';
  /** For example `Docker 27.3.1`; null unless ready. */
  readonly version: string | null;
  readonly endpoint: string | null;
  readonly problem: Problem | null;
}

/** Commands about how far servers are kept from this computer. */
export interface IsolationCommands {
  'server.containment': { args: { server: string }; value: ContainmentDetail };
  /**
   * Holds a contained server to an allow-list: to what its own list says already, and to these hosts, which it has asked
   * for. It starts anew.
   */
  'server.allowHosts': { args: { server: string; hosts: readonly string[] }; value: null };
  /** The container engine, as it was found last. */
  'engine.get': { args: Record<string, never>; value: EngineView };
  /** The same after a look; takes some seconds at most. */
  'engine.find': { args: Record<string, never>; value: EngineView };
  /** Agrees to what the name of an image stands for now. */
  'image.approve': { args: { image: string }; value: null };
}
