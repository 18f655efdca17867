/**
 * Every sentence of the core that a screen can show is there in every language: problems by their codes, what the scanner
 * and the Doctor say. The lists are held to the source, so that a new code without its sentences fails here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FOUND } from '../../main/commands/checks.ts';
import { CONTAINED } from '../../main/isolation/sentences.ts';
import { GatehouseError, problemOf } from '../../main/protocol/error.ts';
import { EVIDENCE } from '../../main/trust/scanner/evidence.ts';
import { SENTENCES } from '../../main/trust/scanner/finding.ts';
import { exitError } from '../../main/upstreams/diagnosis.ts';
import type { Problem } from '../../preload/contract.ts';
import { languages } from '../../preload/views/language.ts';
import { type CoreCatalog, sayProblem, sayText } from '../../renderer/i18n/core-speech.ts';
import { coreTexts } from '../../renderer/i18n/core-texts.ts';
import { loadCore } from '../../renderer/i18n/languages.ts';
import { detailed, problems } from '../../renderer/i18n/problems.ts';
import { errorsInSource, type SaidAt } from './errors-in-source.ts';
import { seenElsewhere } from './seen-elsewhere.ts';

const others = languages.filter((language) => language !== 'en');
const listed: Readonly<Record<string, string>> = problems;
const namesIn = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((found) => String(found[1])))].toSorted();
const codeOf = (key: string): string => key.split('/')[0] ?? key;
const isElsewhere = (code: string): boolean => seenElsewhere.some(({ codes }) => codes.test(code));

async function catalogOf(language: (typeof others)[number]): Promise<CoreCatalog> {
  const catalog = await loadCore(language);
  if (catalog === null) throw new Error(`${language} has no words for the core`);
  return catalog;
}

/** What is wrong with a language's sentences, a line each. */
function faults({ problems: said, texts }: Pick<CoreCatalog, 'problems' | 'texts'>): string[] {
  const sources = { ...listed, ...coreTexts };
  const told: Readonly<Record<string, readonly string[]>> = {
    ...said,
    ...Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, [text]])),
  };
  return [
    ...Object.keys(told)
      .filter((key) => !Object.hasOwn(sources, key))
      .map((key) => `${key} is not in the list`),
    ...Object.entries(sources).flatMap(([key, values]) => {
      const sentences = told[key];
      if (sentences === undefined) return [`${key} is missing`];
      const names = namesIn(sentences.join(' '));
      return [
        ...(String(names) === String(namesIn(values))
          ? []
          : [`${key} says ${names}, not ${namesIn(values)}`]),
        ...(sentences.every((text) => text.trim() === text && text !== '')
          ? []
          : [`${key} has no clean text`]),
      ];
    }),
  ];
}

describe('every language', () => {
  test.each(others)('%s has every sentence of the core, with its values', async (language) => {
    expect(faults(await catalogOf(language))).toEqual([]);
  });

  test('and one that had not would be found', async () => {
    const { problems: said, texts } = await catalogOf('de');
    const { 'upstream.refused': _gone, ...short } = said;
    const broken = { ...short, 'signin.timeout': ['{server}', 'x'], 'x.y': ['x', 'y'] };
    expect(faults({ problems: broken as unknown as typeof said, texts })).toEqual([
      'x.y is not in the list',
      'upstream.refused is missing',
      'signin.timeout says server, not minutes,server',
    ]);
  });

  test.each(others)('%s leaves no sentence in English', async (language) => {
    const catalog = await catalogOf(language);
    const english = Object.values({ ...SENTENCES, ...EVIDENCE, ...CONTAINED }) as string[];
    const said = errorsInSource().flatMap(({ message, remedy }) => [message ?? '', remedy ?? '']);
    const left = [...Object.values(catalog.problems).flat(), ...Object.values(catalog.texts)].filter(
      (text) => english.includes(text) || said.includes(text),
    );
    expect(left).toEqual([]);
  });
});

