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

/** The remedy for an unknown `key` where `known` keys are allowed: the nearest one, or all of them. */
export function hintFor(key: string, known: readonly string[]): string {
  const wanted = key.toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, far: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  const nearest = ranked[0];
  // Up to a third of the letters may differ: "comand", "Command" and "urls" are found, "foo" matches nothing.
  if (nearest !== undefined && nearest.far <= Math.max(1, Math.floor(nearest.candidate.length / 3))) {
    return `Did you mean "${nearest.candidate}"?`;
  }
  if (Object.hasOwn(foreign, key)) return foreign[key] ?? '';
  return `Known here: ${known.join(', ')}.`;
}
