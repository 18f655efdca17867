/**
 * `npm run package`: the app folder and a tar.gz for this computer, in dist/release.
 * `-- --release` builds the installers of electron-builder.yml instead; `-- --test` the flavour that the tests drive.
 */
import { build } from './lib/build.mjs';
import { untilInterrupted } from './lib/interrupt.mjs';
import { packageApp } from './lib/package.mjs';
import { runMain, Trouble } from './lib/say.mjs';
import { setup } from './lib/setup.mjs';

const flags = process.argv.slice(2);

runMain(() =>
  untilInterrupted(async (signal) => {
    const unknown = flags.find((flag) => flag !== '--release' && flag !== '--test');
    if (unknown !== undefined) throw new Trouble(`${unknown} is unknown; there are --release and --test.`, 2);
    const { electron } = await setup({ system: 'none', electron: true, signal });
    if (electron === null) throw new Trouble('Without an Electron there is nothing to package.');
    await build();
    const flavour = flags.includes('--test') ? 'test' : 'release';
    await packageApp({ electron, flavour, installers: flags.includes('--release'), signal });
  }),
);
