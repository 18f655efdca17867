/** What the settings offer to choose from, in the words of the language. What is in force is always among it. Pure. */
import type { SettingsView } from '../../preload/views/settings.ts';
import type { Words } from '../i18n/words.ts';

/** One choice of a list. */
export interface Option {
  readonly id: string;
  readonly label: string;
}

const DAYS = [1, 7, 30, 90, 365];
const LOG_MEGABYTES = [64, 256, 1024, 4096];
const MEMORY_MEGABYTES = [256, 512, 1024, 2048, 4096];
const CORES = [0.5, 1, 2, 4];

/** How long activity is kept. */
export function dayOptions({ t }: Words, current: number): readonly Option[] {
  return numbers(DAYS, current, (days) => t('settings.days', { count: days }));
}

/** How much room on disk activity may take. */
export function logSizeOptions(words: Words, current: number): readonly Option[] {
  return numbers(LOG_MEGABYTES, current, (size) => megabytes(words, size));
}

/** The most memory of a contained server. */
export function memoryOptions(words: Words, current: number): readonly Option[] {
  return numbers(MEMORY_MEGABYTES, current, (size) => megabytes(words, size));
}

/** The most processor time of a contained server. */
export function coreOptions({ t }: Words, current: number): readonly Option[] {
  return numbers(CORES, current, (cores) => t('settings.cores', { count: cores }));
}

/** What a contained server reaches; a network of the engine only where the file names one. */
export function networkOptions({ t }: Words, current: string): readonly Option[] {
  const own = ['allowlist', 'none', 'learn', 'bridge'] as const;
  const known = own.map((id): Option => ({ id, label: t(`settings.network.${id}`) }));
  return known.some(({ id }) => id === current) ? known : [...known, { id: current, label: current }];
}

/** The port as a person typed it; null when it is none. */
export function portOf(text: string): number | null {
  const trimmed = text.trim();
  const port = Number(trimmed);
  return /^\d{1,5}$/.test(trimmed) && port >= 1 && port <= 65_535 ? port : null;
}

/** The port of the endpoint: the one that is set, or the one in use where any free one was wanted; null while there is none. */
export function boundPort(set: number, url: string | null): string | null {
  if (set !== 0) return String(set);
  return url === null ? null : new URL(url).port || null;
}

/** The keys of the configuration file, as a person calls them; others by their own names. */
export function restartWords({ t, locale }: Words, keys: readonly string[]): string {
  const named = keys.map((key) =>
    key === 'listen'
      ? t('settings.restart.listen')
      : key.startsWith('auth.')
        ? t('settings.restart.token')
        : key,
  );
  return new Intl.ListFormat(locale).format([...new Set(named)]);
}

/** Whether opening the endpoint lets strangers from the internet try. */
export function hasPublicNetwork({ networks }: Pick<SettingsView['endpoint'], 'networks'>): boolean {
  return networks.some(({ kind }) => kind === 'public');
}

function megabytes({ locale }: Words, size: number): string {
  const [value, unit] = size >= 1024 ? [size / 1024, 'gigabyte'] : [size, 'megabyte'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 2 }).format(value);
}

function numbers(known: readonly number[], current: number, label: (value: number) => string): Option[] {
  return [...new Set([...known, current])]
    .sort((a, b) => a - b)
    .map((value) => ({ id: String(value), label: label(value) }));
}