/** What the source says that a screen could not say in another language, a line each. */
function unsaid(sites: readonly SaidAt[]): string[] {
  const first = new Map<string, SaidAt>();
  return sites.flatMap((site) => {
    const { code, form, values, message } = site;
    if (isElsewhere(code)) return [];
    if (form === '?') return unsaidForms(site, sites);
    const key = form === null ? code : `${code}/${form}`;
    const at = `${key} (${site.file}:${site.line})`;
    if (!Object.hasOwn(listed, key)) return [`${at} is not in the list`];
    const needed = namesIn(listed[key] ?? '');
    const missing = needed.filter((name) => values !== null && !values.includes(name));
    const surplus = (values ?? []).filter((name) => !needed.includes(name));
    const general = detailed.has(key);
    const twin = first.get(key) ?? site;
    first.set(key, twin);
    return [
      ...missing.map((name) => `${at} gives no {${name}}`),
      ...(general ? [] : surplus.map((name) => `${at} gives {${name}}, which is not said`)),
      ...(general || message === twin.message ? [] : [`${at} is also said at ${twin.file}:${twin.line}`]),
      ...(general || message !== null || COUNTED.has(key) ? [] : [`${at} is put together without values`]),
    ];
  });
}

/** Of a site whose form is worked out while it runs: forms for which no such site gives the values. */
function unsaidForms({ code, file, line }: SaidAt, sites: readonly SaidAt[]): string[] {
  const forms = Object.keys(listed).filter((key) => key.startsWith(`${code}/`));
  const given = sites.filter((site) => site.code === code).map(({ values }) => values);
  const fits = (key: string): boolean =>
    given.some((names) => names === null || namesIn(listed[key] ?? '').every((name) => names.includes(name)));
  return [
    ...(forms.length > 0 ? [] : [`${code} (${file}:${line}) has no forms in the list`]),
    ...forms.filter((key) => !fits(key)).map((key) => `nothing gives the values of ${key}`),
  ];
}

/** Said with a number, or a word that does not matter in other languages, put in by hand. */
const COUNTED = new Set([
  'activity.calls_lost',
  'activity.calls_lost/one',
  'app.program_missing',
  'trust.file_restored/switches',
]);

describe('the source', () => {
  const sites = errorsInSource().filter(
    ({ file }) => !file.startsWith('main/commands/') || file === 'main/commands/checks.ts',
  );

  test('says nothing that a screen could not say in another language', () => {
    expect(sites.length).toBeGreaterThan(200);
    expect(unsaid(sites)).toEqual([]);
  });

  test('and what it could not say would be found', () => {
    const site = { file: 'x.ts', line: 1, form: null, message: 'x', remedy: 'y', values: [] };
    expect(unsaid([{ ...site, code: 'upstream.brand_new' }])).toEqual([
      'upstream.brand_new (x.ts:1) is not in the list',
    ]);
    expect(unsaid([{ ...site, code: 'upstream.unknown' }])).toEqual([
      'upstream.unknown (x.ts:1) gives no {server}',
    ]);
    expect(unsaid([{ ...site, code: 'upstream.stopped', message: null }])).toEqual([
      'upstream.stopped (x.ts:1) is put together without values',
    ]);
  });

  test('every code of docs/errors.md has its sentences, or a reason why no screen shows it', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
    const codes = [...page.matchAll(/^\| `([a-z]+\.[a-z0-9_]+)` \|/gm)].map((match) => match[1] ?? '');
    const said = new Set(Object.keys(problems).map(codeOf));
    expect(codes.length).toBeGreaterThan(300);
    expect(codes.filter((code) => !said.has(code) && !isElsewhere(code))).toEqual([]);
    expect([...said].filter((code) => isElsewhere(code))).toEqual([]);
    for (const { codes: known, because } of seenElsewhere) {
      expect(
        codes.some((code) => known.test(code)),
        String(known),
      ).toBe(true);
      expect(because).not.toBe('');
    }
  });

  test('the findings, the Doctor’s words and those of containment are those of the core', () => {
    const of = (prefix: string, words: Readonly<Record<string, string>>): string[] =>
      Object.entries(words).map(([form, text]) => `${prefix}.${form} ${namesIn(text)}`);
    const core = [
      ...of('finding', SENTENCES),
      ...of('evidence', EVIDENCE),
      ...of('found', FOUND),
      ...of('contained', CONTAINED),
    ];
    const known = Object.entries(coreTexts)
      .filter(([key]) => !key.startsWith('store.') && key !== 'finding.name.unlisted')
      .map(([key, values]) => `${key} ${namesIn(values)}`);
    expect(known.toSorted()).toEqual(core.toSorted());
  });
});

/** Lines that show a problem's English texts as they are. */
function raw(text: string): string[] {
  const texts =
    /\b(?!(?:parsed|view\.error|trouble|words|e)\b)[\w.]*(?:problem|error|failure|locked|why|notSaved)\)?\??\.(?:message|remedy)\b/;
  return text
    .split('\n')
    .filter((line) => texts.test(line.replace(/said\([^)]*\)\.(?:message|remedy)/g, '')));
}

