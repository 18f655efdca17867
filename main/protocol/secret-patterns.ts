/**
 * What secrets look like: the tokens of services by their fixed beginnings, the names under which people keep secrets,
 * and text too random to have been written by anybody. Data and pure tests for `redact.ts`.
 */

/** One kind of secret that is known by its shape. Looked for in runs of token characters only, so it may be unanchored. */
export interface SecretShape {
  /** Short and plain, for the mark that takes the secret's place. */
  readonly kind: string;
  readonly shape: RegExp;
  /** Texts of which each match holds one: looking for them is far cheaper than trying all shapes. */
  readonly marks: readonly string[];
  /** What else stands around a mark that is common by itself. */
  readonly around?: (run: string, at: number) => boolean;
}

/** Services whose tokens have a shape of their own. No flags: the first hit decides. */
export const SHAPES: readonly SecretShape[] = [
  { kind: 'JWT', shape: /eyJ[\w-]{8,}\.eyJ[\w-]{4,}(?:\.[\w-]*)?/, marks: ['eyJ'] },
  {
    kind: 'AWS key',
    shape: /(?:^|[^A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/,
    marks: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
  },
  { kind: 'AWS key', shape: /ABSK[A-Za-z0-9+/]{60,}/, marks: ['ABSK'] },
  { kind: 'Google key', shape: /AIza[\w-]{35}/, marks: ['AIza'] },
  {
    kind: 'Google token',
    shape: /ya29\.[\w-]{16,}|GOCSPX-[\w-]{20,}|1\/\/0[\w-]{20,}/,
    marks: ['ya29.', 'GOCSPX-', '1//0'],
  },
  { kind: 'Azure key', shape: /[\w~.-]{3}8Q~[\w~.-]{31,34}/, marks: ['8Q~'] },
  {
    kind: 'GitHub token',
    shape: /gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}/,
    marks: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
  },
  {
    kind: 'GitLab token',
    shape: /gl(?:pat|ptt|rt|cbt|dt|oas|ft|imt|agent|soat|ffct)-[\w.-]{18,}/,
    marks: [
      'glpat-',
      'glptt-',
      'glrt-',
      'glcbt-',
      'gldt-',
      'gloas-',
      'glft-',
      'glimt-',
      'glagent-',
      'glsoat-',
      'glffct-',
    ],
  },
  { kind: 'Bitbucket token', shape: /ATBB[A-Za-z0-9=_]{28,}/, marks: ['ATBB'] },
  { kind: 'Atlassian token', shape: /ATATT3[\w=-]{50,}/, marks: ['ATATT3'] },
  { kind: 'Slack token', shape: /xox[abcdeoprs]-[\w-]{10,}|xapp-\d-[\w-]{10,}/, marks: ['xox', 'xapp-'] },
  {
    kind: 'Slack webhook',
    shape: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/+-]{20,}/,
    marks: ['hooks.slack.com/'],
  },
  {
    kind: 'Discord webhook',
    shape: /discord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]{20,}/,
    marks: ['/api/webhooks/'],
  },
  {
    kind: 'Discord token',
    shape: /[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}/,
    marks: ['.'],
    around: (run, at) => run[at + 7] === '.',
  },
  { kind: 'Telegram token', shape: /\d{8,10}:AA[\w-]{32,}/, marks: [':AA'] },
  { kind: 'Anthropic key', shape: /sk-ant-[\w-]{16,}/, marks: ['sk-ant-'] },
  { kind: 'OpenRouter key', shape: /sk-or-v1-[0-9a-f]{32,}/, marks: ['sk-or-v1-'] },
  {
    kind: 'OpenAI key',
    shape: /(?:^|[^A-Za-z0-9])sk-(?:proj-|svcacct-|admin-|None-)?[\w-]{20,}/,
    marks: ['sk-'],
  },
  {
    kind: 'Stripe key',
    shape: /(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{16,}/,
    marks: ['_live_', '_test_', 'whsec_'],
  },
  {
    kind: 'Hugging Face token',
    shape: /hf_[A-Za-z0-9]{30,}|api_org_[A-Za-z0-9]{30,}/,
    marks: ['hf_', 'api_org_'],
  },
  { kind: 'Groq key', shape: /gsk_[A-Za-z0-9]{32,}/, marks: ['gsk_'] },
  { kind: 'xAI key', shape: /xai-[A-Za-z0-9]{32,}/, marks: ['xai-'] },
  { kind: 'Perplexity key', shape: /pplx-[A-Za-z0-9]{32,}/, marks: ['pplx-'] },
  { kind: 'Replicate token', shape: /r8_[A-Za-z0-9]{30,}/, marks: ['r8_'] },
  { kind: 'Fireworks key', shape: /(?:^|[^A-Za-z0-9])fw_[A-Za-z0-9]{20,}/, marks: ['fw_'] },
  { kind: 'npm token', shape: /npm_[A-Za-z0-9]{30,}/, marks: ['npm_'] },
  { kind: 'PyPI token', shape: /pypi-[\w-]{40,}/, marks: ['pypi-'] },
  { kind: 'RubyGems key', shape: /rubygems_[0-9a-f]{40,}/, marks: ['rubygems_'] },
  { kind: 'Docker token', shape: /dckr_(?:pat|oat)_[\w-]{20,}/, marks: ['dckr_'] },
  { kind: 'SendGrid key', shape: /SG\.[\w-]{16,}\.[\w-]{16,}/, marks: ['SG.'] },
  { kind: 'Mailgun key', shape: /(?:^|[^A-Za-z0-9])key-[0-9a-f]{32}/, marks: ['key-'] },
  { kind: 'Mailchimp key', shape: /[0-9a-f]{32}-us\d{1,2}(?!\w)/, marks: ['-us'] },
  { kind: 'Twilio key', shape: /(?:^|[^A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/, marks: ['SK'] },
  {
    kind: 'Shopify token',
    shape: /shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/,
    marks: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
  },
  { kind: 'Square token', shape: /sq0(?:atp|csp|idp)-[\w-]{22,}|EAAA[\w-]{60}/, marks: ['sq0', 'EAAA'] },
  { kind: 'DigitalOcean token', shape: /do[opr]_v1_[0-9a-f]{64}/, marks: ['doo_v1_', 'dop_v1_', 'dor_v1_'] },
  { kind: 'Linear key', shape: /lin_(?:api|oauth)_[A-Za-z0-9]{32,}/, marks: ['lin_'] },
  { kind: 'Notion token', shape: /ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43}/, marks: ['ntn_', 'secret_'] },
  { kind: 'Figma token', shape: /fig[dou]_[\w-]{30,}/, marks: ['figd_', 'figo_', 'figu_'] },
  { kind: 'Airtable token', shape: /pat[A-Za-z0-9]{14}\.[0-9a-f]{64}/, marks: ['pat'] },
  {
    kind: 'Asana token',
    shape: /\d\/\d{10,}(?:\/\d{10,})?:[0-9a-f]{32}/,
    marks: ['/'],
    around: (run, at) => run.charCodeAt(at + 1) < 0x3a && run.charCodeAt(at + 10) < 0x3a,
  },
  { kind: 'Databricks token', shape: /dapi[0-9a-f]{32}/, marks: ['dapi'] },
  { kind: 'Vault token', shape: /hv[sbr]\.[\w-]{20,}/, marks: ['hvs.', 'hvb.', 'hvr.'] },
  { kind: 'Terraform token', shape: /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}/, marks: ['.atlasv1.'] },
  { kind: 'Grafana token', shape: /gl(?:c|sa)_[\w+/=]{30,}/, marks: ['glc_', 'glsa_'] },
  { kind: 'New Relic key', shape: /NRAK-[A-Z0-9]{24,}/, marks: ['NRAK-'] },
  { kind: 'Sentry token', shape: /sntry[su]_[\w+/=-]{30,}/, marks: ['sntrys_', 'sntryu_'] },
  { kind: 'Postman key', shape: /PMAK-[0-9a-f]{20,}-[0-9a-f]{30,}/, marks: ['PMAK-'] },
  { kind: 'Doppler token', shape: /dp\.(?:pt|st|ct|sa)\.[\w.-]{30,}/, marks: ['dp.'] },
  { kind: 'PlanetScale token', shape: /pscale_(?:tkn|pw|oauth)_[\w.=-]{30,}/, marks: ['pscale_'] },
  { kind: 'Supabase token', shape: /sb(?:p|_secret)_[\w-]{20,}/, marks: ['sbp_', 'sb_secret_'] },
  { kind: 'Tailscale key', shape: /tskey-[a-z]+-[\w-]{16,}/, marks: ['tskey-'] },
  { kind: 'Cloudflare key', shape: /v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}/, marks: ['v1.0-'] },
  { kind: 'age key', shape: /AGE-SECRET-KEY-1[0-9A-Z]{40,}/, marks: ['AGE-SECRET-KEY-1'] },
  { kind: 'Gatehouse token', shape: /gate_[\w-]{32,}/, marks: ['gate_'] },
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
const PUBLIC_HASH = /^(?:sha\d{1,3}|md5)-[\w+/=]+$/;

