/** Put in by the build (scripts/lib/bundles.mjs) and by vitest: the version in package.json. */
declare const __GATEHOUSE_VERSION__: string;