describe('screens', () => {
  const renderer = join(import.meta.dirname, '../../renderer');
  const files = readdirSync(renderer, { recursive: true, withFileTypes: true })
    .filter(({ name, parentPath }) => /\.(svelte|ts)$/.test(name) && !/\/(dev|i18n)$/.test(parentPath))
    .map(({ name, parentPath }) => join(parentPath, name));
  /** The report is the command line's; an answer to a call is shown as the client would get it. */
  const inEnglish = ['state/doctor.ts', 'parts/TryAnswer.svelte', 'state/editing.ts'];

  test('show no problem in English only', () => {
    const found = files
      .filter((file) => !inEnglish.some((one) => file.endsWith(one)))
      .flatMap((file) => raw(readFileSync(file, 'utf8')).map((line) => `${file}: ${line.trim()}`));
    expect(files.length).toBeGreaterThan(150);
    expect(found).toEqual([]);
  });

  test('and one that did would be found', () => {
    expect(raw('title={problem.message}')).toHaveLength(1);
    expect(raw("tip={server.problem?.message ?? ''}")).toHaveLength(1);
    expect(raw('tell(answer.error.message, answer.error)')).toHaveLength(1);
    expect(raw('title={said(problem).message}')).toHaveLength(0);
  });
});

describe('a problem', () => {
  const spec = { command: 'x', args: [], env: {}, cwd: null };

  test('is said with its values; without a catalog as the core said it', async () => {
    const problem = problemOf(
      new GatehouseError({
        code: 'upstream.command_not_found',
        message: 'The command "{command}" was not found.',
        remedy: 'Install it.',
        values: { command: '{first} $& uvx' },
      }),
    );
    expect(problem.message).toBe('The command "{first} $& uvx" was not found.');
    expect(sayProblem(await catalogOf('de'), problem).message).toBe(
      'Der Befehl „{first} $& uvx“ wurde nicht gefunden.',
    );
    expect(sayProblem(null, problem)).toEqual({ ...plain(problem), details: null });
  });

  test('that is said in general keeps the core’s own words beneath', async () => {
    const problem = { code: 'config.syntax', message: 'This is not valid TOML.', remedy: 'Correct it.' };
    const said = sayProblem(await catalogOf('zh-Hans'), problem);
    expect(said.message).toBe('文件的语法有误。');
    expect(said.details).toBe('This is not valid TOML. Correct it.');
  });

  test('falls back from a form that is not known to its code, and to English where a value is missing', async () => {
    const de = await catalogOf('de');
    const stopped = { code: 'upstream.stopped', form: 'new', message: 'Stopped.', remedy: 'Wait.' };
    expect(sayProblem(de, stopped).message).toBe('Der Server wurde angehalten.');
    const bare = { code: 'upstream.unknown', message: 'There is none.', remedy: 'Look.' };
    expect(sayProblem(de, bare)).toEqual({ ...plain(bare), details: null });
    const odd = { code: 'constructor', message: 'Odd.', remedy: 'Look.' };
    expect(sayProblem(de, odd)).toEqual({ ...plain(odd), details: null });
    expect(sayText(de, 'English', { form: 'toString', values: {} })).toBe('English');
  });

  test.each([
    [{ code: 3, signal: null }, ['boom']],
    [{ code: 3, signal: null }, []],
    [{ code: null, signal: 'SIGKILL' as const }, ['boom']],
    [{ code: null, signal: 'SIGKILL' as const, why: 'it used too much memory' }, ['boom.']],
    [{ code: 3, signal: null, why: 'it used too much memory' }, []],
  ])('of an exit is said in full: %j', async (exit, lines) => {
    const heard = { messages: 1, stray: null };
    const problem = problemOf(exitError({ why: null, ...exit } as never, spec as never, heard, lines));
    expect(problem.message).toMatch(/^The server ended with (code 3|signal SIGKILL)[^{}]*(?<!\.)\.$/);
    for (const language of others) {
      const said = sayProblem(await catalogOf(language), problem);
      expect(said.message).not.toBe(problem.message);
      expect(said.message).toContain(String(exit.code ?? exit.signal));
      for (const line of lines) expect(said.message).toContain(line);
    }
  });
});

function plain({ message, remedy }: Problem): Pick<Problem, 'message' | 'remedy'> {
  return { message, remedy };
}
