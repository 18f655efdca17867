/**
 * Every way in which a file can reach another: static imports and re-exports, `import()`, type imports,
 * `import('x').T`, `require`; in TypeScript and in both halves of a .svelte file. Read by parsers, so that comments and
 * strings do not count.
 */
import { posix } from 'node:path';
import { parse } from 'svelte/compiler';
import ts from 'typescript';

/** A file of the project; `path` is relative to the checkout, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One edge out of a file. `specifier` is null when it is computed and cannot be read. */
export interface Import {
  readonly specifier: string | null;
  /** One-based. */
  readonly line: number;
}

/** Each file is read and parsed once, however many rules ask. */
const known = new WeakMap<SourceFile, Import[]>();
const parsed = new WeakMap<SourceFile, ts.SourceFile[]>();

/** All imports of a file, in the order in which they stand. */
export function importsOf(file: SourceFile): Import[] {
  const before = known.get(file);
  if (before !== undefined) return before;
  const imports = readImports(file);
  known.set(file, imports);
  return imports;
}

function readImports(file: SourceFile): Import[] {
  return scriptsOf(file).flatMap((source) => {
    const found: Import[] = [];
    visit(source, (node) => {
      const target = targetOf(node);
      if (target === undefined) return;
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      found.push({ specifier: ts.isStringLiteralLike(target) ? target.text : null, line });
    });
    return found;
  });
}

/** The file as TypeScript syntax: one tree, or for .svelte one per script and one per expression with an import. */
export function scriptsOf(file: SourceFile): ts.SourceFile[] {
  const before = parsed.get(file);
  if (before !== undefined) return before;
  const scripts = parseScripts(file);
  parsed.set(file, scripts);
  return scripts;
}

function parseScripts(file: SourceFile): ts.SourceFile[] {
  if (!file.path.endsWith('.svelte')) return [tree(file.path, file.text)];
  const ast = parse(file.text, { modern: true });
  const pieces: Array<[number, number]> = [ast.module, ast.instance].flatMap((script) =>
    script
      ? [
          [(script.content as unknown as Span).start, (script.content as unknown as Span).end] as [
            number,
            number,
          ],
        ]
      : [],
  );
  collectDynamicImports(ast.fragment, pieces);
  // Blank lines in front keep the line numbers of the file.
  return pieces.map(([start, end]) => {
    const before = file.text.slice(0, start).replace(/[^\n]/g, '');
    return tree(`${file.path}.ts`, before + file.text.slice(start, end));
  });
}

/** The path that a relative specifier means, or null for a package. */
export function resolveImport(from: string, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : null;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Nodes of it do not know their parents: that halves the time, and whoever asks a node for its text names the tree. */
function tree(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

/** The node that names what is imported; undefined when the node imports nothing. */
function targetOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const imports = expression.kind === ts.SyntaxKind.ImportKeyword;
  return imports || isRequire(expression) ? (node.arguments[0] ?? node) : undefined;
}

/** `require` or `require.resolve`. */
function isRequire(node: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(node) && node.name.text === 'resolve' ? node.expression : node;
  return ts.isIdentifier(name) && name.text === 'require';
}

/** Finds `import(...)` in the markup, which Svelte has parsed into ESTree nodes. */
function collectDynamicImports(node: unknown, into: Array<[number, number]>): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) collectDynamicImports(item, into);
    return;
  }
  const { type, start, end } = node as { type?: unknown; start?: number; end?: number };
  if (type === 'ImportExpression' && start !== undefined && end !== undefined) into.push([start, end]);
  for (const value of Object.values(node)) collectDynamicImports(value, into);
}
