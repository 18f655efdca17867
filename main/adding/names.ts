/** What a server may be called that comes without a name: after its package, program or address. Pure. */
import { originOf } from './origin.ts';

/** For a program with its arguments. */
export function programName(command: string, args: readonly string[]): string {
  const origin = originOf(command, args);
  return origin === null || origin.kind === 'file' ? fileName(origin?.what ?? command) : plain(origin.what);
}

/** After the file, or its folder where the file is called as most are. */
function fileName(path: string): string {
  const parts = path
    .split(/[\\/]/)
    .map((part) => part.replace(/\.(?:exe|cmd|bat|sh|[cm]?[jt]s|py|rb|php|jar)$/i, ''))
    .filter((part) => part !== '' && part !== '~' && part !== '.');
  const own = parts.findLast(
    (part) => !/^(?:index|main|__main__|server|cli|app|run|start|dist|build|out|src|bin|lib)$/.test(part),
  );
  return plain(own ?? parts.at(-1) ?? 'server');
}

/** For an address: the part of its host that names somebody. */
export function addressName(url: string): string {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  if (/^[\d.]+$|^\[|^localhost$/.test(host)) return 'local-server';
  const parts = host.split('.').filter((part) => !/^(?:www|mcp|api|app|server|gateway|remote)$/.test(part));
  return plain(parts.length > 1 ? (parts.at(-2) ?? '') : (parts[0] ?? 'server'));
}

/** Without scope, version and the words that every one has. */
function plain(name: string): string {
  const bare = name
    .replace(/^.*\//, '')
    .replace(/\.git$/, '')
    .replace(/^(?:mcp[-_])?server[-_]/, '')
    .replace(/^mcp[-_]/, '')
    .replace(/[-_](?:mcp[-_]server|server[-_]mcp|mcp|server)$/, '');
  return bare === '' || bare === 'mcp' ? 'server' : bare;
}