/** What a character is, by its code: its kind in the lowest two bits, and the alphabets that it belongs to. */
const SMALL = 0;
const CAPITAL = 1;
const DIGIT = 2;
const OTHER = 3;
const HEX = 4;
const HEX_CAPITALS = 8;
const NUMBERS = 16;
const CHARS = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  const kind = /[a-z]/.test(char) ? SMALL : /[A-Z]/.test(char) ? CAPITAL : /\d/.test(char) ? DIGIT : OTHER;
  return (
    kind +
    (/[0-9a-f]/.test(char) ? HEX : 0) +
    (/[0-9A-F]/.test(char) ? HEX_CAPITALS : 0) +
    (/[\d._:/+-]/.test(char) ? NUMBERS : 0)
  );
});

/**
 * Whether a run of `[A-Za-z0-9+/_=-]` looks drawn by lot: many different characters of several kinds, and not made of
 * words. Hash values in hex, what is made of digits only, UUIDs, paths and names in any spelling are left: they are public
 * more often than secret.
 */
export function looksRandom(run: string): boolean {
  const { length } = run;
  if (length < RANDOM_LENGTH || ((length === 36 || length === 38 || length === 37) && UUID.test(run)))
    return false;
  // One walk for all that is asked of single characters.
  let alphabets = HEX | HEX_CAPITALS | NUMBERS;
  let kindsSeen = 0;
  let turns = 0;
  let before = -1;
  let segments = false;
  for (let at = 0; at < length; at += 1) {
    const code = run.charCodeAt(at);
    const char = code < 128 ? (CHARS[code] ?? OTHER) : OTHER;
    const kind = char & 3;
    alphabets &= char;
    kindsSeen |= 1 << kind;
    // A capital before small letters is how words are written together.
    if (kind !== before && before !== -1 && !(before === CAPITAL && kind === SMALL)) turns += 1;
    before = kind;
    if (code === 0x2f) segments = true;
  }
  if (alphabets !== 0 || ((run[0] === 's' || run[0] === 'm') && PUBLIC_HASH.test(run))) return false;
  const kinds = (kindsSeen & 1) + ((kindsSeen >> 1) & 1) + ((kindsSeen >> 2) & 1);
  if (kinds < 2) return false;
  if (segments && hasRandomSegment(run)) return true;
  // Two kinds alone are what names have; random text of two kinds has many turns between them.
  if (turns / length < (kinds === 3 ? 0.3 : 0.34)) return false;
  if ((kindsSeen & (1 << OTHER)) !== 0 && isMadeOfWords(run)) return false;
  return entropyOf(run) >= (kinds === 3 ? 3.6 : 3.4);
}

/** The same of one part of a path or an address. */
function hasRandomSegment(run: string): boolean {
  return run.split('/').some((part) => part.length >= 24 && part.length < run.length && looksRandom(part));
}

function isMadeOfWords(run: string): boolean {
  const words = run.split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  return words.length > 1 && words.every(isWordLike);
}

/** One part of a name: a word, a number, or words written together. There is one way at most to match each text. */
function isWordLike(part: string): boolean {
  return (
    part.length <= 3 ||
    /^(?:[A-Z]?[a-z]+|[A-Z]+|\d+|[A-Za-z]?\d{1,4}|[a-z]+\d{1,4}|[A-Z]?(?:[a-z]{4,}|[a-z]{2,}(?:[A-Z][a-z]{2,})+)\d{0,3})$/.test(
      part,
    )
  );
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
