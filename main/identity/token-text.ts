/** How tokens of clients look, and what is kept of them. Pure but for randomness. */
import { createHash, randomBytes } from 'node:crypto';

/** So that a leaked one is recognized, by people and by scanners. */
const PREFIX = 'gate_';
/** How tokens begin that fetch others. None of them opens the endpoint. */
const REFRESH = `${PREFIX}refresh_`;
/** Characters of the part that says which sign-in it is of. */
const ID_LENGTH = 22;

/** SHA-256 in hex. A token has 256 random bits, so nothing slower is needed. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** A token that opens the endpoint. */
export function newToken(): string {
  return PREFIX + secret();
}

/** 256 random bits, URL-safe. */
export function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** The name of a sign-in: it stands in its refresh tokens alone, so that an old one is known for what it was. */
export function newSignInId(): string {
  return randomBytes(16).toString('base64url');
}

/** A refresh token that names the sign-in it is of. A secret: it is shown to its client alone. */
export function newRefreshToken(id: string): string {
  return `${REFRESH}${id}${secret()}`;
}

/** The sign-in that a refresh token is, or was, of; null when it is no such token. */
export function signInIdOf(token: string): string | null {
  if (!token.startsWith(REFRESH) || token.length !== REFRESH.length + ID_LENGTH + 43) return null;
  return token.slice(REFRESH.length, REFRESH.length + ID_LENGTH);
}
