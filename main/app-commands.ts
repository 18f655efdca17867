/**
 * Every command that the screens, the command line and the endpoint's owner may run, each with the room that carries it
 * out. A command without a room is a compile error. Holds nothing and has nothing to close.
 */
import { networkInterfaces } from 'node:os';
import type { CoreCommandName } from '../preload/contract.ts';
import { activityCommands } from './api/activity.ts';
import type { CommandSet } from './api/command.ts';
import { editingCommands } from './api/editing.ts';
import { gatewayCommands } from './api/gateway.ts';
import { installCommands } from './api/installing.ts';
import { isolationCommands } from './api/isolation.ts';
import { serverCommands } from './api/servers.ts';
import { settingsCommands } from './api/settings.ts';
import { signInCommands } from './api/sign-in.ts';
import { terminalCommands } from './api/terminal.ts';
import { thisInstallation } from './bridge-command.ts';
import type { ClientRoom } from './client-room.ts';
import type { Configuration } from './configuration.ts';
import type { Containment } from './containment.ts';
import { openDoctor } from './doctor.ts';
import type { Gatekeeping } from './gatekeeping.ts';
import type { Door } from './gateway/door.ts';
import type { Installing } from './installing.ts';
import type { LocalSignIns } from './local-sign-in.ts';
import type { Oversight } from './oversight.ts';
import { systemClock } from './protocol/clock.ts';
import type { Recording } from './recording.ts';
import { addSample } from './sample-room.ts';
import { openSecretRoom, type SecretRoomDeps } from './secret-room.ts';
import { openAdding } from './server-adding.ts';
import { openServerEditing } from './server-editing.ts';
import type { openServerGround } from './server-ground.ts';
import { openSettingsRoom, type SettingsRoomDeps } from './settings-room.ts';
import type { openSigningIn } from './signing-in.ts';
import type { StateStore } from './state/store.ts';
import type { TerminalRoom } from './terminal-room.ts';
import { tryListen } from './try-listen.ts';
import { openTrying } from './trying.ts';
import type { Pool } from './upstreams/pool.ts';

/** The rooms behind the commands. */
export interface CommandRooms
  extends Pick<SecretRoomDeps, 'secrets' | 'reapply'>,
    Pick<SettingsRoomDeps, 'said'> {
  readonly dataDir: string;
  readonly store: StateStore;
  readonly config: Configuration;
  readonly pool: Pool;
  readonly gatekeeping: Gatekeeping;
  readonly containment: Containment;
  readonly signIns: ReturnType<typeof openSigningIn>;
  readonly ground: ReturnType<typeof openServerGround>;
  readonly recording: Recording;
  readonly clientRoom: ClientRoom;
  readonly localSignIns: LocalSignIns;
  readonly door: Door;
  readonly oversight: Oversight;
  readonly installing: Installing;
  readonly terminals: TerminalRoom;
}

/** All commands of the core. */
export function appCommands(rooms: CommandRooms): CommandSet<CoreCommandName> {
  const { dataDir, store, config, pool, gatekeeping, containment, signIns, ground, recording } = rooms;
  const { secrets, reapply } = rooms;
  const restart = gatekeeping.guarded(pool.restart);
  return {
    ...gatewayCommands({
      snapshot: store.snapshot,
      setPaused(paused) {
        store.dispatch({ kind: 'paused', paused });
        pool.setPaused(paused);
      },
    }),
    ...serverCommands({
      ...{ config, restartServer: restart, log: pool.logTail },
      tools: (server) => rooms.oversight.askFirst.withRules(server, gatekeeping.tools(server)),
      setToolEnabled: (server, tool, enabled) =>
        gatekeeping.gates.trust.setToolEnabled(server, tool, enabled),
    }),
    ...gatekeeping.commands,
    ...isolationCommands(containment),
    ...signInCommands({
      ...signIns,
      signOut: (server) => signIns.signOut(server).then(() => pool.restart(server)),
    }),
    ...openSecretRoom({
      ...{ secrets, restart, reapply },
      ...{ config: () => config.current, configFile: config.file },
    }),
    ...openAdding({ ...ground, config, containment, secrets }),
    ...installCommands(rooms.installing),
    ...terminalCommands(rooms.terminals),
    ...editingCommands(openServerEditing({ config, secrets })),
    ...rooms.clientRoom.commands,
    ...rooms.localSignIns.commands,
    ...activityCommands(recording),
    ...rooms.oversight.commands,
    ...openDoctor(dataDir, store),
    ...settingsCommands({
      ...openSettingsRoom({
        ...{ config, store, dataDir, said: rooms.said, tryListen, interfaces: networkInterfaces },
      }),
      'sample.add': () => addSample(config, thisInstallation(dataDir)),
    }),
    ...openTrying({
      ...{ clock: systemClock, gates: gatekeeping.gates, inside: rooms.door.inside },
      has: (server) => config.current.servers.some(({ name }) => name === server),
    }),
  };
}
