/** What became of a key of a foreign file, as one line of a terminal. Pure. */
import type { ReportLine } from '../config/dialects/report.ts';

/** For example `mcp.json:4:11: dropped mcpServers.fetch.timeout: That program ignores it.` */
export function reportText(source: string, { line, column, kind, fault, key, text }: ReportLine): string {
  const what = fault ? 'FAULT' : kind;
  return `${source}:${line}:${column}: ${what} ${key === '' ? '(the file)' : key}${text === '' ? '' : `: ${text}`}`;
}
