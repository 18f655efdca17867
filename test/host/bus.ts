/**
 * One question to a D-Bus session bus: is that service there yet?
 */
import { Message, type MessageBus, sessionBus } from '@jellybrick/dbus-next';

/**
 * Resolves when `name` has an owner on the bus at `address`; hears of it from the bus, does not ask again and again.
 * @throws Error after `timeoutMs` milliseconds.
 */
export async function nameAppears(address: string, name: string, timeoutMs: number): Promise<void> {
  const bus = sessionBus({ busAddress: address });
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no ${name} on the bus after ${timeoutMs / 1000} s`)),
        timeoutMs,
      );
      (bus as NodeJS.EventEmitter).on('error', reject);
      bus.on('message', (message) => {
        if (message.member === 'NameOwnerChanged' && message.body[0] === name && message.body[2] !== '')
          resolve();
      });
      alreadyThere(bus, name).then((there) => {
        if (there) resolve();
      }, reject);
    });
  } finally {
    clearTimeout(timer);
    bus.disconnect();
  }
}

/** Subscribes first, so that a service which appears between the two questions is not missed. */
async function alreadyThere(bus: MessageBus, name: string): Promise<boolean> {
  await askBus(bus, 'AddMatch', `type='signal',member='NameOwnerChanged',arg0='${name}'`);
  const answer = await askBus(bus, 'NameHasOwner', name);
  return answer?.body[0] === true;
}

function askBus(bus: MessageBus, member: string, argument: string): Promise<Message | null> {
  return bus.call(
    new Message({
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member,
      signature: 's',
      body: [argument],
    }),
  );
}
