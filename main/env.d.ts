/** Put in by the build (scripts/lib/bundles.mjs) and by vitest: the version in package.json. */
declare const __GATEHOUSE_VERSION__: string;

/** undici's client alone, without all that `fetch` needs; the package's types know only the whole. */
declare module 'undici/lib/dispatcher/client.js' {
  import { Client } from 'undici';
  export = Client;
}
