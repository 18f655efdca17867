/**
 * A tool's fingerprint: what the user approves, and what tells that a server changed it afterwards. Pure.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * SHA-256, as 64 hexadecimal digits, over the canonical JSON (RFC 8785) of a tool's whole definition. The order of keys
 * and white space make no difference; every other change does, annotations and unknown fields included.
 *
 * @param definition a value as `JSON.parse` gives it
 * @throws TypeError for a value that JSON cannot hold
 */
export function fingerprint(definition: unknown): string {
  const text = canonicalize(definition);
  if (text === undefined) throw new TypeError('only JSON values have a fingerprint');
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
