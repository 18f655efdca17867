/** A keychain in memory, with the troubles that real ones have. */
import type { Keychain } from '../../main/secrets/keychain.ts';
import { keychainUnavailable } from '../../main/secrets/problems.ts';

export interface FakeKeychain extends Keychain {
  readonly entries: Map<string, string>;
  /** `locked` refuses, `silent` never answers until its caller gives up. */
  state: 'open' | 'locked' | 'silent' | 'forgetful';
  readonly calls: string[];
}

export function fakeKeychain(): FakeKeychain {
  const entries = new Map<string, string>();
  const work = <T>(call: string, run: () => T): Promise<T> => {
    fake.calls.push(call);
    if (fake.state === 'locked') return Promise.reject(keychainUnavailable('it is locked'));
    if (fake.state === 'silent') return new Promise(() => undefined);
    return Promise.resolve(run());
  };
  const fake: FakeKeychain = {
    entries,
    state: 'open',
    calls: [],
    get: (name) => work('get', () => entries.get(name) ?? null),
    set: (name, value) =>
      work('set', () => {
        if (fake.state !== 'forgetful') entries.set(name, value);
      }),
    delete: (name) => work('delete', () => entries.delete(name)),
    list: () => work('list', () => [...entries.keys()]),
    close: () => undefined,
  };
  return fake;
}
