/**
 * ARCHITECTURE.md is the map: every room stands in its tree.
 */
import type { Violation } from './directions.ts';
import type { SourceFile } from './imports.ts';

/** Folders that hold source and that the tree of the map does not name as `folder/`. */
export function checkMap(files: readonly SourceFile[], map: string): Violation[] {
  const tree = [...map.matchAll(/^```[^\n]*\n(.*?)^```/gms)].map((block) => block[1] ?? '').join('\n');
  const rooms = new Set(files.flatMap((file) => roomsOf(file.path)));
  return [...rooms].sort().flatMap((room) => {
    const name = room.split('/').at(-1) ?? room;
    const named = new RegExp(`(^|[^\\w-])${name}/`, 'm').test(tree);
    return named
      ? []
      : [{ rule: 'map', path: room, line: 0, message: 'is not in the tree of ARCHITECTURE.md' }];
  });
}

/** The top folder, and one level further in main/ and renderer/. */
function roomsOf(path: string): string[] {
  const [top, second, third] = path.split('/');
  if (top === undefined || second === undefined) return [];
  const inner = third !== undefined && (top === 'main' || top === 'renderer') ? [`${top}/${second}`] : [];
  return [top, ...inner];
}
