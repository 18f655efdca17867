/**
 * What secrets look like: the tokens of services by their fixed beginnings, the names under which people keep secrets,
 * and text too random to have been written by anybody. Data and pure tests for `redact.ts`.
 */

/** One kind of secret that is known by its shape. Looked for in runs of token characters only, so it may be unanchored. */
export interface SecretShape {
  /** Short and plain, for the mark that takes the secret's place. */
  readonly kind: string;
  readonly shape: RegExp;
}

/** Services whose tokens have a shape of their own. No flags: the first hit decides. */
export const SHAPES: readonly SecretShape[] = [
  { kind: 'JWT', shape: /eyJ[\w-]{8,}\.eyJ[\w-]{4,}(?:\.[\w-]*)?/ },
  { kind: 'AWS key', shape: /(?:^|[^A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/ },
  { kind: 'AWS key', shape: /ABSK[A-Za-z0-9+/]{60,}/ },
  { kind: 'Google key', shape: /AIza[\w-]{35}/ },
  { kind: 'Google token', shape: /ya29\.[\w-]{16,}|GOCSPX-[\w-]{20,}|1\/\/0[\w-]{20,}/ },
  { kind: 'Azure key', shape: /[\w~.-]{3}8Q~[\w~.-]{31,34}/ },
  { kind: 'GitHub token', shape: /gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}/ },
  { kind: 'GitLab token', shape: /gl(?:pat|ptt|rt|cbt|dt|oas|ft|imt|agent|soat|ffct)-[\w.-]{18,}/ },
  { kind: 'Bitbucket token', shape: /ATBB[A-Za-z0-9=_]{28,}/ },
  { kind: 'Atlassian token', shape: /ATATT3[\w=-]{50,}/ },
  { kind: 'Slack token', shape: /xox[abcdeoprs]-[\w-]{10,}|xapp-\d-[\w-]{10,}/ },
  { kind: 'Slack webhook', shape: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/+-]{20,}/ },
  { kind: 'Discord webhook', shape: /discord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]{20,}/ },
  { kind: 'Discord token', shape: /[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}/ },
  { kind: 'Telegram token', shape: /\d{8,10}:AA[\w-]{32,}/ },
  { kind: 'Anthropic key', shape: /sk-ant-[\w-]{16,}/ },
  { kind: 'OpenRouter key', shape: /sk-or-v1-[0-9a-f]{32,}/ },
  { kind: 'OpenAI key', shape: /(?:^|[^A-Za-z0-9])sk-(?:proj-|svcacct-|admin-|None-)?[\w-]{20,}/ },
  { kind: 'Stripe key', shape: /(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{16,}/ },
  { kind: 'Hugging Face token', shape: /hf_[A-Za-z0-9]{30,}|api_org_[A-Za-z0-9]{30,}/ },
  { kind: 'Groq key', shape: /gsk_[A-Za-z0-9]{32,}/ },
  { kind: 'xAI key', shape: /xai-[A-Za-z0-9]{32,}/ },
  { kind: 'Perplexity key', shape: /pplx-[A-Za-z0-9]{32,}/ },
  { kind: 'Replicate token', shape: /r8_[A-Za-z0-9]{30,}/ },
  { kind: 'Fireworks key', shape: /(?:^|[^A-Za-z0-9])fw_[A-Za-z0-9]{20,}/ },
  { kind: 'npm token', shape: /npm_[A-Za-z0-9]{30,}/ },
  { kind: 'PyPI token', shape: /pypi-[\w-]{40,}/ },
  { kind: 'RubyGems key', shape: /rubygems_[0-9a-f]{40,}/ },
  { kind: 'Docker token', shape: /dckr_(?:pat|oat)_[\w-]{20,}/ },
  { kind: 'SendGrid key', shape: /SG\.[\w-]{16,}\.[\w-]{16,}/ },
  { kind: 'Mailgun key', shape: /(?:^|[^A-Za-z0-9])key-[0-9a-f]{32}/ },
  { kind: 'Mailchimp key', shape: /[0-9a-f]{32}-us\d{1,2}(?!\w)/ },
  { kind: 'Twilio key', shape: /(?:^|[^A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/ },
  { kind: 'Shopify token', shape: /shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/ },
  { kind: 'Square token', shape: /sq0(?:atp|csp|idp)-[\w-]{22,}|EAAA[\w-]{60}/ },
  { kind: 'DigitalOcean token', shape: /do[opr]_v1_[0-9a-f]{64}/ },
  { kind: 'Linear key', shape: /lin_(?:api|oauth)_[A-Za-z0-9]{32,}/ },
  { kind: 'Notion token', shape: /ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43}/ },
  { kind: 'Figma token', shape: /fig[dou]_[\w-]{30,}/ },
  { kind: 'Airtable token', shape: /pat[A-Za-z0-9]{14}\.[0-9a-f]{64}/ },
  { kind: 'Asana token', shape: /\d\/\d{10,}(?:\/\d{10,})?:[0-9a-f]{32}/ },
  { kind: 'Databricks token', shape: /dapi[0-9a-f]{32}/ },
  { kind: 'Vault token', shape: /hv[sbr]\.[\w-]{20,}/ },
  { kind: 'Terraform token', shape: /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}/ },
  { kind: 'Grafana token', shape: /gl(?:c|sa)_[\w+/=]{30,}/ },
  { kind: 'New Relic key', shape: /NRAK-[A-Z0-9]{24,}/ },
  { kind: 'Sentry token', shape: /sntry[su]_[\w+/=-]{30,}/ },
  { kind: 'Postman key', shape: /PMAK-[0-9a-f]{20,}-[0-9a-f]{30,}/ },
  { kind: 'Doppler token', shape: /dp\.(?:pt|st|ct|sa)\.[\w.-]{30,}/ },
  { kind: 'PlanetScale token', shape: /pscale_(?:tkn|pw|oauth)_[\w.=-]{30,}/ },
  { kind: 'Supabase token', shape: /sb(?:p|_secret)_[\w-]{20,}/ },
  { kind: 'Tailscale key', shape: /tskey-[a-z]+-[\w-]{16,}/ },
  { kind: 'Cloudflare key', shape: /v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}/ },
  { kind: 'age key', shape: /AGE-SECRET-KEY-1[0-9A-Z]{40,}/ },
  { kind: 'Gatehouse token', shape: /gate_[\w-]{32,}/ },
];

