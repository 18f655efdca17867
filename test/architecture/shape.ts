/**
 * How one file may look: its size, no barrel, no default export, nothing that changes or runs when it is imported.
 */
import ts from 'typescript';
import type { Violation } from './directions.ts';
import { type SourceFile, scriptsOf } from './imports.ts';

const lineLimit = 400;

/** They run when they are loaded: that is what they are for. */
const entries = [
  'main/start.ts',
  'main/index.ts',
  'main/cli.ts',
  'main/keychain.ts',
  'main/egress.ts',
  'main/activity-worker.ts',
  'main/stdio-worker.ts',
  'main/sample-worker.ts',
  'preload/index.ts',
  'renderer/main.ts',
  'renderer/popover.ts',
];
const mayExportDefault = /(\.svelte|\.config\.(mts|mjs|js|ts)|\.d\.ts)$/;

/** Violations of the rules about single files. */
export function checkShape(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => [...checkSize(file), ...(isScript(file.path) ? checkStatements(file) : [])]);
}

function checkSize(file: SourceFile): Violation[] {
  const lines = file.text.split('\n').length - (file.text.endsWith('\n') ? 1 : 0);
  if (lines <= lineLimit) return [];
  return [
    { rule: 'size', path: file.path, line: 0, message: `has ${lines} lines; ${lineLimit} is the limit` },
  ];
}

function isScript(path: string): boolean {
  return /\.(ts|mts|mjs|js)$/.test(path);
}

function checkStatements(file: SourceFile): Violation[] {
  const [source] = scriptsOf(file);
  if (source === undefined) return [];
  const violations: Violation[] = [];
  const add = (rule: string, node: ts.Node, message: string): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    violations.push({ rule, path: file.path, line, message });
  };
  const statements = [...source.statements];
  const [first] = statements;
  if (first !== undefined && isBarrel(statements))
    add('barrel', first, 'only re-exports; import from the file itself');
  for (const statement of statements) {
    if (!mayExportDefault.test(file.path) && exportsDefault(statement))
      add('default', statement, 'has a default export');
    if (!/^(main|preload|renderer)\//.test(file.path) || file.path.endsWith('.d.ts')) continue;
    if (changesLater(statement, source)) add('state', statement, 'has module-level mutable state');
    if (!entries.includes(file.path) && !/^renderer\/dev\//.test(file.path) && runs(statement, source)) {
      add('side-effect', statement, 'runs something when it is imported');
    }
  }
  return violations;
}

function isBarrel(statements: readonly ts.Statement[]): boolean {
  const reExports = statements.filter((statement) => ts.isExportDeclaration(statement));
  const rest = statements.filter(
    (statement) => !ts.isExportDeclaration(statement) && !ts.isImportDeclaration(statement),
  );
  return reExports.length > 0 && rest.length === 0;
}

function exportsDefault(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true;
  if (ts.isExportDeclaration(statement)) {
    const { exportClause: clause } = statement;
    return (
      clause !== undefined &&
      ts.isNamedExports(clause) &&
      clause.elements.some((one) => one.name.text === 'default')
    );
  }
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword) ?? false;
}

/** `let` and `var`, and containers that begin empty: they can only be meant to be filled later. */
function changesLater(statement: ts.Statement, source: ts.SourceFile): boolean {
  if (!ts.isVariableStatement(statement)) return false;
  const { declarationList } = statement;
  if ((declarationList.flags & ts.NodeFlags.Const) === 0) return !isAmbient(statement);
  return declarationList.declarations.some(
    ({ initializer }) => initializer !== undefined && isEmptyContainer(initializer, source),
  );
}

function isAmbient(statement: ts.VariableStatement): boolean {
  return statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword) ?? false;
}

function isEmptyContainer(node: ts.Expression, source: ts.SourceFile): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.length === 0;
  if (ts.isObjectLiteralExpression(node)) return node.properties.length === 0;
  return (
    ts.isNewExpression(node) &&
    /^(Weak)?(Map|Set)$/.test(node.expression.getText(source)) &&
    (node.arguments ?? []).length === 0
  );
}

function runs(statement: ts.Statement, source: ts.SourceFile): boolean {
  return (
    ts.isExpressionStatement(statement) ||
    ts.isIfStatement(statement) ||
    ts.isIterationStatement(statement, false) ||
    ts.isTryStatement(statement) ||
    (ts.isImportDeclaration(statement) &&
      statement.importClause === undefined &&
      !/\.css'$/.test(statement.moduleSpecifier.getText(source)))
  );
}
