/**
 * How Node is told which certificates to accept: those that the authorities of this computer vouch for, those of more
 * authorities, or any. Pure.
 */
import * as tls from 'node:tls';
import type { Trust } from './http-target.ts';

/** Options for an agent. Throws nothing: a faulty certificate shows when a connection is made. */
export function tlsOptions({
  verify,
  authorities,
}: Trust): Pick<tls.ConnectionOptions, 'ca' | 'rejectUnauthorized'> {
  return {
    rejectUnauthorized: verify,
    // Given authorities would take the place of the others.
    ...(authorities === null ? {} : { ca: [...knownAuthorities(), authorities] }),
  };
}

/** Those that Node itself would use; older ones cannot tell of `NODE_EXTRA_CA_CERTS`. */
function knownAuthorities(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}
