import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../main/protocol/redact.ts';
import { anyText } from '../fakes/any-text.ts';

/** Made from pieces, so that no scanner of this repository takes them for real ones. */
const letters = (length: number, alphabet = 'aZ3bY9cX7dW1eV5fU2gT8hS4iR6jQ0kP'): string =>
  Array.from({ length }, (_, index) => alphabet[(index * 7 + (index >> 3)) % alphabet.length]).join('');
const hex = (length: number): string => letters(length, '0a1b2c3d4e5f6789');
const caps = (length: number): string => letters(length, 'A1B2C3D4E5F6G7H8J9K0');

const tokens: Readonly<Record<string, string>> = {
  'AWS access key': `AKIA${caps(16)}`,
  'AWS temporary key': `ASIA${caps(16)}`,
  'Google API key': `AIza${letters(35)}`,
  'Google OAuth': `ya29.${letters(60)}`,
  'Google client secret': `GOCSPX-${letters(28)}`,
  'GitHub classic': `ghp_${letters(36)}`,
  'GitHub app': `ghs_${letters(36)}`,
  'GitHub fine-grained': `github_pat_${letters(22)}_${letters(59)}`,
  GitLab: `glpat-${letters(20)}`,
  'Slack bot': `xoxb-123456789012-123456789012-${letters(24)}`,
  'Slack app': `xapp-1-A012-${letters(40)}`,
  'Slack webhook': `https://hooks.slack.com/services/T0001/B0002/${letters(24)}`,
  'Discord webhook': `https://discord.com/api/webhooks/1234567890/${letters(60)}`,
  Telegram: `1234567890:AA${letters(33)}`,
  Stripe: `sk_live_${letters(24)}`,
  'Stripe webhook': `whsec_${letters(32)}`,
  OpenAI: `sk-${letters(48)}`,
  'OpenAI project': `sk-proj-${letters(60)}`,
  Anthropic: `sk-ant-api03-${letters(80)}`,
  'Hugging Face': `hf_${letters(34)}`,
  npm: `npm_${letters(36)}`,
  PyPI: `pypi-AgEIcHlwaS5vcmc${letters(60)}`,
  SendGrid: `SG.${letters(22)}.${letters(43)}`,
  Mailgun: `key-${hex(32)}`,
  Twilio: `SK${hex(32)}`,
  Shopify: `shpat_${hex(32)}`,
  DigitalOcean: `dop_v1_${hex(64)}`,
  Databricks: `dapi${hex(32)}`,
  Vault: `hvs.${letters(40)}`,
  Linear: `lin_api_${letters(40)}`,
  Notion: `ntn_${letters(46)}`,
  Figma: `figd_${letters(40)}`,
  Docker: `dckr_pat_${letters(27)}`,
  Tailscale: `tskey-auth-${letters(24)}`,
  age: `AGE-SECRET-KEY-1${caps(58)}`,
  JWT: `eyJ${letters(20)}.eyJ${letters(40)}.${letters(43)}`,
  'random base64': 'q8Zr2LkV0xTn5PwYc7Jd3MfHb1Gs9EaU',
  'random with slashes': 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzT4k9Q2mLp',
};

const redact = createRedactor();

