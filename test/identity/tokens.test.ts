import { describe, expect, it } from 'vitest';
import { ENDPOINT_TOKEN, type IdentityDeps, openIdentity } from '../../main/identity/tokens.ts';

function deps(entries: Record<string, string> = {}): IdentityDeps & { kept: Map<string, string> } {
  const kept = new Map(Object.entries(entries));
  return {
    kept,
    store: async () => ({
      get: async (name) => kept.get(name) ?? null,
      set: async (name, value) => void kept.set(name, value),
    }),
    resolve: async (text) => text.replace('${keyring:t}', 'from-keyring'),
  };
}

describe('openIdentity', () => {
  it('makes a token of its own once and keeps it', async () => {
    const store = deps();
    const first = await openIdentity({ kind: 'default' }, store);
    expect(first.token).toMatch(/^[\w-]{43}$/);
    expect(store.kept.get(ENDPOINT_TOKEN)).toBe(first.token);
    expect((await openIdentity({ kind: 'default' }, store)).token).toBe(first.token);
  });

  it.each([
    ['Bearer s3cret', undefined],
    ['bearer   s3cret', undefined],
    ['BEARER s3cret', undefined],
    ['s3cret', undefined],
    [undefined, 's3cret'],
  ])('lets in %j / %j', async (authorization, apiKey) => {
    const identity = await openIdentity({ kind: 'token', token: 's3cret' }, deps());
    expect(identity.authenticate(null, authorization, apiKey)).not.toBeNull();
    // The second time it is known; the answer must be the same.
    expect(identity.authenticate(null, authorization, apiKey)).not.toBeNull();
  });

  it.each([
    [undefined, undefined],
    ['', undefined],
    ['Bearer ', undefined],
    ['Bearer S3CRET', undefined],
    ['Bearer s3cret ', undefined],
    ['Bearer s3cre', undefined],
    ['Basic s3cret', undefined],
    ['Bearer wrong', 's3cret'],
  ])('wrong-token: refuses %j / %j', async (authorization, apiKey) => {
    const identity = await openIdentity({ kind: 'token', token: 's3cret' }, deps());
    expect(identity.authenticate(null, authorization, apiKey)).toBeNull();
    expect(identity.authenticate(null, authorization, apiKey)).toBeNull();
  });

  it("other-servers-token: a server's own tokens open that server and nothing else", async () => {
    const identity = await openIdentity({ kind: 'token', token: 'main' }, deps());
    await identity.setServerTokens(
      new Map([
        ['a', ['for-a']],
        ['b', ['${keyring:t}']],
        ['open', []],
      ]),
    );
    expect(identity.authenticate('a', 'Bearer for-a', undefined)).not.toBeNull();
    expect(identity.authenticate('a', 'Bearer main', undefined)).toBeNull();
    expect(identity.authenticate(null, 'Bearer for-a', undefined)).toBeNull();
    expect(identity.authenticate('b', 'Bearer for-a', undefined)).toBeNull();
    expect(identity.authenticate('b', 'Bearer from-keyring', undefined)).not.toBeNull();
    expect(identity.authenticate('open', undefined, undefined)).not.toBeNull();
    expect(identity.authenticate('inherits', 'Bearer main', undefined)).not.toBeNull();
    await identity.setServerTokens(new Map());
    expect(identity.authenticate('a', 'Bearer for-a', undefined)).toBeNull();
  });

  it('takes further tokens where the own one counts, and only there', async () => {
    const identity = await openIdentity({ kind: 'token', token: 'main' }, deps());
    await identity.setServerTokens(new Map([['a', ['for-a']]]), ['second', '${keyring:t}']);
    for (const token of ['main', 'second', 'from-keyring']) {
      expect(identity.authenticate(null, token, undefined)).not.toBeNull();
      expect(identity.authenticate('inherits', token, undefined)).not.toBeNull();
      expect(identity.authenticate('a', token, undefined)).toBeNull();
    }
    await identity.setServerTokens(new Map());
    expect(identity.authenticate(null, 'second', undefined)).toBeNull();
    expect(identity.authenticate(null, 'main', undefined)).not.toBeNull();
  });

  it('asks for nothing when it is turned off', async () => {
    const identity = await openIdentity({ kind: 'none' }, deps());
    expect(identity.tokenRequired).toBe(false);
    expect(identity.authenticate(null, undefined, undefined)).not.toBeNull();
  });
});
