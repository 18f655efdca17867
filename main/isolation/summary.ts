/**
 * What a server is allowed, in plain words: for screens, the review of a new server, and the command line. Pure.
 */
import { ruleText } from './egress/rules.ts';
import type { NetworkPolicy, Policy } from './policy.ts';
import { type ContainedForm, type Sentence, sentence } from './sentences.ts';
import type { MountWish } from './wish.ts';

/** One line each, and all of them in one. */
export interface Summary {
  /** "reads ~/projects, no network, 512 MB" */
  readonly line: string;
  /** What `line` is made of. */
  readonly lineParts: readonly { readonly text: string; readonly said?: Sentence['said'] }[];
  readonly files: string;
  /** Says `files` in other languages. */
  readonly filesSaid: Sentence['said'];
  readonly network: string;
  readonly networkSaid: Sentence['said'];
  readonly limits: string;
  /** Says `limits` in other languages. */
  readonly limitsSaid: Sentence['said'];
  readonly image: string;
}

/** The words for a policy. */
export function summary(policy: Policy): Summary {
  const files = filesWords(policy.mounts);
  const network = networkWords(policy.network);
  const memory = memoryWords(policy.memoryBytes);
  const use = { memory, processes: policy.pids, scratch: memoryWords(policy.scratchBytes) };
  const limits =
    policy.cpus === 1 ? sentence('limits_one', use) : sentence('limits', { ...use, cores: policy.cpus });
  return {
    line: `${files.text}, ${network.text}, ${memory}`,
    lineParts: [files, network, { text: memory }],
    files: files.text,
    filesSaid: files.said,
    network: network.text,
    networkSaid: network.said,
    limits: limits.text,
    limitsSaid: limits.said,
    image: policy.image,
  };
}

function filesWords(mounts: readonly MountWish[]): Sentence {
  const reads = mounts.filter(({ write }) => !write).map(({ source }) => source);
  const writes = mounts.filter(({ write }) => write).map(({ source }) => source);
  if (writes.length === 0) {
    return reads.length === 0 ? sentence('files_none') : listed('files_read', { reads });
  }
  return reads.length === 0
    ? listed('files_change', { changes: writes })
    : listed('files_both', { reads, changes: writes });
}

function networkWords(network: NetworkPolicy): Sentence {
  switch (network.kind) {
    case 'none':
      return sentence('network_none');
    case 'bridge':
      return sentence('network_all');
    case 'learn':
      return sentence('network_learn');
    case 'allowlist': {
      const hosts = network.allow.map(ruleText);
      return hosts.length === 0 ? sentence('network_none') : listed('network_only', { hosts });
    }
    case 'named':
      return network.name === 'host'
        ? sentence('network_own')
        : sentence('network_named', { name: network.name });
  }
}

/** A sentence with lists in it; other languages get them without an English "and". */
function listed(form: ContainedForm, lists: Readonly<Record<string, readonly string[]>>): Sentence {
  const all = (words: (items: readonly string[]) => string): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(lists).map(([name, items]) => [name, words(items)]));
  return { text: sentence(form, all(listWords)).text, said: sentence(form, all(shortList)).said };
}

/** At most three, then how many more. */
function listWords(items: readonly string[]): string {
  const shown = items.slice(0, 3);
  const more = items.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** The same without words. */
function shortList(items: readonly string[]): string {
  const more = items.length - 3;
  return `${items.slice(0, 3).join(', ')}${more > 0 ? ` (+${more})` : ''}`;
}

/** `512 MB`, `2 GB`, as people read it on labels. */
export function memoryWords(bytes: number): string {
  const mb = bytes / 1024 / 1024;
  return mb >= 1024 && mb % 512 === 0 ? `${mb / 1024} GB` : `${Math.round(mb)} MB`;
}
