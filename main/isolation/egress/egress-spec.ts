/**
 * The container of the egress proxy, exactly as the engine is asked for it. Pure, so that tests pin every line.
 */
import { attachedOnly, type ContainerSpec, keptNowhere, LABELS } from '../container-spec.ts';

/** What is known when it is made. */
export interface EgressFacts {
  readonly name: string;
  readonly imageId: string;
  readonly instance: string;
  /** Id of the network that leads out. */
  readonly outside: string;
  readonly program: string;
}

const MB = 1024 * 1024;

/** Contained like a server; besides, it may listen on low ports and never forwards packets. */
export function egressSpec(facts: EgressFacts): ContainerSpec {
  return {
    name: facts.name,
    Image: facts.imageId,
    // Its last line may be a comment.
    Entrypoint: ['node', '-e', `${facts.program}\n`],
    User: '65532:65532',
    WorkingDir: '/',
    Hostname: 'gatehouse',
    Env: ['NODE_OPTIONS='],
    Labels: {
      [LABELS.managed]: 'true',
      [LABELS.instance]: facts.instance,
      [LABELS.role]: 'egress',
    },
    ...attachedOnly(),
    HostConfig: {
      ...keptNowhere(),
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=16m,mode=1777' },
      Memory: 256 * MB,
      MemorySwap: 256 * MB,
      NanoCpus: 1e9,
      PidsLimit: 64,
      Ulimits: [
        { Name: 'nofile', Soft: 8_192, Hard: 8_192 },
        { Name: 'core', Soft: 0, Hard: 0 },
      ],
      NetworkMode: facts.outside,
      IpcMode: 'private',
      Sysctls: { 'net.ipv4.ip_forward': '0', 'net.ipv4.ip_unprivileged_port_start': '0' },
    },
  };
}
