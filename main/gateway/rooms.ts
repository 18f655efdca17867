/**
 * What every call needs beside its session: the rooms that all sessions and stateless clients of the door share.
 */
import type { Hub } from './hub.ts';
import type { Loads } from './loads.ts';
import type { GatewayPorts } from './ports.ts';

/** The shared rooms. */
export interface CallRooms {
  readonly ports: GatewayPorts;
  readonly hub: Hub;
  readonly loads: Loads;
}
