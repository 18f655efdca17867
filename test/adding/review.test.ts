import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Around, proposalOf } from '../../main/adding/review.ts';
import type { ProposedServer } from '../../preload/views/adding.ts';

const around: Around = {
  env: (name) => (name === 'SET' ? 'x' : undefined),
  hasProgram: (command) => command !== 'nowhere',
  exists: (path) => path === '/home/me/notes' || path === '/home/me',
  mountable: (path) => path === '/home/me/notes' || path === '~/notes',
  contained: (command) =>
    command === 'docker'
      ? 'no image'
      : { image: 'node:22', files: 'no files', network: 'no network', limits: '' },
  engine: true,
  same: () => null,
};
const of = (entry: object, more: Partial<Around> = {}): ProposedServer =>
  proposalOf({ name: 'a', entry: { ...entry, quarantined: true } }, 'a', { ...around, ...more });
const checks = (entry: object, more: Partial<Around> = {}): string[] =>
  of(entry, more).checks.map(({ id, what }) => `${id} ${what}`);
const lineOf = ({ line }: ProposedServer): string =>
  line.map(({ kind, text }) => (kind === 'hidden' ? '[hidden]' : text)).join('');

describe('where it comes from', () => {
  it.each([
    ['npx', ['-y', '@a/b-mcp@1.2.3'], { kind: 'npm', what: '@a/b-mcp', version: '1.2.3' }],
    ['npx', ['--package=@a/b', '-y', 'b'], { kind: 'npm', what: '@a/b', version: null }],
    ['npx', ['-y', 'b@latest'], { kind: 'npm', what: 'b', version: null }],
    ['C:\\nodejs\\npx.cmd', ['b'], { kind: 'npm', what: 'b', version: null }],
    ['cmd', ['/c', 'npx', '-y', 'b'], { kind: 'npm', what: 'b', version: null }],
    ['uvx', ['--from', 'a==1.0', 'b'], { kind: 'pypi', what: 'a', version: '1.0' }],
    ['uvx', ['--python', '3.12', 'a@2.0'], { kind: 'pypi', what: 'a', version: '2.0' }],
    ['pipx', ['run', 'a'], { kind: 'pypi', what: 'a', version: null }],
    [
      'docker',
      ['run', '-i', '--rm', '-e', 'K', '--name=x', 'r.io/a/b:1.0', 'serve'],
      { kind: 'image', what: 'r.io/a/b', version: '1.0' },
    ],
    [
      'docker',
      ['run', '-v', '/a:/b', 'localhost:5000/a'],
      { kind: 'image', what: 'localhost:5000/a', version: null },
    ],
    ['node', ['--no-warnings', '/srv/x.js'], { kind: 'file', what: '/srv/x.js', version: null }],
    [
      'node',
      ['/x/node_modules/@a/b/dist/i.js'],
      { kind: 'file', what: '/x/node_modules/@a/b/dist/i.js', version: null },
    ],
    ['/opt/notes', [], { kind: 'file', what: '/opt/notes', version: null }],
    ['notes', [], { kind: 'program', what: 'notes', version: null }],
  ])('%s %j', (command, args, origin) => {
    expect(of({ command, args }).origin).toEqual(origin);
  });
});

describe('its line', () => {
  it('shows everything but keys', () => {
    const server = of({
      command: 'npx',
      args: ['-y', 'pg-mcp', '--token', 'sk-live-3fA9xQ27LmZpR4tY8uWc'],
      env: {
        DATABASE_URI: 'postgresql://me:hunter2hunter@db.internal/shop',
        API_KEY: 'abcd1234',
        MODE: 'fast',
      },
    });
    expect(lineOf(server)).toBe(
      'npx -y pg-mcp --token [hidden]\nDATABASE_URI=postgresql://me:[hidden]@db.internal/shop\nAPI_KEY=[hidden]\nMODE=fast',
    );
  });

  it('never holds a value of a variable or header that is named like a key, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('env', 'headers'),
        fc.constantFrom(
          'API_KEY',
          'Authorization',
          'GITHUB_TOKEN',
          'client_secret',
          'X-Api-Key',
          'DB_PASSWORD',
        ),
        fc
          .string({ minLength: 6, maxLength: 60 })
          .filter((text) => text.trim().length > 5 && !text.includes('${')),
        (group, name, value) => {
          const key = `q${value}q`;
          const server = of({ command: 'npx', args: ['b'], [group]: { [name]: key } });
          expect(JSON.stringify(server)).not.toContain(JSON.stringify(key).slice(1, -1));
        },
      ),
    );
  });
});

