/** German, the part about terminals; see `de.ts`. */
import type { terminal as source } from './en-terminal.ts';
import type { Translation } from './message.ts';

export const terminal: Translation<typeof source, 'one' | 'other'> = {
  'terminal.tab': 'Terminal',
  'terminal.loading': 'Suche, wo ein Terminal geöffnet werden kann',
  'terminal.in_container': 'In seinem Container',
  'terminal.in_container_help':
    'Eine Shell im Container von {name} aus {image}, so wie er gerade läuft: dieselben Dateien, dasselbe Netz, dieselben Grenzen.',
  'terminal.not_running': 'Sein Container läuft nicht. Schalten Sie den Server zuerst ein.',
  'terminal.open': 'Terminal öffnen',
  'terminal.on_computer': 'Auf diesem Computer, ohne Container',
  'terminal.on_computer_help':
    'Eine Shell als {user} in {folder}. Sie darf alles, was dieser Benutzer darf: jede Datei lesen, jedes Programm starten.',
  'terminal.open_here': 'Terminal auf diesem Computer öffnen',
  'terminal.host_off': 'Terminals auf diesem Computer sind ausgeschaltet',
  'terminal.host_off_help':
    'Dieser Server läuft nicht in einem Container; sein Terminal hätte daher alle Ihre Rechte. Um das zu erlauben, schreiben Sie dies in die Konfigurationsdatei:',
  'terminal.recorded':
    'Unter Aktivität steht, wer ein Terminal geöffnet hat und wie lange, nie was getippt oder gezeigt wurde.',
  'terminal.in': 'Im Container, {image}',
  'terminal.here': 'Auf diesem Computer als {user}, nicht abgeschirmt',
  'terminal.keys': 'F6 verlässt das Terminal. Strg+Umschalt+C kopiert die Auswahl, Strg+Umschalt+V fügt ein.',
  'terminal.aloud': 'Für Screenreader',
  'terminal.opening': 'Wird geöffnet',
  'terminal.close': 'Terminal schließen',
  'terminal.again': 'Erneut öffnen',
  'terminal.label': 'Terminal von {name}',
  'terminal.input': 'Terminal. F6 verlässt es.',
  'terminal.too_much': 'Es wurde zu viel ausgegeben, um es vorzulesen.',
  'terminal.exited': 'Die Shell hat mit dem Code {code} geendet.',
  'terminal.closed': 'Das Terminal wurde geschlossen.',
  'terminal.left': 'Das Terminal ist beendet, weil diese Seite es verloren hat.',
  'terminal.idle': 'Das Terminal wurde geschlossen, weil eine halbe Stunde lang niemand getippt hat.',
  'terminal.forbidden': 'Das Terminal wurde geschlossen, weil die Konfiguration es nicht mehr erlaubt.',
};
