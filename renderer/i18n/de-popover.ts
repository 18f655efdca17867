/** German, of the popover by the tray icon and of links from outside; see `de.ts`. */
import type { popover as source } from './en-popover.ts';
import type { Translation } from './message.ts';

export const popover: Translation<typeof source, 'one' | 'other'> = {
  'popover.starting': 'Startet',
  'popover.running_waiting': {
    one: 'Läuft, {count} Sache wartet auf Sie',
    other: 'Läuft, {count} Sachen warten auf Sie',
  },
  'popover.figures': '{sessions} · {calls}',
  'popover.pause': 'Alle Server anhalten',
  'popover.resume': 'Alle Server fortsetzen',
  'popover.paused': 'Alle Server sind angehalten',
  'popover.show': 'Zeigen',
  'popover.call_waits': '{tool} wartet auf Sie',
  'popover.call_from': '{client} · {server} · {time}',
  'popover.client': '{name} möchte sich anmelden',
  'popover.left': '{what} · {time}',
  'popover.settings': 'Einstellungen',
  'popover.waiting_for_you': 'Wartet auf Sie',
  'popover.wants': '{client} möchte ausführen:',
  'popover.new_server': '{name} ist neu',
  'popover.definitions': '{name} hat sich geändert',
  'popover.waiting': {
    one: '{count} Sache wird zurückgehalten',
    other: '{count} Sachen werden zurückgehalten',
  },
  'popover.sign_in': '{name}: Anmeldung nötig',
  'popover.failed': '{name} läuft nicht',
  'popover.more': { one: '{count} weitere', other: '{count} weitere' },
  'popover.all': { one: 'Alle {count}', other: 'Alle {count}' },
  'popover.tools': { one: '{count} Tool', other: '{count} Tools' },
  'popover.last_calls': 'Letzte Aufrufe',
  'popover.open': 'Gatehouse öffnen',
  'popover.copy': 'Endpunkt kopieren',
  'link.filled': 'Ein Link hat das eingetragen. Machen Sie nur weiter, wenn Sie wissen, von wem er stammt.',
  'link.kept': 'Ein Link wollte {address} eintragen. Was hier steht, wurde behalten.',
  'link.unknown': 'Dieser Link führt in Gatehouse nirgendwohin.',
};
