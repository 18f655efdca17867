/** Rules about what a tool claims of itself beside what it says that it does, and what it claimed before. Pure. */
import { type Evidence, type EvidenceForm, inWords } from './evidence.ts';
import type { Severity } from './finding.ts';
import { wordsOf } from './words.ts';

/** A claim that does not fit. */
export interface BadClaim extends Evidence {
  readonly rule: 'claim.effect' | 'claim.change';
  readonly severity: Severity;
  readonly pointer: string;
}

const DELETES = [
  'delete',
  'remove',
  'drop',
  'erase',
  'wipe',
  'purge',
  'destroy',
  'kill',
  'terminate',
  'truncate',
  'format',
  'uninstall',
  'revoke',
  'deletes',
  'removes',
  'drops',
  'erases',
  'wipes',
  'purges',
  'destroys',
  'terminates',
  'overwrite',
  'overwrites',
  'kills',
];
const CHANGES = [
  'write',
  'create',
  'update',
  'send',
  'execute',
  'exec',
  'install',
  'set',
  'edit',
  'move',
  'rename',
  'post',
  'publish',
  'deploy',
  'insert',
  'upload',
  'transfer',
  'pay',
  'buy',
  'executes',
  'writes',
  'creates',
  'updates',
  'sends',
  'installs',
  'uploads',
  'overwrites',
  'transfers',
  'pays',
  'publishes',
  'deploys',
  'moves',
  'renames',
];
/** Words between a leading verb and a "not" that takes it back. */
const NEAR = 4;

/** What the annotations say that the name and the description do not. */
export function badClaims(definition: unknown, approved: unknown): BadClaim[] {
  const tool = recordOf(definition);
  if (tool === null) return [];
  const now = recordOf(tool.annotations) ?? {};
  const out: BadClaim[] = [];
  const name = typeof tool.name === 'string' ? wordsOf(spaced(tool.name.slice(0, 400))).words : [];
  const text = typeof tool.description === 'string' ? tool.description.slice(0, 4_000) : '';
  const claims = now.readOnlyHint === true || now.destructiveHint === false || saysReadOnly(text);
  const deletes = claims ? verbIn(name, text, DELETES) : null;
  const does = claims ? (deletes ?? verbIn(name, text, CHANGES)) : null;
  if (now.readOnlyHint === true && does !== null) {
    out.push({
      rule: 'claim.effect',
      severity: 'medium',
      pointer: '/annotations/readOnlyHint',
      ...inWords('claims_reading', { word: does }),
    });
  } else if (now.destructiveHint === false && deletes !== null && now.readOnlyHint !== true) {
    out.push({
      rule: 'claim.effect',
      severity: 'medium',
      pointer: '/annotations/destructiveHint',
      ...inWords('claims_keeping', { word: deletes }),
    });
  } else if (deletes !== null && saysReadOnly(text) && now.destructiveHint !== true) {
    out.push({
      rule: 'claim.effect',
      severity: 'medium',
      pointer: '/description',
      ...inWords('says_reading', { word: deletes }),
    });
  }
  const old = recordOf(approved);
  if (old !== null) {
    const before = recordOf(old.annotations) ?? {};
    const less = (
      hint: 'readOnlyHint' | 'destructiveHint' | 'openWorldHint',
      safe: boolean,
      unsaid: EvidenceForm,
      denied: EvidenceForm,
    ): void => {
      if (now[hint] !== safe || before[hint] === safe) return;
      // A tool that only reads needs no word about destroying.
      if (hint !== 'readOnlyHint' && now.readOnlyHint === true) return;
      out.push({
        rule: 'claim.change',
        severity: hint === 'openWorldHint' ? 'low' : 'medium',
        pointer: `/annotations/${hint}`,
        ...inWords(before[hint] === undefined ? unsaid : denied),
      });
    };
    less('readOnlyHint', true, 'reading_unsaid', 'reading_denied');
    less('destructiveHint', false, 'keeping_unsaid', 'keeping_denied');
    less('openWorldHint', false, 'reach_unsaid', 'reach_denied');
  }
  return out;
}

/** The verb by which a tool says what it does: the first word of its name or of a sentence, in any case a plain one. */
function verbIn(name: readonly string[], text: string, verbs: readonly string[]): string | null {
  const first = name[0];
  if (first !== undefined && verbs.includes(first)) {
    const rest = name.slice(1);
    // `write_preview` shows, and `set` alone may be a noun.
    if (
      !rest.some((word) =>
        ['list', 'preview', 'status', 'history', 'logs', 'info', 'log', 'plan', 'diff'].includes(word),
      )
    )
      return first;
  }
  const read = wordsOf(text);
  for (let at = 0; at < read.words.length; at += 1) {
    const word = read.words[at] ?? '';
    if (!verbs.includes(word) || !word.endsWith('s')) continue;
    const before = read.words.slice(Math.max(0, at - NEAR), at);
    const leads = at === 0 || read.sentences[at] !== read.sentences[at - 1] || before.at(-1) === 'and';
    const taken = before.some((near) =>
      ['not', 'never', 'without', 'that', 'which', 'who', 'when', 'no'].includes(near),
    );
    if (leads && !taken) return word;
  }
  return null;
}

function saysReadOnly(text: string): boolean {
  const start = text.slice(0, 400).toLowerCase();
  return start.includes('read-only') || start.includes('read only') || start.includes('readonly');
}

function spaced(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2');
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}