describe('a secret known by its shape', () => {
  for (const [kind, secret] of Object.entries(tokens)) {
    it(`is hidden wherever it stands: ${kind}`, () => {
      const inner = secret.slice(-16);
      for (const text of [
        secret,
        JSON.stringify({ arguments: { text: `use ${secret} for it` } }),
        JSON.stringify({ outer: JSON.stringify({ list: [secret] }) }),
        `https://example.com/a?x=${secret}&b=2`,
        `line one\n${secret}\nline three`,
      ]) {
        const { text: shown, hidden } = redact(text);
        expect(shown).not.toContain(inner);
        expect(hidden).toBeGreaterThan(0);
      }
    });
  }

  it('leaves what stands around it', () => {
    expect(redact(`{"a":"copy ${tokens['GitHub classic']} to b","n":12345678901234567890}`).text).toBe(
      '{"a":"copy [hidden: GitHub token] to b","n":12345678901234567890}',
    );
  });

  it('hides private keys, whole or cut off', () => {
    for (const name of ['', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED ']) {
      const key = `-----BEGIN ${name}PRIVATE KEY-----\nMIIEow${letters(64)}\n-----END ${name}PRIVATE KEY-----`;
      for (const text of [key, JSON.stringify({ pem: key }), JSON.stringify({ pem: key }).slice(0, 60)]) {
        expect(redact(text).text).not.toContain('MIIEow');
      }
    }
    const pgp = `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQdG${letters(64)}\n-----END PGP PRIVATE KEY BLOCK-----`;
    expect(redact(pgp).text).not.toContain('lQdG');
  });

  it('is hidden where the text was cut off in the middle of it', () => {
    const text = JSON.stringify({ note: `the key is ${tokens['GitHub classic']}` });
    for (let end = 26; end < text.length; end += 1) {
      expect(redact(text.slice(0, end), true).text).not.toMatch(/ghp_\w/);
    }
  });

  it('is hidden when it is written with escapes', () => {
    const secret = tokens['GitHub classic'] ?? '';
    const escaped = [...secret].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join('');
    expect(redact(`{"a":"${escaped}"}`).text).toBe('{"a":"[hidden: GitHub token]"}');
    expect(redact('{"\\u0070assword":"hunter2"}').text).not.toContain('hunter2');
  });
});

describe('a value under a telling name', () => {
  const plain = 'hunter2 and more';
  for (const name of [
    'password',
    'db_password',
    'clientSecret',
    'client-secret',
    'API_KEY',
    'apiKey',
    'x-api-key',
    'access_token',
    'refreshToken',
    'aws_secret_access_key',
    'private_key',
    'Authorization',
    'Set-Cookie',
    'passphrase',
    'connectionString',
  ]) {
    it(`is hidden: ${name}`, () => {
      for (const text of [
        JSON.stringify({ [name]: plain, rest: 1 }),
        JSON.stringify({ [name]: `quo"te ${plain}` }, null, 2),
        JSON.stringify({ text: JSON.stringify({ [name]: plain }) }),
        JSON.stringify({ text: JSON.stringify({ text: JSON.stringify({ [name]: plain }) }) }),
        JSON.stringify({ [name]: [plain, plain] }),
        `{'${name}': '${plain}'}`,
        `${name}: ${plain}\nother: 1`,
        JSON.stringify({ text: `a: 1\n${name}: ${plain}\nb: 2` }),
        `${name}="${plain}"`,
        `"${name}" = "${plain}"`,
        `'${name}'='${plain}'`,
        JSON.stringify({ text: `[auth]\n"${name}" = "${plain}"` }),
        `${name}=hunter2&b=c`,
        `<${name}>${plain}</${name}>`,
        `--${name} hunter2 --verbose`,
        `--${name}=hunter2`,
        JSON.stringify({ [name]: plain }).slice(0, -6),
      ]) {
        expect(redact(text).text, text).not.toContain('hunter2');
      }
    });
  }

  it('keeps JSON valid, and numbers and lists beside it', () => {
    const value = {
      password: 'a"b\\',
      pin: 1234,
      max_tokens: 4096,
      nextPageToken: 'abc',
      token: '',
      list: [1, 2],
    };
    const { text, hidden } = redact(JSON.stringify(value));
    expect(JSON.parse(text)).toEqual({
      ...value,
      password: '[hidden: by name]',
      pin: '[hidden: by name]',
    });
    expect(hidden).toBe(2);
  });

  it('counts names that the user has added', () => {
    const own = createRedactor({ names: ['Customer Number'] });
    expect(own('{"customer_number":"K-778"}').text).not.toContain('K-778');
    expect(redact('{"customer_number":"K-778"}').text).toContain('K-778');
  });
});

describe('credentials in headers and addresses', () => {
  it('are hidden', () => {
    for (const text of [
      'curl -H "Authorization: Bearer abc123def456" https://x',
      'Proxy says Basic dXNlcjpodW50ZXIy',
      'postgres://admin:hunter2@db.example.com:5432/app',
      'mongodb+srv://u:hunter2@cluster0.example.net/?w=majority',
      'redis://:hunter2@localhost:6379/0',
      'https://user:hunter2@example.com/path',
      'Server=db;User Id=sa;Password=hunter2;Encrypt=true',
      'https://example.com/cb?code=1&access_token=hunter2#x',
    ]) {
      expect(redact(text).text, text).not.toMatch(/hunter2|abc123def456|dXNlcjpodW50ZXIy/);
    }
    expect(redact('postgres://admin:hunter2@db.example.com/app').text).toBe(
      'postgres://admin:[hidden: password]@db.example.com/app',
    );
  });
});

describe('a configured value', () => {
  it('is hidden in every spelling, whatever it looks like', () => {
    const value = 'my "odd" pass/word ü';
    const own = createRedactor({ values: [value, 'abc'] });
    for (const text of [
      value,
      JSON.stringify({ a: value }),
      JSON.stringify({ a: JSON.stringify({ b: value }) }),
      encodeURIComponent(value),
      Buffer.from(value).toString('base64'),
    ]) {
      expect(own(text)).toMatchObject({ hidden: 1 });
    }
    expect(own('abc def').text).toBe('abc def');
  });

  const word = 'horse/battery+9 ok!';
  const bytes = Buffer.from(word);
  const percent = encodeURIComponent(word);
  it.each([
    ['a form', new URLSearchParams({ a: word }).toString().slice(2)],
    ['an address in small letters', percent.replace(/%../g, (byte) => byte.toLowerCase())],
    ['JSON of PHP', word.replace('/', '\\/')],
    ['hexadecimal', bytes.toString('hex')],
    ['large hexadecimal', bytes.toString('hex').toUpperCase()],
    ['base64url', bytes.toString('base64url')],
    ...['u:', 'us:', 'usr:'].flatMap((user) => [
      [`base64 behind ${user}`, Buffer.from(`${user}${word}`).toString('base64')],
      [`base64 between ${user} and more`, Buffer.from(`${user}${word} and more`).toString('base64')],
      [`base64url behind ${user}`, Buffer.from(`${user}${word}x`).toString('base64url')],
    ]),
  ])('redaction-bypass: is hidden in %s', (_what, text) => {
    const { text: shown, hidden } = createRedactor({ values: [word] })(`a ${text} b`);
    expect(hidden, shown).toBeGreaterThan(0);
    // A few characters that other bytes have a part in may stay.
    expect(shown.replace(/\[hidden: [^\]]+\]/g, '').length, shown).toBeLessThan(4 + text.length / 2);
  });

  it('redaction-bypass: also among very many, in a time that grows no faster than they do', () => {
    const many = Array.from({ length: 1_000 }, (_, at) => `secret number ${at} of many`);
    const own = createRedactor({ values: many });
    const begun = performance.now();
    const filler = 'Some ordinary words, /home/ada/notes/file-12.md. '.repeat(200);
    const { text } = own(`${filler}${Buffer.from(many[777] ?? '').toString('hex')} ${many[3]}`);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(text.slice(filler.length)).toBe('[hidden: configured secret] [hidden: configured secret]');
  });

  it('never throws, whatever the value and the text', () => {
    fc.assert(
      fc.property(fc.array(anyText), anyText, (values, text) => {
        const { text: shown } = createRedactor({ values })(text);
        for (const value of values) if (value.length >= 8) expect(shown).not.toContain(value);
      }),
    );
  });
});

