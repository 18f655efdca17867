/** German, the part about the first steps; see `de.ts`. */
import type { firstRun as source } from './en-first-run.ts';
import type { Translation } from './message.ts';

export const firstRun: Translation<typeof source, 'one' | 'other'> = {
  'first.title': 'Willkommen bei Gatehouse',
  'first.about': 'Eine lokale Tür für alle Ihre MCP-Server. Sie entscheiden, was hindurchgeht.',
  'first.steps': 'Erste Schritte',
  'first.step_of': 'Schritt {step} von {steps}',
  'first.later': 'Das alles geht auch später, unter Server, Einstellungen und Clients.',
  'first.leave': 'Erste Schritte verlassen',
  'first.rail.servers': 'Server übernehmen',
  'first.rail.servers_help': 'Von den Clients auf diesem Computer',
  'first.rail.place': 'Ihren Ort wählen',
  'first.rail.place_help': 'In Containern oder auf diesem Computer',
  'first.rail.client': 'Einen Client verbinden',
  'first.rail.client_help': 'Damit er diese Tür benutzt',
  'first.did.brought': { one: '{count} Server übernommen', other: '{count} Server übernommen' },
  'first.did.sample': 'Der Beispielserver ist da',
  'first.did.container': 'In Containern',
  'first.did.host': 'Auf diesem Computer',
  'first.did.clients': { one: '{count} Client verbunden', other: '{count} Clients verbunden' },
  'first.did.skipped': 'Übersprungen',
  'first.skip': 'Schritt überspringen',
  'first.sample': 'Beispielserver ausprobieren',
  'first.sampling': 'Wird hinzugefügt',

  'first.servers': 'Die Server übernehmen, die Sie schon haben',
  'first.looking': 'Die Dateien Ihrer Clients werden gelesen',
  'first.found': {
    one: '{count} Server in {clients} gefunden.',
    other: '{count} Server in {clients} gefunden.',
  },
  'first.found_clients': { one: '{count} Client', other: '{count} Clients' },
  'first.found_help':
    'Übernommene Server warten unter Freigaben und starten nicht von selbst. Die Dateien Ihrer Clients bleiben, wie sie sind.',
  'first.here': { one: '{count} Server ist schon da.', other: '{count} Server sind schon da.' },
  'first.here_only':
    'Ihre Clients haben keine weiteren. Gehen Sie weiter, oder fügen Sie selbst einen hinzu.',
  'first.here_too': 'Ihre Clients haben noch mehr.',
  'first.here_more': { one: '{count} weiterer', other: '{count} weitere' },
  'first.go_on': 'Weiter',
  'first.did.here': { one: '{count} Server ist da', other: '{count} Server sind da' },
  'first.nothing': 'Keine Server in Ihren Clients gefunden',
  'first.nothing_help':
    'Fügen Sie selbst einen hinzu, oder sehen Sie sich mit einem harmlosen um, der bei Gatehouse dabei ist.',
  'first.add': 'Server hinzufügen',
  'first.chosen': '{count} von {all} ausgewählt',
  'first.column.from': 'Gefunden in',
  'first.column.keys': 'Schlüssel',
  'first.no_keys': 'Keine Schlüssel',
  'first.keys_move': {
    one: '{count} kommt zu Ihren Geheimnissen',
    other: '{count} kommen zu Ihren Geheimnissen',
  },
  'first.merged': {
    one: '{names} wurde mehrfach mit denselben Einstellungen gefunden und wird einmal übernommen.',
    other: '{names} wurden mehrfach mit denselben Einstellungen gefunden und werden einmal übernommen.',
  },
  'first.import': { one: '{count} Server übernehmen', other: '{count} Server übernehmen' },
  'first.importing': 'Wird übernommen',

  'first.place': 'Wählen, wo Server laufen',
  'first.place_help':
    'Ein Server ist ein Programm, das jemand anders geschrieben hat. Jeder kann später einen anderen Ort bekommen.',
  'first.place.container': 'In Containern',
  'first.place.container_help':
    'Jeder Server sieht nur die Ordner und erreicht nur die Adressen, die Sie ihm erlauben, mit einer Grenze für Speicher und Rechenzeit.',
  'first.place.host': 'Auf diesem Computer',
  'first.place.host_help':
    'Server laufen mit Ihren Rechten: Sie können Ihre Dateien, Ihre Schlüssel und Ihr Netzwerk benutzen.',
  'first.place.recommended': 'Empfohlen',
  'first.engine.looking': 'Eine Container-Engine wird gesucht',
  'first.engine.ready': '{version} ist da.',
  'first.engine.absent': 'Keine Container-Engine gefunden.',
  'first.engine.again': 'Noch einmal suchen',
  'first.engine.looking_again': 'Wird gesucht',
  'first.place.keep.container': 'Container benutzen',
  'first.place.keep.host': 'Auf diesem Computer ausführen',
  'first.place.keeping': 'Wird gespeichert',

  'first.client': 'Einen Client verbinden',
  'first.client_help':
    'Gatehouse setzt einen Eintrag in die Datei des Clients. Sie sehen die genaue Änderung vorher und können sie zurücknehmen.',
  'first.client.list': 'Clients auf diesem Computer',
  'first.client.none': 'Keine Clients auf diesem Computer gefunden',
  'first.client.none_help': 'Kopieren Sie einen Eintrag oder die Adresse für jeden Client, der MCP spricht.',
  'first.finish': 'Fertig',

  'first.end': 'Gatehouse ist bereit.',
  'first.end_tray': 'Es bleibt in der Taskleiste, wenn Sie dieses Fenster schließen.',
  'first.end_no_tray':
    'Dieser Desktop zeigt keine Symbole in der Taskleiste: Beim Schließen wird das Fenster minimiert.',
  'first.end.wait': {
    one: '{count} Server wartet unter Freigaben. Kein Client sieht ihn, bis Sie ihn freigeben.',
    other: '{count} Server warten unter Freigaben. Kein Client sieht sie, bis Sie sie freigeben.',
  },
  'first.end.review': 'Prüfen',
  'first.end.sample': 'Der Beispielserver läuft. Lassen Sie Ihren Client würfeln.',
  'first.end.client': 'Starten Sie den Client neu, wenn er die Änderung nicht von selbst bemerkt.',
  'first.end.open': 'Gatehouse öffnen',
};
