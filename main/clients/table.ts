/** All clients that are known, in the order in which they are shown. */
import type { ClientSpec } from './spec.ts';
import { APPS } from './table-apps.ts';
import { TERMINAL } from './table-terminal.ts';

export const CLIENTS: readonly ClientSpec[] = [...APPS, ...TERMINAL].sort((a, b) =>
  a.label.localeCompare(b.label, 'en'),
);