/** Ends of names under which a secret is kept; `_`, `-`, `.` and case do not count. */
const SECRET_ENDS = [
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'secretkey',
  'accesskey',
  'secretaccesskey',
  'privatekey',
  'encryptionkey',
  'signingkey',
  'apikey',
  'apitoken',
  'authkey',
  'masterkey',
  'accountkey',
  'sharedaccesskey',
  'storagekey',
  'authorization',
  'credential',
  'cookie',
  'bearer',
  'connectionstring',
  'token',
  'secrets',
  'passwords',
  'apikeys',
  'otp',
  'totp',
  'pincode',
  'mnemonic',
  'seedphrase',
  'signature',
];
/** Names that end like one and hold none. */
const HARMLESS =
  /(?:page|next|prev|previous|continuation|continue|progress|sync|cancel|cancellation|start|end|stop|eos|bos|pad|unk|mask)token$/;
/** Whole names that are too short to be looked for at the end of others. */
const SECRET_NAMES: ReadonlySet<string> = new Set(['pass', 'pin', 'sig', 'jwt', 'auth', 'xapikey', 'psk']);

/** So many names are remembered. */
const NAMES_KEPT = 2_000;

/** A test of names; `more` are names that the user has added, compared without case and punctuation. */
export function secretNames(more: readonly string[]): (name: string) => boolean {
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const own = new Set(more.map(plain));
  const judge = (text: string): boolean => {
    if (own.has(text) || SECRET_NAMES.has(text)) return true;
    return SECRET_ENDS.some((end) => text.endsWith(end)) && !HARMLESS.test(text);
  };
  // Names come back in every message.
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const secret = judge(plain(name));
    if (known.size >= NAMES_KEPT) known.clear();
    known.set(name, secret);
    return secret;
  };
}

/** What a name must hold to be worth the question. */
export const NAME_HINT =
  'pass|pwd|secret|token|key|auth|cred|cookie|bearer|connectionstring|otp|pin|sig|jwt|mnemonic|seed|psk';

/** Shortest run of characters that is judged by its randomness. */
export const RANDOM_LENGTH = 20;
/** So long a run is data, not a secret: a picture, a hash tree, a compressed file. */
export const DATA_LENGTH = 400;

const UUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;
/** Hash values, and what is made of digits only, are public more often than secret. */
const PLAIN = /^(?:[0-9a-f]+|[0-9A-F]+|[\d._:/+-]+|(?:sha\d{1,3}|md5)-[\w+/=]+)$/;

/**
 * Whether a run of `[A-Za-z0-9+/_=-]` looks drawn by lot: many different characters of several kinds, and not made of
 * words. Hash values in hex, UUIDs, paths and names in any spelling are left.
 */
export function looksRandom(run: string): boolean {
  if (run.length < RANDOM_LENGTH || UUID.test(run) || PLAIN.test(run)) return false;
  const kinds = Number(/[a-z]/.test(run)) + Number(/[A-Z]/.test(run)) + Number(/\d/.test(run));
  if (kinds < 2) return false;
  if (hasRandomSegment(run)) return true;
  // Two kinds alone are what names have; random text of two kinds has many turns between them.
  const turns = turnsIn(run) / run.length;
  if (turns < (kinds === 3 ? 0.3 : 0.34)) return false;
  const words = run.split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  if (words.length > 1 && words.every(isWordLike)) return false;
  return entropyOf(run) >= (kinds === 3 ? 3.6 : 3.4);
}

/** The same of one part of a path or an address. */
function hasRandomSegment(run: string): boolean {
  return (
    run.includes('/') &&
    run.split('/').some((part) => part.length >= 24 && part.length < run.length && looksRandom(part))
  );
}

/** One part of a name: a word, a number, or words written together. */
function isWordLike(part: string): boolean {
  return (
    part.length <= 3 ||
    /^(?:[A-Z]?[a-z]+|[A-Z]+|\d+|[A-Za-z]?\d{1,4}|[a-z]+\d{1,4}|(?:[A-Z]?[a-z]{2,}){2,}\d{0,3})$/.test(part)
  );
}

/** How often the kind of character changes: small, large, digit, other. */
function turnsIn(run: string): number {
  let turns = 0;
  let before = kindAt(run, 0);
  for (let at = 1; at < run.length; at += 1) {
    const kind = kindAt(run, at);
    // A capital before small letters is how words are written together.
    if (kind !== before && !(before === 1 && kind === 0)) turns += 1;
    before = kind;
  }
  return turns;
}

function kindAt(run: string, at: number): 0 | 1 | 2 | 3 {
  const code = run.charCodeAt(at);
  if (code >= 97 && code <= 122) return 0;
  if (code >= 65 && code <= 90) return 1;
  return code >= 48 && code <= 57 ? 2 : 3;
}

/** Shannon entropy in bits a character. */
function entropyOf(run: string): number {
  const counts = new Uint16Array(128);
  for (let at = 0; at < run.length; at += 1)
    counts[run.charCodeAt(at) & 127] = (counts[run.charCodeAt(at) & 127] ?? 0) + 1;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / run.length) * Math.log2(count / run.length);
  return bits;
}
