/**
 * What a server is allowed, in plain words: for screens, the review of a new server, and the command line. Pure.
 */
import { ruleText } from './egress/rules.ts';
import type { NetworkPolicy, Policy } from './policy.ts';
import { type Sentence, sentence } from './sentences.ts';
import type { MountWish } from './wish.ts';

/** One line each, and all of them in one. */
export interface Summary {
  /** "reads ~/projects, no network, 512 MB" */
  readonly line: string;
  readonly files: string;
  readonly network: string;
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
    line: `${files}, ${network}, ${memory}`,
    files,
    network,
    limits: limits.text,
    limitsSaid: limits.said,
    image: policy.image,
  };
}

function filesWords(mounts: readonly MountWish[]): string {
  if (mounts.length === 0) return 'no files';
  const reads = mounts.filter(({ write }) => !write).map(({ source }) => source);
  const writes = mounts.filter(({ write }) => write).map(({ source }) => source);
  return [
    ...(reads.length > 0 ? [`reads ${listWords(reads)}`] : []),
    ...(writes.length > 0 ? [`changes ${listWords(writes)}`] : []),
  ].join(', ');
}

function networkWords(network: NetworkPolicy): string {
  switch (network.kind) {
    case 'none':
      return 'no network';
    case 'bridge':
      return 'all of the network';
    case 'learn':
      return 'every public host, and notes which';
    case 'allowlist': {
      const hosts = network.allow.map(ruleText);
      return hosts.length === 0 ? 'no network' : `reaches ${listWords(hosts)}`;
    }
    case 'named':
      return network.name === 'host' ? "this computer's own network" : `the network ${network.name}`;
  }
}

/** At most three, then how many more. */
function listWords(items: readonly string[]): string {
  const shown = items.slice(0, 3);
  const more = items.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** `512 MB`, `2 GB`, as people read it on labels. */
export function memoryWords(bytes: number): string {
  const mb = bytes / 1024 / 1024;
  return mb >= 1024 && mb % 512 === 0 ? `${mb / 1024} GB` : `${Math.round(mb)} MB`;
}
