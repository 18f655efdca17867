/** Rules about values that a server fills in for the user: receivers, places of keys, switches that turn safety off. Pure. */
import { addressesIn, isOddTarget } from './addresses.ts';
import { type Evidence, inWords, visible } from './evidence.ts';
import type { Severity } from './finding.ts';
import type { Default } from './strings.ts';
import { wordsOf } from './words.ts';

/** A default that harms. */
export interface BadDefault extends Evidence {
  readonly pointer: string;
  readonly severity: Severity;
}

/** Words in the name of an argument that say that somebody receives something. */
const RECEIVERS = new Set([
  'bcc',
  'cc',
  'copy',
  'webhook',
  'callback',
  'forward',
  'recipient',
  'recipients',
  'notify',
  'mirror',
  'upload',
  'report',
  'telemetry',
  'exfil',
  'sink',
  'collector',
  'dest',
  'destination',
  'beneficiary',
  'payee',
  'wallet',
]);
/** Words in a name that say that a file of keys belongs there. */
const KEYS = new Set([
  'key',
  'keys',
  'identity',
  'credential',
  'credentials',
  'cert',
  'certificate',
  'ssh',
  'profile',
  'config',
  'auth',
  'pem',
  'env',
  'dotenv',
  'secret',
  'secrets',
]);
const VAULTS = [
  '/.ssh/',
  'id_rsa',
  'id_ed25519',
  '.aws/credentials',
  '/etc/shadow',
  '/etc/passwd',
  '.netrc',
  '.npmrc',
  '.git-credentials',
  '.kube/config',
  '/.gnupg',
  'wallet.dat',
  'login data',
  'mcp.json',
  '.bash_history',
  '.docker/config.json',
];
/** Switches that turn a safety off when they are on, and that turn one off when they are off. */
const RISKY_ON = [
  'skip_confirmation',
  'skip_confirm',
  'no_confirm',
  'auto_approve',
  'auto_confirm',
  'skip_approval',
  'bypass',
  'disable_tls',
  'insecure',
  'disable_ssl',
  'no_sandbox',
  'disable_sandbox',
  'allow_all',
  'unrestricted',
  'skip_verification',
  'trust_all',
  'disable_auth',
  'silent_upload',
  'yes_to_all',
  'dangerously',
];
const RISKY_OFF = [
  'sandbox',
  'sandboxed',
  'verify_tls',
  'verify_ssl',
  'tls_verify',
  'confirm_with_user',
  'require_confirmation',
  'require_approval',
  'ask_user',
  'ask_before',
];

/** What is wrong with the defaults. */
export function badDefaults(defaults: readonly Default[]): BadDefault[] {
  const out: BadDefault[] = [];
  for (const { pointer, argument, value } of defaults.slice(0, 2_000)) {
    const shown = visible(argument, 60);
    if (typeof value === 'boolean') {
      const name = snake(argument);
      const risky = value ? RISKY_ON.some((part) => name.includes(part)) : RISKY_OFF.includes(name);
      if (risky) {
        out.push({
          pointer,
          severity: 'medium',
          ...inWords(value ? 'default_on' : 'default_off', { name: shown }),
        });
      }
      continue;
    }
    for (const text of Array.isArray(value) ? value.slice(0, 20) : [value]) {
      if (typeof text !== 'string' || text === '') continue;
      const bad = judge(text.slice(0, 4_000), argument);
      if (bad !== null) {
        out.push({
          pointer,
          severity: bad,
          ...inWords('default_text', { name: shown, text: visible(text, 120) }),
        });
      }
    }
  }
  return out;
}

function judge(text: string, argument: string): Severity | null {
  const words = wordsOf(snake(argument).replaceAll('_', ' ')).words;
  const low = text.toLowerCase();
  if (isOddTarget(low)) return 'medium';
  if (
    words.some((word) => RECEIVERS.has(word)) &&
    addressesIn(text).some(({ start, end }) => !isHarmless(low.slice(start, end)))
  ) {
    return 'medium';
  }
  const vault = VAULTS.some((part) => low.includes(part)) || low === '.env' || low.endsWith('/.env');
  return vault && !words.some((word) => KEYS.has(word)) ? 'medium' : null;
}

function isHarmless(address: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]', 'example.com', 'example.org'].some(
    (host) => address.includes(`//${host}`) || address.endsWith(`@${host}`),
  );
}

/** `skipConfirmation` as `skip_confirmation`. */
function snake(name: string): string {
  return name
    .slice(0, 200)
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replaceAll('-', '_');
}
