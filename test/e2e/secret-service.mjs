// Prints every entry of the session's Secret Service as JSON: labels and values. Asked over D-Bus, with a plain session,
// so that no library of the app is trusted to look at the app.
import { Message, sessionBus, Variant } from '@jellybrick/dbus-next';

const bus = sessionBus();
const service = 'org.freedesktop.secrets';
const call = async (path, face, member, signature = '', body = []) => {
  const reply = await bus.call(
    new Message({ destination: service, path, interface: face, member, signature, body }),
  );
  return reply?.body ?? [];
};
const get = async (path, face, name) => {
  const [value] = await call(path, 'org.freedesktop.DBus.Properties', 'Get', 'ss', [face, name]);
  return value.value;
};

const root = '/org/freedesktop/secrets';
const [, session] = await call(root, 'org.freedesktop.Secret.Service', 'OpenSession', 'sv', [
  'plain',
  new Variant('s', ''),
]);
const entries = [];
for (const collection of await get(root, 'org.freedesktop.Secret.Service', 'Collections')) {
  for (const item of await get(collection, 'org.freedesktop.Secret.Collection', 'Items')) {
    const label = await get(item, 'org.freedesktop.Secret.Item', 'Label');
    const [secret] = await call(item, 'org.freedesktop.Secret.Item', 'GetSecret', 'o', [session]);
    entries.push({ label, secret: Buffer.from(secret[2]).toString('utf8') });
  }
}
process.stdout.write(JSON.stringify(entries));
bus.disconnect();
