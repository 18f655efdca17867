/** An authority, a server that trusts it, and the rooms that use them, in one process and with a clock that can jump. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OAuthSettings, SignInDeps } from '../../../main/identity/oauth/ports.ts';
import { openSignIns, type SignIns } from '../../../main/identity/oauth/sign-ins.ts';
import { type Clock, systemClock } from '../../../main/protocol/clock.ts';
import { DIRECT } from '../../../main/protocol/exchange.ts';
import { openSecrets } from '../../../main/secrets/secrets.ts';
import { createVault, type Vault } from '../../../main/secrets/vault.ts';
import type { UpstreamSpec } from '../../../main/upstreams/ports.ts';
import { call, type FakeCall, peer } from '../../fakes/call.ts';
import { until } from '../../host/gateway.ts';
import { type PoolHost, poolHost, remote } from '../../upstreams/pool-host.ts';
import { type Authority, type AuthoritySettings, startAuthority } from './authority.ts';
import { browse, type Person, type Visit } from './browser.ts';
import { type ProtectedServer, startProtectedServer } from './protected-server.ts';
import { DEFAULTS } from './settings.ts';

/** A clock that runs, and can be put forward. */
export interface JumpingClock extends Clock {
  jump(ms: number): void;
}

export function jumpingClock(): JumpingClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    after: systemClock.after,
    jump(ms) {
      ahead += ms;
    },
  };
}

/** One Gatehouse, as far as signing in goes. */
export interface House {
  readonly signIns: SignIns;
  readonly host: PoolHost;
  readonly clock: JumpingClock;
  /** Addresses that were to be opened in a browser. */
  readonly opened: string[];
  /** Begins a call of a tool of the server. */
  begin(tool?: string): FakeCall;
  /** The text of its answer, or the code of its failure. */
  outcome(one: FakeCall): Promise<string>;
  tool(name?: string): Promise<string>;
  /** Signs in as a person at a browser does. */
  login(person?: Person, fresh?: boolean): Promise<Visit>;
  close(): Promise<void>;
}

export interface World extends House {
  readonly authority: Authority;
  readonly server: ProtectedServer;
  readonly dataDir: string;
  readonly settings: { value: Partial<OAuthSettings> };
  /** Another Gatehouse with the same data directory. */
  house(): House;
}

export function makeVault(dataDir: string, clock: Clock): Vault {
  const secrets = openSecrets({
    ...{ dataDir, defaultDataDir: dataDir, safeStorage: null, clock, keychain: 'off' },
  });
  return createVault({ directory: join(dataDir, 'sign-ins'), clock, secrets: () => secrets });
}

export async function openWorld(
  authoritySettings: AuthoritySettings = {},
  oauth: Partial<OAuthSettings> = {},
  more: { browser?: boolean; metadata?: boolean } = {},
): Promise<World> {
  const authority = await startAuthority(authoritySettings);
  const server = await startProtectedServer(authority, more);
  const dataDir = mkdtempSync(join(tmpdir(), 'gh-signin-'));
  const settings = { value: oauth };
  const houses: House[] = [];
  const house = (): House => {
    const made = openHouse(dataDir, server.url, settings, more.browser ?? false);
    houses.push(made);
    return made;
  };
  return Object.assign(house(), {
    authority,
    server,
    dataDir,
    settings,
    house,
    async close() {
      for (const one of houses) await one.host.close();
      for (const one of houses) one.signIns.close();
      await server.close();
      await authority.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  });
}

/** One of the above. Without a directory it has one of its own. */
export function openHouse(
  directory: string | null,
  url: string,
  settings: { value: Partial<OAuthSettings> },
  browser: boolean,
): House {
  const dataDir = directory ?? mkdtempSync(join(tmpdir(), 'gh-signin-'));
  const clock = jumpingClock();
  const opened: string[] = [];
  const deps: SignInDeps = {
    clock,
    log: { info: () => undefined, warn: () => undefined },
    // Locks are as old as the system says, whatever our clock does.
    store: makeVault(dataDir, systemClock),
    target: async () => ({ url, settings: { ...DEFAULTS, ...settings.value }, wayTo: () => DIRECT }),
    openBrowser: browser ? async (address) => void opened.push(address) : null,
    changed: () => undefined,
    signedIn: (name) => host.pool.wake(name),
  };
  const signIns = openSignIns(deps);
  const host: PoolHost = poolHost(clock, {}, { signIn: signIns });
  const spec: UpstreamSpec = remote('mail', url, 'http', { protocol: 'legacy' });
  host.pool.apply([spec]);
  const house: House = {
    ...{ signIns, host, clock, opened },
    begin(tool = 'echo') {
      const one = call(peer('ada'), 'tools/call', {
        name: tool,
        arguments: {},
        _meta: { progressToken: 't' },
      });
      host.pool.forward('mail', one.request);
      return one;
    },
    async outcome(one) {
      await until(() => one.answers.length + one.failed.length > 0, 'an answer', 30_000);
      const [failed] = one.failed;
      if (failed !== undefined) return failed.code;
      return one.answer.result?.content?.[0]?.text ?? JSON.stringify(one.answer.error);
    },
    tool: (name) => house.outcome(house.begin(name)),
    async login(person, fresh = false) {
      const { url: address } = await signIns.signIn('mail', fresh);
      const visit = await browse(address, person);
      await signIns.awaitSignIn('mail').catch(() => undefined);
      return visit;
    },
    async close() {
      await host.close();
      signIns.close();
      if (directory === null) rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return house;
}
