/**
 * The composition root: builds the rooms by constructor arguments and ties their events together. Holds no logic of
 * its own. The same app runs in Electron's main process, under Node, and inside tests. `close` ends every room in
 * reverse order.
 */
import type { CoreCommandName } from '../preload/contract.ts';
import { accessOf } from './access.ts';
import { createExecute } from './api/execute.ts';
import { appCommands } from './app-commands.ts';
import type { App, AppOptions } from './app-options.ts';
import { openBackground } from './background.ts';
import { createCallCounter } from './call-counter.ts';
import { privateDataDir } from './claim.ts';
import { openClientAccess } from './client-access.ts';
import { openClientRoom } from './client-room.ts';
import type { GatehouseConfig } from './config/schema.ts';
import { shownSource } from './config/source.ts';
import { openConfiguration } from './configuration.ts';
import { snippetOf } from './connection.ts';
import { inspectionSpec, openContainment, placeOf } from './containment.ts';
import {
  initialState,
  limitsOf,
  listening,
  serverEntry,
  stateShown,
  tokensOf,
  upstreamSpec,
} from './describe.ts';
import { doorRules } from './door-rules.ts';
import { collectAtRest, thisProcess, tuneEngine } from './engine.ts';
import { createEraAdvice } from './era-advice.ts';
import { openGatekeeping } from './gatekeeping.ts';
import { openDoor } from './gateway/door.ts';
import type { FromServers } from './gateway/ports.ts';
import { watchIdle } from './idle.ts';
import { openInstalling } from './installing.ts';
import { catchTheRest } from './last-resort.ts';
import { claim, type Listeners, openListeners } from './listeners.ts';
import { openLocalSignIns } from './local-sign-in.ts';
import { createLogger } from './logger.ts';
import { eventNotes, noteDecisions } from './notes.ts';
import { openOversight } from './oversight.ts';
import { systemClock } from './protocol/clock.ts';
import { type Closers, createClosers } from './protocol/closers.ts';
import { problemOf } from './protocol/error.ts';
import { both, createReadiness } from './readiness.ts';
import { openRecording } from './recording.ts';
import { watchRequired } from './required.ts';
import { restartNeeded } from './restart.ts';
import { beginWithSamples } from './samples.ts';
import { literalKeys } from './secret-room.ts';
import { openServerGround } from './server-ground.ts';
import { openSigningIn } from './signing-in.ts';
import { createStore } from './state/store.ts';
import { openTerminalRoom } from './terminal-room.ts';
import { inspectServer } from './upstreams/inspect.ts';
import { openPool } from './upstreams/pool.ts';
import { openWebAdmin } from './web-admin.ts';

/**
 * Opens everything and listens, without waiting for any server. Rejects with a GatehouseError: a faulty configuration
 * (`config.*`), an address that cannot be had (`gateway.*`), a data directory in use (`app.already_running`).
 */
export async function openApp(options: AppOptions): Promise<App> {
  tuneEngine();
  const closers = createClosers();
  try {
    return await build(options, closers);
  } catch (error) {
    await closers.closeAll().catch(() => undefined);
    throw error;
  }
}

