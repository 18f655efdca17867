/**
 * A core that is not there: answers like the real one from a world of made-up servers, so that the screens can be
 * built and looked at in any browser. Not part of the product.
 */

import type {
  ApiTransport,
  CommandArgs,
  CommandName,
  EventName,
  Problem,
  Result,
  ServerView,
  Snapshot,
} from '../../preload/contract.ts';
import type { ServerEntryView } from '../../preload/views/editing.ts';
import type { Preferences } from '../../preload/views/preferences.ts';
import type { ToolView } from '../../preload/views/servers.ts';
import type { SettingChange } from '../../preload/views/settings.ts';
import type { SignInView } from '../../preload/views/sign-in.ts';
import type { ToolRulesView } from '../../preload/views/trust.ts';
import { clientPreview, clientTokens, clientViews, importable, replaceable } from './clients.ts';
import { containmentDetail, engine } from './containment.ts';
import { figures, happened, rowsFor } from './happened.ts';
import { pasteWorld } from './pasted.ts';
import { changed, settings as firstSettings, loginStart, secrets } from './settings.ts';
import { terminalOutput, terminalPlaces } from './terminal.ts';
import { schemaOf, trialOf } from './trying.ts';
import type { World } from './worlds.ts';

/** A fake core, and what a test may do to it. */
export interface FakeCore extends ApiTransport {
  /** Changes the world and tells the page. */
  change(edit: (snapshot: Snapshot) => Partial<Snapshot>): void;
  emit(name: EventName, payload: unknown): void;
  /** Everything that was asked, in order. */
  readonly asked: readonly { readonly name: CommandName; readonly args: unknown }[];
}

const ok: Result<null> = { ok: true, value: null };
const refusal: Problem = {
  code: 'config.write_failed',
  message: 'The configuration file cannot be written.',
  remedy: 'Check who may write it, then try again.',
};

/** The same for every server. */
const toolRules: ToolRulesView = {
  trust: 'manual',
  fileFilter: { allow: null, block: [] },
  filter: null,
  fileOverrides: [],
  overrides: [],
};

/** The same for every server. */
function serverEntry(server: string): ServerEntryView {
  const entry = { command: 'npx', args: ['-y', server], env: { API_KEY: '(hidden 1)', REGION: 'north' } };
  return { text: JSON.stringify(entry, null, 2), digest: 'd', hidden: 1, locked: null };
}

