/**
 * Rows as lines of a file for other programs: JSON, one object a line, or CSV (RFC 4180). Pure.
 */
import type { ActivityDetail } from './entry.ts';

/** Formats of an export. */
export type ExportFormat = 'jsonl' | 'csv';

const COLUMNS = [
  'id',
  'time',
  'kind',
  'client',
  'clientName',
  'session',
  'server',
  'tool',
  'action',
  'outcome',
  'errorCode',
  'approval',
  'durationMs',
  'requestBytes',
  'responseBytes',
  'request',
  'response',
] as const;

/** What comes before the first row. */
export function exportHead(format: ExportFormat): string {
  return format === 'csv' ? `${COLUMNS.join(',')}\r\n` : '';
}

/** One row with its line end. */
export function exportLine(format: ExportFormat, row: ActivityDetail): string {
  const time = new Date(row.at).toISOString();
  if (format === 'jsonl') return `${JSON.stringify({ ...row, time })}\n`;
  const values = { ...row, time };
  return `${COLUMNS.map((column) => cell(values[column])).join(',')}\r\n`;
}

/**
 * One cell. A text that a spreadsheet would take for a formula gets an apostrophe before it, which makes it text there;
 * also behind blanks, which some programs skip.
 */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^\s*[=+\-@\t\r\n|%]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
