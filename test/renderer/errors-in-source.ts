/**
 * Every problem that the source can make, read out of its syntax: each object with a code, a message and a remedy, once per
 * branch of the conditions in it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..');

/** One way in which the source says a problem. */
export interface SaidAt {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  /** `null`: none; `'?'`: worked out while it runs. */
  readonly form: string | null;
  /** Null where it is put together while it runs. */
  readonly message: string | null;
  readonly remedy: string | null;
  /** Null where they are put together while it runs. */
  readonly values: readonly string[] | null;
}

type Members = ReadonlyMap<string, ts.Expression>;

export function errorsInSource(): readonly SaidAt[] {
  const folders = ['main', 'preload'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return files.flatMap(errorsIn);
}

function errorsIn(file: string): SaidAt[] {
  const text = readFileSync(file, 'utf8');
  if (!/\bremedy\b/.test(text)) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: SaidAt[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      for (const members of branches(node)) {
        const said = saidBy(members);
        if (said !== null) found.push({ file: file.slice(root.length + 1), line: line + 1, ...said });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function saidBy(members: Members): Omit<SaidAt, 'file' | 'line'> | null {
  const code = textOf(members.get('code'));
  if (code === null || !members.has('message') || !members.has('remedy')) return null;
  const form = members.get('form');
  return {
    code,
    form: form === undefined ? null : (textOf(form) ?? '?'),
    message: textOf(members.get('message')),
    remedy: textOf(members.get('remedy')),
    values: namesIn(members.get('values')),
  };
}

function namesIn(values: ts.Expression | undefined): readonly string[] | null {
  if (values === undefined) return [];
  if (!ts.isObjectLiteralExpression(values)) return null;
  const all = branches(values);
  return all.length === 1 ? [...(all[0]?.keys() ?? [])] : null;
}

/** The members of an object, once per branch of what is spread into it. */
function branches(node: ts.ObjectLiteralExpression): readonly Members[] {
  let all: Members[] = [new Map()];
  for (const property of node.properties) {
    if (ts.isPropertyAssignment(property)) {
      const { initializer } = property;
      all = all.map((one) => new Map([...one, [property.name.getText(), initializer]]));
    } else if (ts.isShorthandPropertyAssignment(property)) {
      all = all.map((one) => new Map([...one, [property.name.text, property.name]]));
    } else if (ts.isSpreadAssignment(property)) {
      const spread = objectsOf(property.expression).flatMap(branches);
      if (spread.length > 0) all = all.flatMap((one) => spread.map((more) => new Map([...one, ...more])));
    }
  }
  return all;
}

function objectsOf(expression: ts.Expression): readonly ts.ObjectLiteralExpression[] {
  if (ts.isParenthesizedExpression(expression)) return objectsOf(expression.expression);
  if (ts.isConditionalExpression(expression))
    return [...objectsOf(expression.whenTrue), ...objectsOf(expression.whenFalse)];
  return ts.isObjectLiteralExpression(expression) ? [expression] : [];
}

function textOf(expression: ts.Expression | undefined): string | null {
  if (expression === undefined) return null;
  return ts.isStringLiteral(expression) || ts.isNoSubstitutionTemplateLiteral(expression)
    ? expression.text
    : null;
}