/** @param delay milliseconds that every command takes; the snapshot follows 50 ms later */
export function createFakeCore(world: World, delay = 60): FakeCore {
  let { snapshot } = world;
  const tools = new Map(Object.entries(world.tools));
  const listeners = new Map<EventName, Set<(payload: unknown) => void>>();
  const asked: { name: CommandName; args: unknown }[] = [];

  const emit = (name: EventName, payload: unknown): void => {
    for (const listener of listeners.get(name) ?? []) {
      // As over a real bridge, the page gets a copy of its own.
      listener(structuredClone(payload));
    }
  };
  const change: FakeCore['change'] = (edit) => {
    snapshot = { ...snapshot, ...edit(snapshot), revision: snapshot.revision + 1 };
    setTimeout(() => emit('snapshot', snapshot), 50);
  };
  const changeServer = (name: string, part: (server: ServerView) => Partial<ServerView>): void =>
    change(({ servers }) => ({
      servers: servers.map((one) => (one.name === name ? { ...one, ...part(one) } : one)),
    }));
  const enter = (name: string, part: Partial<ServerView>): void =>
    changeServer(name, () => ({ problem: null, nextRetry: null, since: Date.now(), ...part }));

  const setEnabled = ({ server, enabled }: { server: string; enabled: boolean }): Result<null> => {
    if (world.refuses.includes(server)) {
      return { ok: false, error: refusal };
    }
    enter(server, { enabled, state: enabled ? 'starting' : 'disabled' });
    if (enabled) {
      setTimeout(() => enter(server, { state: 'ready' }), 1500);
    }
    return ok;
  };
  const restart = ({ server }: { server: string }): Result<null> => {
    const before = snapshot.servers.find((one) => one.name === server);
    enter(server, { state: 'starting' });
    setTimeout(
      () =>
        changeServer(server, () => ({ state: before?.state ?? 'ready', problem: before?.problem ?? null })),
      1500,
    );
    return ok;
  };
  const setTool = ({
    server,
    tool,
    enabled,
  }: {
    server: string;
    tool: string;
    enabled: boolean;
  }): Result<null> => {
    if (world.refuses.includes(tool)) {
      return { ok: false, error: refusal };
    }
    const list = (tools.get(server) ?? []).map(
      (one): ToolView => (one.name === tool ? { ...one, enabled } : one),
    );
    tools.set(server, list);
    changeServer(server, ({ toolsRevision }) => ({
      toolsRevision: toolsRevision + 1,
      toolsOn: list.filter((one) => one.enabled).length,
    }));
    return ok;
  };

  const signInState = (name: string, state: SignInView['state']): void =>
    changeServer(name, (before) => ({
      signIn: before.signIn === null ? null : { ...before.signIn, state, problem: null },
    }));
  let preferences: Preferences = {
    ...{ theme: 'system', startHidden: false, language: 'system', shortcut: null, firstRun: false },
    notifications: { calls: true, approvals: true, signIn: true },
  };
  let settings = firstSettings;
  let login = loginStart;
  let waiting = world.held;
  const decide = ({ server, items }: { server: string; items: readonly { key: string }[] }): Result<null> => {
    const keys = new Set(items.map(({ key }) => key));
    const left = waiting.approvals.items.filter((one) => one.server !== server || !keys.has(one.key));
    waiting = { ...waiting, approvals: { ...waiting.approvals, items: left } };
    return ok;
  };

  const answer = (name: CommandName, args: never): Result<unknown> => {
    const { server } = args as { server: string };
    switch (name) {
      case 'snapshot.get':
        return { ok: true, value: snapshot };
      case 'server.setEnabled':
        return setEnabled(args);
      case 'server.restart':
        return restart(args);
      case 'server.tools':
        return { ok: true, value: tools.get(server) ?? [] };
      case 'server.log':
        return { ok: true, value: world.logs[server] ?? [] };
      case 'tool.setEnabled':
        return setTool(args);
      case 'gateway.setPaused':
        change(() => ({ paused: (args as { paused: boolean }).paused }));
        return ok;
      case 'server.containment': {
        const found = snapshot.servers.find((one) => one.name === server);
        return found === undefined
          ? { ok: false, error: refusal }
          : { ok: true, value: containmentDetail(found) };
      }
      case 'engine.get':
        return { ok: true, value: engine };
      case 'server.allowHosts':
      case 'image.approve':
        return ok;
      case 'clients.list':
        return { ok: true, value: clientViews };
      case 'clients.preview':
        return { ok: true, value: clientPreview(args as CommandArgs<'clients.preview'>) };
      case 'clients.apply':
        return { ok: true, value: { changed: true } };
      case 'clients.undo':
        return { ok: true, value: { file: '~/.cursor/mcp.json', exact: true } };
      case 'import.find':
        return { ok: true, value: importable };
      case 'import.apply':
        return { ok: true, value: { imported: 2, replaceable } };
      case 'clients.bundle':
      case 'client.openBundle':
        return { ok: true, value: { file: '/data/bundles/gatehouse.mcpb' } };
      case 'clients.entry':
        return { ok: true, value: '{}' };
      case 'server.entry':
        return { ok: true, value: serverEntry(server) };
      case 'server.edit':
      case 'server.installation':
      case 'server.install':
      case 'server.installOutput':
      case 'server.cancelInstall':
      case 'terminal.input':
      case 'terminal.resize':
      case 'terminal.close':
        return ok;
      case 'terminal.places':
        return { ok: true, value: terminalPlaces };
      case 'terminal.open':
        return { ok: true, value: { terminal: 'first' } };
      case 'terminal.output':
        return { ok: true, value: terminalOutput((args as { from: number }).from) };
      case 'doctor.run':
        return { ok: true, value: world.checks };
      case 'activity.query':
      case 'activity.detailed': {
        const { filter = {}, limit, before } = args as CommandArgs<'activity.query'>;
        return { ok: true, value: world.quiet ? [] : rowsFor(filter, limit, before) };
      }
      case 'clientSignIn.waiting':
        return { ok: true, value: world.signIns };
      case 'profile.list':
        return { ok: true, value: ['work', 'research'] };
      case 'clientToken.list':
        return { ok: true, value: clientTokens };
      case 'clientToken.check':
        return { ok: true, value: false };
      case 'clientToken.create':
      case 'clientToken.rotate':
        return { ok: true, value: { token: 'gate_x' } };
      case 'clients.chooseFile':
      case 'clientToken.revoke':
      case 'clientToken.change':
      case 'clientToken.remove':
      case 'clientSignIn.decide':
        return ok;
      case 'activity.entry': {
        const { id } = args as { id: number };
        return { ok: true, value: happened.find((row) => row.id === id) ?? null };
      }
      case 'tool.schema':
        return { ok: true, value: schemaOf((args as { tool: string }).tool) };
      case 'tool.try':
        return { ok: true, value: trialOf((args as { tool: string }).tool) };
      case 'tool.cancelTry':
        return ok;
      case 'activity.clear':
        return { ok: true, value: null };
      case 'activity.stats':
        return { ok: true, value: figures };
      case 'activity.export':
        return { ok: true, value: { file: '/tmp/activity.csv', rows: 0 } };
      case 'calls.waiting':
        return { ok: true, value: waiting.calls };
      case 'server.findings':
        return { ok: true, value: [] };
      case 'calls.rules':
        return { ok: true, value: { rules: [], always: [] } };
      case 'call.decide': {
        const { id } = args as { id: string };
        waiting = { ...waiting, calls: waiting.calls.filter((one) => one.id !== id) };
        return ok;
      }
      case 'calls.setRule':
      case 'calls.forget':
        return ok;
      case 'client.pickFile':
        return ok;
      case 'preferences.get':
      case 'preferences.set':
        preferences = { ...preferences, ...(args as object) };
        return { ok: true, value: preferences };
      case 'settings.get':
        return { ok: true, value: settings };
      case 'settings.set':
        settings = changed(settings, (args as { change: SettingChange }).change);
        return { ok: true, value: settings };
      case 'engine.find':
        return { ok: true, value: engine };
      case 'sample.add':
        return { ok: true, value: { server: snapshot.servers[0]?.name ?? 'sample' } };
      case 'app.loginStart':
        return { ok: true, value: login };
      case 'app.setLoginStart':
        login = { ...login, ...(args as { on: boolean }) };
        return { ok: true, value: login };
      case 'app.restart':
      case 'app.openFolder':
        return ok;
      case 'app.hasTray':
        return { ok: true, value: true };
      case 'approvals.list':
        return { ok: true, value: waiting.approvals };
      case 'approvals.decided':
        return { ok: true, value: waiting.decided };
      case 'approvals.history':
        return { ok: true, value: [] };
      case 'approvals.show': {
        const { key } = args as { key: string };
        const value = waiting.shown.find((one) => one.server === server && one.key === key);
        return value === undefined ? { ok: false, error: refusal } : { ok: true, value };
      }
      case 'approvals.approve':
      case 'approvals.block':
        return decide(args);
      case 'server.remove':
      case 'server.restore':
      case 'approvals.unblock':
      case 'approvals.revert':
      case 'server.quarantine':
      case 'server.inspect':
      case 'server.release':
      case 'tool.setOverride':
      case 'tool.setFilter':
      case 'client.setFilter':
      case 'client.filter':
        return ok;
      case 'tool.rules':
        return { ok: true, value: toolRules };
      case 'adding.read':
        return { ok: true, value: pasteWorld };
      case 'adding.add':
        return { ok: true, value: { server: 'postgres' } };
      case 'secret.list':
        return { ok: true, value: secrets };
      case 'secret.keys':
      case 'secret.moveKeys':
        return { ok: true, value: [] };
      case 'secret.migrate':
        return { ok: true, value: { moved: 0, where: 'the system keychain' } };
      case 'secret.set':
        return { ok: true, value: { where: 'the system keychain', problem: null, restarted: [] } };
      case 'secret.remove':
        return ok;
      case 'server.signIn':
        signInState(server, 'waiting');
        return { ok: true, value: { url: '', opened: true } };
      case 'server.cancelSignIn':
      case 'server.signOut':
        signInState(server, 'needed');
        return ok;
      case 'server.completeSignIn':
        signInState(server, 'signed-in');
        return ok;
      case 'server.awaitSignIn':
      case 'client.copySnippet':
      case 'client.openFile':
      case 'client.openLink':
      case 'window.show':
      case 'config.open':
        return ok;
    }
  };

  return {
    asked,
    emit,
    change,
    async invoke(name, args) {
      asked.push({ name, args });
      await new Promise((done) => setTimeout(done, world.silent ? 1e9 : delay));
      return structuredClone(answer(name, args as never));
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => void set.delete(listener);
    },
  };
}
