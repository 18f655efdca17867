import { describe, expect, it } from 'vitest';
import { type ContainerFacts, containerName, containerSpec } from '../../main/isolation/container-spec.ts';
import { egressSpec } from '../../main/isolation/egress/egress-spec.ts';
import { networkSpec } from '../../main/isolation/networks.ts';
import { NPX, policy } from './wishes.ts';

const facts: ContainerFacts = {
  name: 'gatehouse-fs-0a1b2c3d',
  server: 'fs',
  instance: '0123456789abcdef',
  imageId: 'sha256:abc',
  entrypoint: ['/bin/sh', '-c', 'launcher'],
  user: '1000:1000',
  workdir: '/home/gatehouse',
  mounts: [],
  cacheVolume: null,
  imageVolumes: [],
  network: { mode: 'none', dns: null },
  podman: false,
  seccomp: null,
};

describe('containerSpec', () => {
  it('is this, to the last line, when nothing was asked for', () => {
    expect(containerSpec(policy(), facts)).toMatchInlineSnapshot(`
      {
        "AttachStderr": true,
        "AttachStdin": true,
        "AttachStdout": true,
        "Cmd": [],
        "Entrypoint": [
          "/bin/sh",
          "-c",
          "launcher",
        ],
        "Env": [
          "HOME=/home/gatehouse",
          "TMPDIR=/tmp",
        ],
        "Healthcheck": {
          "Test": [
            "NONE",
          ],
        },
        "HostConfig": {
          "AutoRemove": false,
          "CapAdd": [],
          "CapDrop": [
            "ALL",
          ],
          "CgroupnsMode": "private",
          "DeviceRequests": [],
          "Devices": [],
          "Dns": [],
          "DnsOptions": [],
          "DnsSearch": [],
          "ExtraHosts": [],
          "GroupAdd": [],
          "Init": true,
          "IpcMode": "private",
          "LogConfig": {
            "Config": {},
            "Type": "none",
          },
          "Memory": 536870912,
          "MemorySwap": 536870912,
          "Mounts": [],
          "NanoCpus": 1000000000,
          "NetworkMode": "none",
          "OomKillDisable": false,
          "OomScoreAdj": 500,
          "PidMode": "",
          "PidsLimit": 256,
          "PortBindings": {},
          "Privileged": false,
          "PublishAllPorts": false,
          "ReadonlyRootfs": true,
          "RestartPolicy": {
            "Name": "no",
          },
          "SecurityOpt": [
            "no-new-privileges",
          ],
          "ShmSize": 67108864,
          "Sysctls": {},
          "Tmpfs": {
            "/home/gatehouse": "rw,exec,nosuid,nodev,size=268435456,mode=1777,uid=1000,gid=1000",
            "/tmp": "rw,exec,nosuid,nodev,size=268435456,mode=1777,uid=1000,gid=1000",
          },
          "UTSMode": "",
          "Ulimits": [
            {
              "Hard": 8192,
              "Name": "nofile",
              "Soft": 8192,
            },
            {
              "Hard": 0,
              "Name": "core",
              "Soft": 0,
            },
          ],
          "UsernsMode": "",
        },
        "Hostname": "gatehouse",
        "Image": "sha256:abc",
        "Labels": {
          "app.gatehouse.instance": "0123456789abcdef",
          "app.gatehouse.managed": "true",
          "app.gatehouse.role": "server",
          "app.gatehouse.server": "fs",
        },
        "OpenStdin": true,
        "StdinOnce": true,
        "Tty": false,
        "User": "1000:1000",
        "WorkingDir": "/home/gatehouse",
        "name": "gatehouse-fs-0a1b2c3d",
      }
    `);
  });

  it('adds mounts, the cache, and what an image wants to be volumes; nothing else changes', () => {
    const plain = containerSpec(policy({}, NPX), facts);
    const full = containerSpec(policy({}, NPX), {
      ...facts,
      mounts: [
        { source: '/real/notes', target: '/notes', write: false, uid: 1000, file: '1:1' },
        { source: '/real/out', target: '/out', write: true, uid: 1000, file: '1:2' },
      ],
      cacheVolume: 'cache',
      imageVolumes: ['/data', '/out'],
      network: { mode: 'net1', dns: '10.0.0.2' },
    });
    expect(full.HostConfig.Mounts).toEqual([
      {
        ...{ Type: 'bind', Source: '/real/notes', Target: '/notes', ReadOnly: true },
        BindOptions: { Propagation: 'rprivate' },
      },
      {
        ...{ Type: 'bind', Source: '/real/out', Target: '/out', ReadOnly: false },
        BindOptions: { Propagation: 'rprivate' },
      },
      { Type: 'volume', Source: 'cache', Target: '/var/cache/gatehouse', ReadOnly: false },
    ]);
    expect(Object.keys(full.HostConfig.Tmpfs as object)).toEqual(['/tmp', '/home/gatehouse', '/data']);
    const { Mounts: _m, Tmpfs: _t, NetworkMode, Dns, Sysctls, ...rest } = full.HostConfig;
    expect({ NetworkMode, Dns, Sysctls }).toEqual({
      NetworkMode: 'net1',
      Dns: ['10.0.0.2'],
      Sysctls: { 'net.ipv6.conf.all.disable_ipv6': '1' },
    });
    expect(plain.HostConfig).toMatchObject({ ...rest, Dns: [], Sysctls: {} });
  });

  it('weakens only what was insisted on', () => {
    const extraArgs = ['--cap-add=NET_ADMIN', '--device=/dev/fuse', '--pid=host', '--privileged'];
    const spec = containerSpec(policy({ extraArgs, unsafe: true }), facts);
    expect(spec.HostConfig).toMatchObject({
      Privileged: true,
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN'],
      Devices: [{ PathOnHost: '/dev/fuse', PathInContainer: '/dev/fuse', CgroupPermissions: 'rwm' }],
      PidMode: 'host',
      ReadonlyRootfs: true,
      IpcMode: 'private',
    });
  });

  it('names containers in letters that engines accept', () => {
    expect(containerName('my server/ü', 'ff')).toBe('gatehouse-my-server-ff');
    expect(containerName('a'.repeat(300), 'ff').length).toBeLessThan(128);
  });
});

