/**
 * The entry of the keychain's helper in the desktop app, where Electron's executable may not run as plain Node: a
 * utility process, which gets keytar's path as its only argument. It ends with the app, by a kill.
 */
import { createRequire } from 'node:module';
import { type Keytar, serveKeychain } from './secrets/keychain-child.ts';

const load = createRequire(__filename);

serveKeychain(() => load(process.argv[2] ?? '') as Keytar, {
  listen: (listener) => process.parentPort.on('message', (event) => listener(event.data)),
  send: (message) => process.parentPort.postMessage(message),
});
