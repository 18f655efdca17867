/**
 * What an observer says is taken out of a container's error output, whole and without harm to the rest; its program and the
 * seccomp profile that goes with it are of one mind.
 */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  attemptWords,
  type Observation,
  observerOf,
  withoutObservations,
} from '../../main/isolation/observer/observer.ts';
import { PROGRAM } from '../../main/isolation/observer/program.ts';
import { observedProfile } from '../../main/isolation/observer/seccomp.ts';

const KEY = 'k'.repeat(32);

/** What is left of these chunks, and what was heard. */
async function split(chunks: readonly (string | Buffer)[]): Promise<{ left: string; heard: Observation[] }> {
  const stderr = new PassThrough();
  const heard: Observation[] = [];
  const out = withoutObservations(stderr, KEY, (seen) => heard.push(seen));
  for (const chunk of chunks) stderr.write(chunk);
  stderr.end();
  let left = '';
  for await (const chunk of out) left += String(chunk);
  return { left, heard };
}

describe('lines of an observer', () => {
  it('are taken out of what the program writes, which is left as it was', async () => {
    const told = [
      'one\n',
      `\n${KEY} 0 watching -\n`,
      'two, unfin',
      `\n${KEY} 3 write /etc/a b\n`,
      'ished\n\n\nend',
    ];
    expect(await split(told)).toEqual({
      left: 'one\ntwo, unfin\nished\n\n\nend',
      heard: [{ kind: 'watching' }, { kind: 'write', what: '/etc/a b', times: 3 }],
    });
  });

  it('are known however they are cut', async () => {
    const text = Buffer.from(`é\n\n${KEY} 1 escape mount\n\n${KEY} 0 blind no such call\nä`);
    for (let at = 1; at < text.length; at++) {
      const { left, heard } = await split([text.subarray(0, at), text.subarray(at)]);
      expect(left).toBe('é\nä');
      expect(heard).toEqual([
        { kind: 'escape', what: 'mount', times: 1 },
        { kind: 'blind', why: 'no such call' },
      ]);
    }
  });

  it('cannot be made up without the key, and nonsense behind it is dropped', async () => {
    const { left, heard } = await split([
      `${'x'.repeat(32)} 1 escape mount\n ${KEY} 1 escape mount\n`,
      `${KEY} much escape mount\n${KEY} 1 dance x\n${KEY} \n`,
    ]);
    expect(left).toBe(`${'x'.repeat(32)} 1 escape mount\n ${KEY} 1 escape mount\n`);
    expect(heard).toEqual([]);
  });

  it('do not keep a program without line ends waiting for ever', async () => {
    const long = 'x'.repeat(200_000);
    expect((await split([long])).left).toBe(long);
  });
});

describe('an observer', () => {
  it('is told its text and its orders by length, and has a key of its own each time', () => {
    const order = { network: 'listed', peer: '10.1.2.3', owners: ['/home/ada'] } as const;
    const [one, other] = [observerOf('/usr/bin/perl', order), observerOf('/usr/bin/perl', order)];
    expect(one.key).not.toBe(other.key);
    const size = Number(one.frame.subarray(0, 6));
    expect(one.frame.subarray(6, 6 + size).toString()).toBe(PROGRAM);
    expect(one.frame.subarray(12 + size).toString()).toBe(`${one.key}\0listed\x0010.1.2.3\0/home/ada`);
    expect(one.entrypoint.join(' ')).not.toContain(one.key);
  });

  it('knows each call that the profile leaves to it, and the profile each call that it refuses', () => {
    const table = /my %refused = \(([^;]*)\);/.exec(PROGRAM)?.[1] ?? '';
    const refused = [...table.matchAll(/(\w+) => \[/g)].map(([, name = '']) => name).sort();
    const { syscalls } = JSON.parse(observedProfile()) as {
      syscalls: { names: string[]; action: string }[];
    };
    const namesOf = (action: string): string[] =>
      syscalls.filter((one) => one.action === action).flatMap(({ names }) => names);
    expect(namesOf('SCMP_ACT_TRACE').sort()).toEqual(refused);
    expect(refused.length).toBeGreaterThan(30);
    const permitted = new Set(namesOf('SCMP_ACT_ALLOW'));
    expect(refused.filter((name) => permitted.has(name))).toEqual([]);
    const asked = /my %asked = \(([^;]*)\);/.exec(PROGRAM)?.[1] ?? '';
    for (const [, name = ''] of asked.matchAll(/(\w+) => \[/g)) expect(permitted).toContain(name);
    expect(permitted.has('io_uring_setup')).toBe(false);
  });

  it('is put into plain words', () => {
    expect(attemptWords('escape', 'mount', 'none').text).toBe(
      'it tried to change its file systems (mount), which is refused',
    );
    expect(attemptWords('escape', 'bpf', 'none').text).toBe(
      'it tried to reach into the kernel (bpf), which is refused',
    );
    expect(attemptWords('connect', '1.2.3.4:80', 'listed').text).toContain('past the proxy');
    expect(attemptWords('write', '...', 'none').text).toBe(
      'it tried to reach more files and devices than are kept here',
    );
    const hostile = attemptWords('read', '{what}{kind}', 'none');
    expect(hostile.text).toBe('it tried to read {what}{kind}, which it may not see');
    expect(hostile.said).toEqual({ form: 'contained.read', values: { what: '{what}{kind}' } });
  });
});
