/** What a server gets that says nothing about signing in. */
import type { OAuthSettings } from '../../../main/identity/oauth/ports.ts';

export const DEFAULTS: OAuthSettings = {
  grant: 'authorization-code',
  clientId: null,
  clientSecret: null,
  privateKey: null,
  keyAlgorithm: 'RS256',
  clientMetadataUrl: null,
  scopes: null,
  redirectUri: null,
  extraParams: {},
  issuer: null,
};