describe('the egress proxy', () => {
  it('is contained like a server', () => {
    const made = {
      name: 'gatehouse-egress-1',
      imageId: 'sha256:n',
      instance: 'i',
      outside: 'net',
      program: 'x',
    };
    expect(egressSpec(made)).toMatchInlineSnapshot(`
      {
        "AttachStderr": true,
        "AttachStdin": true,
        "AttachStdout": true,
        "Cmd": [],
        "Entrypoint": [
          "node",
          "-e",
          "x
      ",
        ],
        "Env": [
          "NODE_OPTIONS=",
        ],
        "Healthcheck": {
          "Test": [
            "NONE",
          ],
        },
        "HostConfig": {
          "AutoRemove": false,
          "CapDrop": [
            "ALL",
          ],
          "CgroupnsMode": "private",
          "Init": true,
          "IpcMode": "private",
          "LogConfig": {
            "Config": {},
            "Type": "none",
          },
          "Memory": 268435456,
          "MemorySwap": 268435456,
          "NanoCpus": 1000000000,
          "NetworkMode": "net",
          "PidsLimit": 64,
          "Privileged": false,
          "ReadonlyRootfs": true,
          "RestartPolicy": {
            "Name": "no",
          },
          "SecurityOpt": [
            "no-new-privileges",
          ],
          "Sysctls": {
            "net.ipv4.ip_forward": "0",
            "net.ipv4.ip_unprivileged_port_start": "0",
          },
          "Tmpfs": {
            "/tmp": "rw,noexec,nosuid,nodev,size=16m,mode=1777",
          },
          "Ulimits": [
            {
              "Hard": 8192,
              "Name": "nofile",
              "Soft": 8192,
            },
            {
              "Hard": 0,
              "Name": "core",
              "Soft": 0,
            },
          ],
        },
        "Hostname": "gatehouse",
        "Image": "sha256:n",
        "Labels": {
          "app.gatehouse.instance": "i",
          "app.gatehouse.managed": "true",
          "app.gatehouse.role": "egress",
        },
        "OpenStdin": true,
        "StdinOnce": true,
        "Tty": false,
        "User": "65532:65532",
        "WorkingDir": "/",
        "name": "gatehouse-egress-1",
      }
    `);
  });

  it('stands in networks that this computer is not in, with each other unseen', () => {
    const wish = { instance: 'i', purpose: 'fs', random: 'r', podman: false };
    expect(networkSpec({ ...wish, internal: true }, null)).toMatchObject({
      Internal: true,
      EnableIPv6: false,
      Options: { 'com.docker.network.bridge.inhibit_ipv4': 'true' },
    });
    expect(networkSpec({ ...wish, internal: false }, '10.9.9.0/28')).toMatchObject({
      Internal: false,
      Options: { 'com.docker.network.bridge.enable_icc': 'false' },
      IPAM: { Config: [{ Subnet: '10.9.9.0/28' }] },
    });
  });
});