async function build(options: AppOptions, closers: Closers): Promise<App> {
  const { dataDir, version, mode } = options;
  const clock = systemClock;
  const log = createLogger(options.logLevel);
  closers.add(collectAtRest(thisProcess(clock)));
  if (mode === 'headless') closers.add(catchTheRest(log));
  if (!privateDataDir(dataDir)) log.warn({ dataDir }, 'other users can reach into the data directory');
  const ours = await claim(dataDir, clock);
  closers.add(ours.close);
  beginWithSamples(options);

  const store = createStore(
    initialState(shownSource(options.configFile)),
    { version, mode, platform: process.platform, dataDir },
    clock,
  );
  closers.add(store.close);
  let started = false;
  const config = await openConfiguration(options, clock, log, {
    changed: (next) => {
      if (started) apply(next);
    },
    broken: (view) => store.dispatch({ kind: 'config', config: view }),
  });
  closers.add(() => config.close());
  const openedWith = config.current;
  const access = accessOf(options, openedWith);

  const counter = createCallCounter(clock, store.dispatch);
  closers.add(counter.close);
  const recording = openRecording({
    ...{ dataDir, clock, log, config: config.current.activity },
    changed: (activity) => store.dispatch({ kind: 'activity', activity }),
  });
  closers.add(recording.close);
  store.onEvent(eventNotes(recording.note, () => config.current));
  const clients = openClientAccess({
    ...{ dataDir, clock, log, config: () => config.current },
    tools: (server) => catalog.listing(server)?.tools ?? [],
    profilesChanged: (profiles, heldTo) => gatekeeping.setProfiles(profiles, heldTo),
    changed: (client) => clientRoom.changed(client),
  });
  closers.add(clients.close);
  void recording.opened.then(() => counter.load(recording));
  const background = openBackground({
    dataDir,
    safeStorage: options.safeStorage,
    startKeychainHelper: options.startKeychainHelper,
    auth: access.auth,
    tokens: () => tokensOf(config.current, options),
    clock,
    log,
    secretUsed: recording.hideSecret,
    clients: clients.tokens,
    closers,
    secretsChanged: (view) => store.dispatch({ kind: 'secrets', secrets: view }),
  });

  const signIns = openSigningIn({
    ...{ dataDir, clock, log, closers, dispatch: store.dispatch },
    ...{ openBrowser: options.openBrowser ?? null, courier: options.courier },
    secrets: () => background.secrets,
    resolve: background.resolve,
    config: () => config.current,
    wake: (server) => pool.wake(server),
  });

  const readiness = createReadiness(clock);
  const required = watchRequired(
    () => config.current,
    (error) => options.onRequiredLost?.(error),
  );
  /** The door opens after the pool and hears it. */
  let fromServers: FromServers | null = null;
  const ground = openServerGround({ dataDir, desktop: mode === 'desktop', clock, log, closers });
  const containment = openContainment({
    ...{ dataDir, clock, log, noted: recording.note },
    allow: (name, hosts) => config.allowHosts(name, hosts),
    config: () => config.current,
    changed(name) {
      const server = config.current.servers.find((one) => one.name === name);
      if (server !== undefined) {
        store.dispatch({ kind: 'server-containment', name, ...containment.view(server) });
      }
    },
    restart: (name) => void pool.restart(name).catch(() => undefined),
  });
  closers.add(containment.close);
  const surroundings = {
    ...ground,
    clock,
    log,
    startElsewhere: containment.startElsewhere,
    clientInfo: { name: 'gatehouse', version },
    resolve: background.resolve,
    signIn: signIns,
  };
  const gatekeeping = await openGatekeeping({
    ...{ dataDir, clock, log, closers },
    config: () => config.current,
    releaseInFile: (server) => config.releaseServer(server),
    reapply: () => {
      if (started) apply(config.current);
    },
    dispatch: store.dispatch,
    listsChanged: () => oversight.listsChanged(),
    scan: (request) => oversight.findings.of(request),
    ...{ note: recording.note, clients },
    specOf: (server, where) => inspectionSpec(server, where, config.current.isolation),
    run: (spec, signal) => inspectServer(spec, surroundings, signal),
  });
  const { catalog, gates } = gatekeeping;
  const oversight = openOversight({
    dataDir,
    clock,
    catalog: { listing: gates.raw },
    closers,
    store,
    config,
  });
  const pool = openPool({
    ...surroundings,
    events: {
      status(name, status) {
        required(name, status);
        const { since, nextRetry, settled, asleep } = status;
        const state = stateShown(status.state, gates.isQuarantined(name), name, config.current);
        const problem = status.problem === null ? null : problemOf(status.problem);
        readiness.update(name, { state, since, settled, problem });
        store.dispatch({ kind: 'server-status', name, state, since, nextRetry, asleep, problem });
      },
      ...gatekeeping.heard(() => fromServers),
    },
  });
  closers.add(pool.close);
  const adviseEra = createEraAdvice({
    era: (server) => catalog.listing(server)?.era ?? null,
    ...{ logNote: pool.logNote, note: recording.note },
  });
  const installing = openInstalling({
    ...{ dataDir, clock, surroundings, config: () => config.current },
    imageOf: (server) => containment.detail(server).image,
  });
  closers.add(installing.close);
  const terminals = openTerminalRoom({
    ...{ dataDir, clock, containment, baseEnv: ground.baseEnv, resolve: background.resolve },
    ...{ config: () => config.current, note: recording.note },
  });
  closers.add(terminals.close);

  const clientRoom = openClientRoom({
    ...{ dataDir, clock, closers, appVersion: version, port: access.listen.port },
    ...{ configFile: config.file, secrets: () => background.secrets },
    url: () => listeners?.url ?? null,
    token: async () => (await background.identityOpening).token,
    clientTokens: () => clients.open(),
    ...{ here: () => door.here(), drop: (client) => door.dropCaller(client) },
    changed: () => store.dispatch({ kind: 'clients-changed' }),
  });
  const idle = watchIdle(options.exitIdleMs, clock, () => options.onIdle?.());
  closers.add(idle.close);
  const rules = doorRules(access.listen.host, () => config.current);
  const localSignIns = openLocalSignIns({
    ...{ dataDir, clock, log, closers, clients, paths: rules.paths, note: recording.note },
    ...{ needed: access.auth.kind !== 'none', basePath: config.current.basePath, mode },
    config: () => config.current,
    changed: (waiting) => store.dispatch({ kind: 'sign-ins-waiting', count: waiting }),
  });
  let listeners: Listeners | null = null;
  const door = openDoor(
    rules,
    {
      clock,
      log,
      serverInfo: { name: 'gatehouse', title: 'Gatehouse', version },
      hasServer: (name) => config.current.servers.some((server) => server.name === name && server.enabled),
      streams: (server) => catalog.listing(server)?.streams ?? false,
      infoOf: (server) => catalog.listing(server)?.serverInfo ?? { name: server, version: '0' },
      hasProfile: clients.hasProfile,
      narrow: clients.narrow,
      noted: recording.note,
      view: (scope, peer) => catalog.view(scope, peer.key),
      watch: (scope, peer, listener) => catalog.watch(scope, peer.key, listener),
      settled: (scope, peer) =>
        both(
          readiness.settled(scope.kind === 'server' ? scope.server : null),
          pool.settleOwn(clients.serversIn(scope), peer),
        ),
      admitTool: (caller, { server, name }) =>
        gates.admitServer(server) ?? clients.admit(caller, server, name),
      admitServer: gates.admitServer,
      refusal: (scope, peer, method, name) =>
        gatekeeping.refusal(clients.serversIn(scope), scope, peer, method, name),
      ...oversight.ports,
      forward: pool.forward,
      subscribe: pool.subscribe,
      unsubscribe: pool.unsubscribe,
      setLogLevel: pool.setLogLevel,
      notifyServer: pool.notify,
      peerGone: (peer) => oversight.peerGone(peer, pool.peerGone),
      opening: () => (background.identity === null ? background.identified : null),
      authenticate: background.authenticate,
      ...(localSignIns.door === undefined ? {} : { signIn: localSignIns.door }),
      record(call, request, answer) {
        counter.count(call.server, call.method);
        adviseEra(call, answer);
        recording.record(call, request, answer);
      },
      clientCame: clientRoom.came,
      clientUsed: clientRoom.used,
      sessionsChanged(open) {
        store.dispatch({ kind: 'sessions', open });
        idle.sessions(open);
      },
    },
    {
      version,
      readiness: readiness.report,
      connection: () => ({
        endpoint: listeners?.url ?? null,
        token: background.identity?.token ?? null,
        pid: process.pid,
      }),
      command: (name, args) => running.execute(name as CoreCommandName, args, 'cli'),
    },
    limitsOf(config.current),
    config.current.basePath,
  );
  fromServers = door.fromServers;
  closers.add(door.close);

  const apply = (next: GatehouseConfig): void => {
    recording.configure(next.activity);
    const keys = literalKeys(next);
    for (const key of keys) recording.hideSecret(key);
    const needsRestart = restartNeeded(openedWith, next, options);
    store.dispatch({
      kind: 'config',
      config: { ...config.view(), needsRestart, plainKeys: config.origin.dialect === null ? keys.length : 0 },
    });
    if (needsRestart.length > 0)
      log.warn({ keys: needsRestart }, 'changed, but in force only after a restart');
    store.dispatch({
      kind: 'servers',
      servers: next.servers.map((server) => serverEntry(server, containment.view(server))),
      at: clock.now(),
    });
    terminals.configured();
    clients.configure();
    gatekeeping.setConfig(next);
    const specs = next.servers.map((server) =>
      upstreamSpec(server, !gates.isQuarantined(server.name), placeOf(server, next.isolation)),
    );
    readiness.expect(specs.filter((spec) => spec.enabled).map((spec) => spec.name));
    oversight.askFirst.apply(next.approval);
    pool.apply(specs);
    const tokens = tokensOf(next, options);
    background.identity
      ?.setServerTokens(tokens.servers, tokens.further)
      .catch((error: unknown) => log.error({ code: problemOf(error).code }, 'server tokens'));
  };

  const opened = await openListeners(ours, dataDir, access.listen, door, clock, config.current.basePath);
  listeners = opened;
  closers.add(opened.close);
  store.dispatch({ kind: 'endpoint', endpoint: listening(opened.url, access.auth.kind !== 'none') });
  const admin = await openWebAdmin({
    ...{ options, clock, log, note: recording.note },
    ...{ config: () => config.current, core: () => running },
  });
  closers.add(admin.close);
  const served = admin.url === null ? {} : { admin: admin.url };
  options.onReady?.({ endpoint: opened.url, pid: process.pid, version, ...served });
  started = true;
  apply(config.current);

  const running: App = {
    endpointUrl: opened.url,
    snapshot: store.snapshot,
    onSnapshot: store.onSnapshot,
    onActivity: recording.onActivity,
    execute: createExecute(
      appCommands({
        ...{ dataDir, store, config, pool, gatekeeping, containment, signIns, ground, recording },
        ...{ door, clientRoom, localSignIns, oversight, installing, terminals, said: options },
        ...{ secrets: () => background.secrets, reapply: () => apply(config.current) },
      }),
      noteDecisions(recording.note),
    ),
    snippet: (format) => snippetOf(format, opened.url, background.identityOpening),
    close: closers.closeAll,
  };
  return running;
}
