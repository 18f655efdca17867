import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatehouseError } from '../../main/protocol/error.ts';
import { resolveReferences } from '../../main/secrets/references.ts';

const env: Record<string, string> = { HOME: '/home/ada', EMPTY: '', TRICKY: '${keyring:token}' };
const secrets: Record<string, string> = { token: 's3cret', 'a/b@c': 'x' };
const from = {
  env: (name: string) => env[name],
  secret: async (name: string) => secrets[name] ?? null,
};

describe('resolveReferences', () => {
  it.each([
    ['', ''],
    ['plain $ text {x} $5', 'plain $ text {x} $5'],
    ['${env:HOME}', '/home/ada'],
    ['${env:HOME}/x/${env:HOME}', '/home/ada/x//home/ada'],
    ['${env:EMPTY}', ''],
    ['Bearer ${keyring:token}!', 'Bearer s3cret!'],
    ['${keyring:a/b@c}', 'x'],
    ['${ keyring:token}'.replace(' ', ''), 's3cret'],
    ['$${env:HOME}', '${env:HOME}'],
    ['$$${env:HOME}', '$${env:HOME}'],
    ['a$${', 'a${'],
    ['${env:HOME}$${x}', '/home/ada${x}'],
    ['${env:HOME}${env:EMPTY}$${', '/home/ada${'],
    ['${env:TRICKY}', '${keyring:token}'],
  ])('%s', async (text, expected) => {
    expect(await resolveReferences(text, from)).toBe(expected);
  });

  it.each([
    ['${HOME}', 'secrets.unknown_reference', '${env:HOME}'],
    ['${file:/etc/passwd}', 'secrets.unknown_reference', '${env:NAME}'],
    ['${env:}', 'secrets.unknown_reference', '${env:NAME}'],
    ['${}', 'secrets.unknown_reference', '${env:NAME}'],
    ['x ${env:HOME', 'secrets.unknown_reference', '}'],
    ['${env:NOPE}', 'secrets.env_missing', 'NOPE'],
    ['${keyring:nope}', 'secrets.secret_missing', 'gatehouse secret set nope'],
  ])('%s is refused with %s', async (text, code, hint) => {
    const error = await resolveReferences(text, from).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GatehouseError);
    expect(error).toMatchObject({ code, remedy: expect.stringContaining(hint) });
  });

  it('never puts a value into an error', async () => {
    const error = await resolveReferences('${keyring:token} ${env:HOME} ${env:NOPE}', from).catch(
      (e: unknown) => e,
    );
    expect(String(error)).not.toContain('s3cret');
    expect(JSON.stringify(error)).not.toContain('s3cret');
  });

  it('escaping any text and resolving it gives the text back', async () => {
    const piece = fc.constantFrom('$', '{', '}', '${', '$$', 'a', ':', 'env', ' ');
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (parts) => {
        const text = parts.join('');
        expect(
          await resolveReferences(
            text.replaceAll('${', () => '$${'),
            from,
          ),
        ).toBe(text);
      }),
    );
  });
});
