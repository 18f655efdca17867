/**
 * A real Podman for tests: its service in directories and a network of its own, as `container-engine.ts` does it for Docker.
 * Where none is installed, it says so.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, end, makeImages } from './container-engine.ts';
import { until } from './gateway.ts';

/** The engine, or why there is none. */
export type StartedPodman =
  | { readonly socket: string; readonly absent: null; close(): Promise<void> }
  | { readonly socket: null; readonly absent: string; close(): Promise<void> };

const WANTED = ['podman', 'conmon', 'unshare', 'ip', 'busybox', 'perl'];

/** Starts it. Never rejects: what goes wrong is the reason why there is none. */
export async function startPodman(): Promise<StartedPodman> {
  const dir = mkdtempSync(join(tmpdir(), 'ghp-'));
  let service: ChildProcess | null = null;
  const close = async (): Promise<void> => {
    if (service !== null) await end(service);
    // What it mounted for containers that it did not end itself.
    execFileSync('sh', ['-c', `grep -o '${dir}[^ ]*' /proc/mounts | sort -r | xargs -r umount -l; true`]);
    rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const path = `${process.env.PATH}:/usr/sbin:/sbin`;
    const missing = WANTED.find((name) => !path.split(':').some((folder) => existsSync(join(folder, name))));
    if (process.platform !== 'linux' || process.getuid?.() !== 0)
      throw new Error('it is started by root on Linux');
    if (missing !== undefined) throw new Error(`"${missing}" is not installed`);
    const socket = join(dir, 's');
    const log = join(dir, 'log');
    mkdirSync(join(dir, 'net'));
    // Its usual runtime takes no mixed control groups.
    const runtime = existsSync('/usr/sbin/runc') ? 'runtime = "runc"\n' : '';
    const settings = `[containers]\ndefault_ulimits = []\n[engine]\n${runtime}events_logger = "file"\ncgroup_manager = "cgroupfs"\n[network]\nnetwork_config_dir = "${dir}/net"\n`;
    writeFileSync(join(dir, 'containers.conf'), settings);
    const flags = `--root ${dir}/root --runroot ${dir}/run --tmpdir ${dir}/tmp --storage-driver overlay`;
    const start = `ip link set lo up && exec podman ${flags} system service --time 0 unix://${socket} >${log} 2>&1`;
    const started = spawn('unshare', ['--net', 'sh', '-c', start], {
      stdio: 'ignore',
      // What ends for want of memory leaves a file where the service runs.
      cwd: dir,
      env: { ...process.env, PATH: path, CONTAINERS_CONF: join(dir, 'containers.conf') },
    });
    service = started;
    let ended = false;
    started.once('exit', () => {
      ended = true;
    });
    await until(
      async () => ended || (await api(socket, 'GET', '/_ping').catch(() => '')) === 'OK',
      'podman',
      20_000,
    );
    if (ended) throw new Error(`it ended: ${readFileSync(log, 'utf8').split('\n').slice(-4).join(' ')}`);
    await makeImages(dir, async (name, tag, tar) => {
      if (name !== 'node') return;
      await api(socket, 'POST', `/images/create?fromSrc=-&repo=${name}&tag=${tag}`, tar());
      // Older ones take no tag with it.
      const id = JSON.parse(await api(socket, 'GET', '/images/json')) as { Id: string }[];
      const image = id[0]?.Id.replace('sha256:', '') ?? '';
      await api(socket, 'POST', `/images/${image}/tag?repo=docker.io/library/${name}&tag=${tag}`);
    });
    return { socket, absent: null, close };
  } catch (error) {
    await close();
    return { socket: null, absent: `no Podman can run here: ${(error as Error).message}`, close };
  }
}
