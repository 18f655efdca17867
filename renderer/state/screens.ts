/** The screens that the sidebar names, in their order. Plain data. */
import type { Snapshot } from '../../preload/contract.ts';
import type { PlainKey } from '../i18n/words.ts';
import type { SimpleView } from './route.ts';

/** The icons that a screen may have; ui/SignIcon.svelte knows how they look. */
export type ScreenIcon = 'server' | 'shield-check' | 'activity' | 'app-window' | 'stethoscope' | 'settings';

/** One entry of the sidebar. */
export interface Screen {
  readonly view: 'servers' | 'settings' | SimpleView;
  readonly word: PlainKey;
  readonly icon: ScreenIcon;
  /** The everyday ones stand on top and have a key, Ctrl or Cmd with their number. */
  readonly place: 'top' | 'bottom';
  /** Its number is of things that wait for the user. */
  readonly urgent?: boolean;
  /** The number at its end; null for none. */
  count(snapshot: Snapshot): number | null;
}

export const screens: readonly Screen[] = [
  {
    view: 'servers',
    word: 'nav.servers',
    icon: 'server',
    place: 'top',
    count: (snapshot) => snapshot.servers.length,
  },
  {
    view: 'approvals',
    word: 'nav.approvals',
    icon: 'shield-check',
    place: 'top',
    count({ callsWaiting, waiting }) {
      const all = callsWaiting.count + waiting.items + waiting.servers;
      return all === 0 ? null : all;
    },
    urgent: true,
  },
  { view: 'activity', word: 'nav.activity', icon: 'activity', place: 'top', count: () => null },
  {
    view: 'clients',
    word: 'nav.clients',
    icon: 'app-window',
    place: 'top',
    // They are asked about over any screen, one after the other.
    count: ({ waiting }) => (waiting.signIns === 0 ? null : waiting.signIns),
    urgent: true,
  },
  { view: 'doctor', word: 'nav.doctor', icon: 'stethoscope', place: 'bottom', count: () => null },
  { view: 'settings', word: 'nav.settings', icon: 'settings', place: 'bottom', count: () => null },
];
