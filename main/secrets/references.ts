/**
 * `${env:NAME}` and `${keyring:name}` in a server's texts, resolved when the server starts. Pure but for the two
 * look-ups that the caller gives. Errors name the reference, never a value.
 */
import { GatehouseError } from '../protocol/error.ts';

/** Where values come from. */
export interface ReferenceSource {
  env(name: string): string | undefined;
  /** null when there is no such secret. */
  secret(name: string): Promise<string | null>;
}

/**
 * The text with every reference replaced. What a reference becomes is not looked at again, so a value may hold `${`.
 * `$${` stands for the two characters `${`.
 *
 * @throws GatehouseError `secrets.unknown_reference`, `secrets.env_missing`, `secrets.secret_missing`, and whatever
 *   `from.secret` throws
 */
export async function resolveReferences(text: string, from: ReferenceSource): Promise<string> {
  let resolved = '';
  let rest = 0;
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', rest)) {
    if (text[at - 1] === '$' && at > rest) {
      resolved += `${text.slice(rest, at - 1)}\${`;
      rest = at + 2;
      continue;
    }
    const end = text.indexOf('}', at);
    if (end < 0) throw unknownReference('${...', 'Close it with "}", or write $${ for a plain "${".');
    resolved += text.slice(rest, at) + (await lookUp(text.slice(at + 2, end), from));
    rest = end + 1;
  }
  return resolved + text.slice(rest);
}

async function lookUp(inner: string, from: ReferenceSource): Promise<string> {
  const colon = inner.indexOf(':');
  const name = inner.slice(colon + 1).trim();
  const written = `\${${inner.slice(0, 200)}}`;
  if (colon < 0 || name === '') {
    const hint = /^\w+$/.test(inner) ? `Write \${env:${inner}}` : 'Write ${env:NAME} or ${keyring:name}';
    throw unknownReference(written, `${hint}, or $\${ for a plain "\${".`);
  }
  switch (inner.slice(0, colon)) {
    case 'env': {
      const value = from.env(name);
      if (value !== undefined) return value;
      throw new GatehouseError({
        code: 'secrets.env_missing',
        message: '{written} names an environment variable that Gatehouse does not have.',
        remedy: 'Set {name} before Gatehouse starts, or use ${keyring:{name}}.',
        values: { written, name },
      });
    }
    case 'keyring': {
      const value = await from.secret(name);
      if (value !== null) return value;
      throw new GatehouseError({
        code: 'secrets.secret_missing',
        message: '{written} names a secret that is not stored.',
        remedy: 'Store it with: gatehouse secret set {name}',
        values: { written, name },
      });
    }
    default:
      throw unknownReference(
        written,
        'Known are ${env:NAME} and ${keyring:name}; write $${ for a plain "${".',
      );
  }
}

function unknownReference(written: string, remedy: string): GatehouseError {
  return new GatehouseError({
    code: 'secrets.unknown_reference',
    message: '{written} is not a reference that Gatehouse knows.',
    remedy,
    values: { written },
  });
}
