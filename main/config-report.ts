/**
 * What became of the keys of another program's configuration, for the log and for the screens. Texts of it hold no
 * values of the file.
 */
import type { ConfigStore } from './config/store.ts';
import type { Logger } from './logger.ts';

/** Lines that the log takes of one report: a file of thousands must not bury everything else. */
const MOST = 100;

/** Logs what is not in force as it was written; says nothing of files in our own words. */
export function logReport(log: Logger, { dialect, report }: ConfigStore['origin']): void {
  if (dialect === null) return;
  const told = report.filter(({ kind }) => kind !== 'understood');
  log.info(
    { dialect: dialect.id, keys: report.length, notAsWritten: told.length },
    `a file of ${dialect.title}`,
  );
  for (const { kind, fault, line, key, text } of told.slice(0, MOST)) {
    log[fault ? 'warn' : 'info']({ line, key: key === '' ? undefined : key }, `${kind}: ${text}`);
  }
  if (told.length > MOST) log.warn({ more: told.length - MOST }, 'all of them: gatehouse config check');
}

/** What the screens are told of the file: whose words it is in, and how many keys are not in force as they were written. */
export function originView({ dialect, report }: ConfigStore['origin']): {
  readonly dialect: string | null;
  readonly notAsWritten: number;
} {
  return {
    dialect: dialect?.title ?? null,
    notAsWritten: report.filter(({ kind }) => kind !== 'understood').length,
  };
}