describe('what is to be known before', () => {
  it('of programs', () => {
    expect(checks({ command: 'npx', args: ['b@1.0'] })).toEqual(['pinned 1.0']);
    expect(checks({ command: 'npx', args: ['b'] })).toEqual(['unpinned b']);
    expect(checks({ command: 'nowhere', args: [] })).toEqual(['no-program nowhere']);
    expect(checks({ command: 'bash', args: ['-lc', 'x | y'] })).toEqual(['shell bash']);
    expect(checks({ command: 'cmd', args: ['/c', 'npx', 'b@1'] })).toEqual(['pinned 1']);
    expect(checks({ command: 'x', args: ['/path/to/notes', '/home/me/notes'] })).toEqual([
      'placeholder /path/to/notes',
    ]);
    expect(
      checks({ command: 'docker', args: ['run', '--privileged', '-v', '/var/run/docker.sock:/s', 'a:1'] }),
    ).toEqual(['container-flags --privileged', 'container-flags /var/run/docker.sock:/s', 'pinned 1']);
    expect(checks({ command: 'x' }, { same: () => 'old' })).toEqual(['same old']);
  });

  it('of addresses', () => {
    expect(checks({ url: 'https://mcp.example.com/mcp' })).toEqual([]);
    expect(checks({ url: 'http://mcp.example.com/mcp' })).toEqual(['no-tls mcp.example.com']);
    expect(checks({ url: 'http://localhost:8000/mcp' })).toEqual([]);
    for (const host of [
      'db.internal',
      '10.1.2.3',
      '172.20.0.1',
      '192.168.1.7',
      '169.254.169.254',
      '[fd00::1]',
      'nas',
    ])
      expect(checks({ url: `https://${host}/mcp` }), host).toEqual([
        `own-network ${host.replace(/[[\]]/g, '')}`,
      ]);
    expect(checks({ url: 'https://172.32.0.1/mcp' })).toEqual([]);
  });

  it('stolen-secret: of what is kept on this computer and would be given to it', () => {
    expect(
      checks({
        url: 'https://mcp.example.com/mcp',
        headers: { 'X-Trace': 'a ${keyring:github} ${keyring:github}', Plain: '$${keyring:none}' },
        oauth: { clientSecret: '${keyring:crm}' },
      }),
    ).toEqual(['uses-secret github', 'uses-secret crm']);
    expect(checks({ command: 'x', args: ['${keyring:a}'] })).toEqual(['uses-secret a']);
  });

  it('stolen-variable: of variables of this computer that look like secrets, wherever they stand', () => {
    const entry = {
      url: 'https://mcp.example.com/mcp?t=${env: AWS_SECRET_ACCESS_KEY }',
      headers: {
        'X-Trace': 'a ${env:GITHUB_TOKEN} ${env:GITHUB_TOKEN} ${env:HOME}',
        Plain: '$${env:NPM_TOKEN}',
      },
    };
    expect(checks(entry)).toEqual(['uses-variable AWS_SECRET_ACCESS_KEY', 'uses-variable GITHUB_TOKEN']);
    expect(checks({ command: 'x', args: ['${env:DB_PASSWORD}'] })).toEqual(['uses-variable DB_PASSWORD']);
  });

  it('what it still needs from its user', () => {
    const { values } = of({
      command: 'npx',
      args: ['b'],
      env: { GITHUB_TOKEN: '<your token>', NONE: '', A: '${env:SET}', B: '${env:UNSET}', C: 'given' },
    });
    expect(values.map(({ name, key, state }) => [name, key, state])).toEqual([
      ['GITHUB_TOKEN', true, 'missing'],
      ['NONE', false, 'missing'],
      ['A', false, 'given'],
      ['B', false, 'missing'],
      ['C', false, 'given'],
    ]);
    const [header] = of({ url: 'https://a.b/mcp', headers: { Authorization: 'Bearer YOUR_TOKEN' } }).values;
    expect(header).toMatchObject({ place: 'headers.Authorization', key: true, state: 'missing' });
  });
});

describe('where it would run', () => {
  it('in a container where there is an engine and an image, else here', () => {
    expect(of({ command: 'npx', args: ['b'] })).toMatchObject({ place: 'container', notContained: null });
    expect(of({ command: 'npx', args: ['b'] }, { engine: false })).toMatchObject({ place: 'host' });
    expect(of({ command: 'docker', args: ['run', 'b'] })).toMatchObject({
      place: 'host',
      contained: null,
      notContained: 'no image',
    });
    expect(of({ url: 'https://a.b/mcp' })).toMatchObject({ place: 'remote', local: false });
  });

  it('names the folders that its arguments name and that are there', () => {
    const args = [
      'b',
      '/home/me/notes',
      '--dir=~/notes',
      '/nowhere',
      '/home/me',
      'relative/x',
      '/home/me/notes',
    ];
    expect(of({ command: 'npx', args }).paths).toEqual(['/home/me/notes', '~/notes']);
  });
});
