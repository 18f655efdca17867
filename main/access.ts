/**
 * How the endpoint is guarded, from the command line and the configuration together.
 */
import { DEFAULT_LISTEN, type LaunchOptions, type ListenOption, parseListen } from './args.ts';
import type { GatehouseConfig } from './config/schema.ts';
import { isLoopbackHost } from './gateway/guards.ts';
import type { AuthMode } from './identity/tokens.ts';
import { GatehouseError } from './protocol/error.ts';

/** Address and guard of the endpoint; the command line wins. */
export interface Access {
  readonly listen: ListenOption;
  readonly auth: AuthMode;
}

/**
 * Reads both. Throws `args.invalid` for a bad address and `app.open_to_network` when no token is asked for on an
 * address that others can reach.
 */
export function accessOf(options: LaunchOptions, config: GatehouseConfig): Access {
  const listen = options.listen ?? (config.listen === null ? DEFAULT_LISTEN : parseListen(config.listen));
  const auth = options.auth ?? configured(config);
  if (auth.kind === 'none' && !isLoopbackHost(listen.host)) {
    throw new GatehouseError({
      code: 'app.open_to_network',
      message: 'Without a token the endpoint may only listen on this computer, not at {host}.',
      remedy: 'Leave out --no-auth (or "required": false), or listen at 127.0.0.1.',
      values: { host: listen.host },
    });
  }
  return { listen, auth };
}

function configured(config: GatehouseConfig): AuthMode {
  if (config.auth.required === false) return { kind: 'none' };
  return config.auth.token === null ? { kind: 'default' } : { kind: 'token', token: config.auth.token };
}
