/**
 * Ends what an earlier run left at the engine: containers and networks with our labels and the name of this Gatehouse that
 * belong to nothing that runs now.
 */
import type Docker from 'dockerode';
import { LABELS } from './container-spec.ts';
import { removeNetwork } from './networks.ts';

/** Whether something of this name belongs to what runs now or is being made. */
export type IsLive = (name: string) => boolean;

/** Gives how many containers were removed. Rejects when the engine does not answer. */
export async function reap(docker: Docker, instance: string, isLive: IsLive): Promise<number> {
  const label = [`${LABELS.managed}=true`, `${LABELS.instance}=${instance}`];
  const found = await docker.listContainers({ all: true, filters: { label } });
  const orphans = found.filter(({ Names }) => !Names.some((name) => isLive(name.slice(1))));
  await Promise.all(
    orphans.map(({ Id }) =>
      docker
        .getContainer(Id)
        .remove({ force: true, v: true })
        // Being removed already, or gone.
        .catch(() => undefined),
    ),
  );
  const networks = await docker.listNetworks({ filters: { label } });
  await Promise.all(networks.filter(({ Name }) => !isLive(Name)).map(({ Id }) => removeNetwork(docker, Id)));
  return orphans.length;
}
