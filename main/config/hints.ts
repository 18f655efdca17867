/**
 * What a mistaken key probably meant. Pure.
 */
import { distance } from 'fastest-levenshtein';

/** Keys of other programs' files, and what they are called here. */
const foreign: Readonly<Record<string, string>> = {
  active: 'Use "enabled".',
  apiKey: 'Use "headers": { "X-Api-Key": "..." }.',
  bearerToken: 'Use "headers": { "Authorization": "Bearer ..." }.',
  protocol: 'Use "type".',
  servers: 'Use "mcpServers".',
  timeout: 'Use "callTimeoutMs", in milliseconds.',
  transportType: 'Use "type".',
};

/** A remedy, and by what screens find it in other languages. */
interface Hint {
  readonly form: 'near' | 'new';
  readonly remedy: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What is said of an unknown `key` where `known` keys are allowed: the nearest one, or all of them. */
export function hintFor(key: string, known: readonly string[]): Hint {
  const wanted = key.toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, far: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  const nearest = ranked[0];
  // Up to a third of the letters may differ: "comand", "Command" and "urls" are found, "foo" matches nothing.
  if (nearest !== undefined && nearest.far <= Math.max(1, Math.floor(nearest.candidate.length / 3))) {
    const near = nearest.candidate;
    return { form: 'near', remedy: 'Did you mean "{near}"?', values: { near } };
  }
  const remedy = Object.hasOwn(foreign, key) ? (foreign[key] ?? '') : `Known here: ${known.join(', ')}.`;
  return { form: 'new', remedy, values: {} };
}
