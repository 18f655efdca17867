/**
 * Files that import each other in a circle, type imports included: such files are one file in disguise.
 */
import type { Violation } from './directions.ts';
import { importsOf, resolveImport, type SourceFile } from './imports.ts';

/** One violation per circle. */
export function checkCycles(files: readonly SourceFile[]): Violation[] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      importsOf(file).flatMap(({ specifier }) => {
        const target = specifier === null ? null : resolveImport(file.path, specifier);
        return target === null ? [] : [target];
      }),
    ]),
  );
  const done = new Set<string>();
  const violations: Violation[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const circle = [...trail.slice(start), path];
      violations.push({ rule: 'cycle', path, line: 0, message: `imports itself: ${circle.join(' -> ')}` });
      return;
    }
    if (done.has(path)) return;
    for (const target of edges.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) walk(path, []);
  return violations;
}