describe('what is no secret', () => {
  const harmless = [
    '{"path":"/home/ada/Projects/MyApplication2/src/components/NavigationBar.svelte"}',
    '{"id":"550e8400-e29b-41d4-a716-446655440000","sha":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}',
    '{"url":"https://github.com/modelcontextprotocol/typescript-sdk/blob/main/README.md"}',
    '{"package":"@modelcontextprotocol/server-sequential-thinking@2026.8.31"}',
    '{"at":"2026-11-21T10:15:30.123456+00:00","key":"","max_tokens":1024}',
    '{"name":"get_tool_definitions_for_all_registered_servers"}',
    '{"class":"AbstractSingletonProxyFactoryBeanConfiguration2"}',
    'The basic understanding of token numbers: a bearer of bad news.',
    'const isAuthenticated = checkAuthentication(userRepositoryFactory)',
    '{"text":"password policy: see the handbook","author":"Ada Lovelace"}',
    '{"integrity":"sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="}',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 11111111111111111111111111111111',
    'C:\\Users\\ada\\AppData\\Roaming\\Gatehouse\\logs\\server-files.log',
    '{"range":"1600x1200-1280x1024","query":"SELECT count(*) FROM customers_2026_archive"}',
  ];
  for (const text of harmless) {
    it(`stays: ${text.slice(0, 60)}`, () => expect(redact(text).text).toBe(text));
  }
});

it('long data becomes a note, and the cost stays in microseconds', () => {
  const image = letters(20_000);
  expect(redact(`{"data":"${image}"}`).text).toBe('{"data":"[data: 20000 characters]"}');
  // Nothing that a server sends may make an expression run away.
  const nasty = [
    '"'.repeat(16_000),
    '\\"'.repeat(8_000),
    'password='.repeat(1_700),
    'a://'.repeat(4_000),
    "'".repeat(16_000),
    `"a":${'['.repeat(16_000)}`,
    'pass: '.repeat(2_600),
    '-'.repeat(16_000),
    '-----BEGIN '.repeat(1_400),
    `<pass>${'<'.repeat(16_000)}`,
    `${' '.repeat(8_000)}pass`,
    `pass${' '.repeat(16_000)}:`,
    'a.'.repeat(8_000),
    `${'\n'.repeat(8_000)}key`,
    'bearer '.repeat(2_000),
    `://${':'.repeat(16_000)}`,
    `key${'\\'.repeat(16_000)}"`,
    `"key":"${'\\"'.repeat(8_000)}`,
    `\\"key\\":\\"${'\\\\\\"'.repeat(4_000)}`,
  ];
  for (const text of nasty) {
    const before = performance.now();
    redact(text);
    expect(performance.now() - before, text.slice(0, 20)).toBeLessThan(200);
  }
});
