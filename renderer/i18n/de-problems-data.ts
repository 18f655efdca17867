/** Problems of adding servers, the configuration, clients, trust, calls by hand and the web admin, in German: what happened, and what to do. */

export const data = {
  'adding.not_understood': [
    'Daraus lässt sich kein Server lesen.',
    'Fügen Sie eine Befehlszeile, einen Link oder JSON ein, das einen Server nennt.',
  ],
  'adding.bad_name': [
    'Das kann nicht der Name eines Servers sein.',
    'Nehmen Sie 1 bis 64 Buchstaben, Ziffern, „_“, „.“ oder „-“, am Anfang kein „-“.',
  ],
  'adding.name_taken': ['Einen Server namens „{name}“ gibt es schon.', 'Wählen Sie einen anderen Namen.'],
  'adding.changed': [
    'Das Eingefügte wird jetzt anders gelesen, als es gezeigt wurde.',
    'Sehen Sie es noch einmal an.',
  ],
  'config.not_found': [
    'Die Konfigurationsdatei ist nicht da.',
    'Legen Sie sie zurück, oder starten Sie Gatehouse mit --config und einer anderen Datei.',
  ],
  'config.unreadable': [
    'Die Konfigurationsdatei ist nicht lesbar.',
    'Prüfen Sie, ob es eine Datei ist und Sie sie lesen dürfen.',
  ],
  'config.syntax': [
    'Die Datei ist falsch geschrieben.',
    'Korrigieren Sie sie an dieser Stelle oder kurz davor.',
  ],
  'config.syntax/empty': ['Die Datei ist leer.', 'Schreiben Sie mindestens { } hinein.'],
  'config.unknown_key': ['{key} kann kein Schlüssel sein.', 'Entfernen Sie ihn.'],
  'config.unknown_key/new': [
    'Den Schlüssel {key} kennt Gatehouse nicht.',
    'Korrigieren Sie die Schreibweise, oder entfernen Sie ihn.',
  ],
  'config.unknown_key/near': ['Den Schlüssel {key} kennt Gatehouse nicht.', 'Gemeint ist wohl „{near}“?'],
  'config.duplicate_key': [
    '{key} steht zweimal da; das erste Mal in Zeile {line}.',
    'Entfernen Sie eines, oder benennen Sie es um.',
  ],
  'config.duplicate_name': [
    'Zwei Server gelten als gleich benannt: „{name}“.',
    'Benennen Sie einen davon um.',
  ],
  'config.invalid_value': ['Der Wert von {key} passt nicht.', 'Korrigieren Sie ihn.'],
  'config.invalid_value/file': ['Ein Wert in der Konfiguration passt nicht.', 'Korrigieren Sie ihn.'],
  'config.invalid_value/entry': [
    'Der Eintrag eines Servers ist ein Objekt in { }.',
    'Schreiben Sie etwa { "command": "npx", "args": ["-y", "some-server"] }.',
  ],
  'config.too_large': [
    'Die Datei ist größer als {size} MiB; so groß ist keine Konfiguration.',
    'Nennen Sie eine andere Datei.',
  ],
  'config.unknown_dialect': [
    'Diese Datei hat keine Server in einer Form, die Gatehouse kennt.',
    'Unsere eigene Form ist JSON: siehe docs/configuration.md.',
  ],
  'config.fetch_failed': [
    'Die Konfiguration ist von dort nicht zu bekommen.',
    'Prüfen Sie die Adresse und das Netzwerk, oder laden Sie die Datei herunter und nennen sie stattdessen.',
  ],
  'config.no_such_server': [
    'Die Konfiguration hat keinen Server namens „{server}“.',
    'Vielleicht wurde er eben entfernt; sehen Sie noch einmal in die Liste der Server.',
  ],
  'config.entry_changed': [
    'Die Konfiguration von „{server}“ wurde inzwischen geändert, daher wurde nichts geschrieben.',
    'Sehen Sie sie an, wie sie jetzt ist, und nehmen Sie Ihre Änderung noch einmal vor.',
  ],
  'config.not_restored': [
    '„{server}“ lässt sich nicht zurückholen: Seit dem Start wurde keiner dieses Namens entfernt, oder es gibt wieder einen.',
    'Sehen Sie in die Liste der Server; schreiben Sie ihn in die Konfiguration, wenn er fehlt.',
  ],
  'config.foreign_file': [
    'Die Konfiguration ist eine Datei von {title}, die Gatehouse liest und nicht schreibt.',
    'Machen Sie daraus eine eigene: gatehouse config convert "{file}" > config.json',
  ],
  'config.broken_on_disk': [
    'Die Konfigurationsdatei hat einen Fehler, daher wurde nichts hineingeschrieben.',
    'Beheben Sie ihn, und versuchen Sie es dann noch einmal.',
  ],
  'config.write_failed': [
    'Die Konfigurationsdatei kann nicht geschrieben werden.',
    'Prüfen Sie, ob ihr Ordner beschreibbar ist und die Platte Platz hat.',
  ],
  'config.hidden_unknown': [
    '„{mark}“ steht für keinen Schlüssel dieses Servers.',
    'Schreiben Sie den Schlüssel selbst oder einen Verweis wie ${keyring:name}.',
  ],
  'config.changed_meanwhile': [
    'Die Konfigurationsdatei wurde geändert, während ihre Schlüssel verschoben wurden; sie blieb, wie sie ist.',
    'Versuchen Sie es noch einmal.',
  ],
  'config.closed': [
    'Gatehouse wird beendet, daher wurde die Konfiguration nicht geändert.',
    'Versuchen Sie es nach dem nächsten Start noch einmal.',
  ],
  'clients.unknown': [
    'Einen Client „{client}“ gibt es in der Liste nicht.',
    'Sehen Sie noch einmal in die Liste der Clients.',
  ],
  'clients.unknown/gone': [
    'Diesen Client gibt es in der Liste nicht.',
    'Sehen Sie noch einmal in die Liste der Clients.',
  ],
  'clients.syntax': [
    'Die Datei ist in Zeile {line}, Spalte {column} kein gültiges {format}.',
    'Korrigieren Sie sie dort oder kurz davor; nichts wurde geändert.',
  ],
  'clients.unexpected_shape': [
    '„{key}“ in dieser Datei ist nicht das, was ihr Programm dort erwartet.',
    'Korrigieren Sie es von Hand, oder kopieren Sie den Eintrag und fügen ihn ein; nichts wurde geändert.',
  ],
  'clients.cannot_edit': [
    'Diese Datei ist so geschrieben, dass sie sich nicht sicher ändern lässt.',
    'Kopieren Sie den Eintrag, und fügen Sie ihn von Hand ein; nichts wurde geändert.',
  ],
  'clients.encoding': [
    'Die Datei ist kein UTF-8-Text.',
    'Speichern Sie sie mit der Kodierung UTF-8 neu; nichts wurde geändert.',
  ],
  'clients.no_file': ['Das ist keine Datei.', 'Wählen Sie die Einstellungsdatei des Programms.'],
  'clients.too_large': [
    'Diese Datei ist für Einstellungen zu groß.',
    'Wählen Sie die Einstellungsdatei des Programms.',
  ],
  'clients.unreadable': ['Die Datei ist nicht lesbar.', 'Prüfen Sie, ob Sie sie lesen dürfen.'],
  'clients.dangling_link': [
    'Die Datei ist ein Verweis auf etwas, das es nicht gibt.',
    'Legen Sie das Ziel zurück, oder entfernen Sie den Verweis; nichts wurde geändert.',
  ],
  'clients.read_only': [
    'Die Datei darf nicht beschrieben werden.',
    'Machen Sie sie beschreibbar, oder kopieren Sie den Eintrag und fügen ihn von Hand ein; nichts wurde geändert.',
  ],
  'clients.changed_meanwhile': [
    'Die Datei hat sich geändert, seit Sie sie angesehen haben.',
    'Sehen Sie den neuen Unterschied an, und entscheiden Sie noch einmal.',
  ],
  'clients.locked': [
    'Ein anderes Programm ändert diese Datei gerade.',
    'Versuchen Sie es gleich noch einmal.',
  ],
  'clients.write_failed': [
    'Die Datei konnte nicht geschrieben werden.',
    'Prüfen Sie, ob ihr Ordner beschreibbar ist und die Platte Platz hat; eine Kopie der alten ist aufbewahrt.',
  ],
  'clients.backup_failed': [
    'Von der alten Datei ließ sich keine Kopie aufbewahren, daher wurde sie nicht geändert.',
    'Prüfen Sie, ob der Datenordner beschreibbar ist und die Platte Platz hat.',
  ],
  'clients.nothing_to_undo': [
    'Es gibt keine Änderung dieses Clients, die sich zurücknehmen ließe.',
    'Nichts zu tun.',
  ],
  'clients.file_gone': [
    'Die Datei ist nicht mehr da.',
    'Die alte liegt im Ordner „backups“ des Datenordners.',
  ],
  'clients.no_link': [
    'Dieser Client hat keinen Link, mit dem er einen Server hinzufügt, oder Gatehouse hat keine bleibende Adresse.',
    'Verbinden Sie ihn über seine Einstellungsdatei.',
  ],
  'clients.still_running': [
    '{client} wurde gebeten, sich zu beenden, läuft aber noch; nichts wurde geändert.',
    'Beenden Sie {client} selbst, auch im Infobereich, und verbinden Sie es noch einmal.',
  ],
  'clients.not_opened': [
    'Die Änderung ist gemacht, aber {client} ließ sich nicht wieder öffnen.',
    'Öffnen Sie {client} selbst.',
  ],
  'clients.no_bundle': [
    '{client} installiert keine Pakete.',
    'Verbinden Sie es über seine Einstellungsdatei.',
  ],
  'identity.unknown_client': [
    'Einen Client {client} mit eigenem Token gibt es nicht.',
    'Sehen Sie in die Liste der Clients.',
  ],
  'identity.name_taken': [
    'Einen Client {client} gibt es schon.',
    'Wählen Sie einen anderen Namen, oder erneuern Sie dessen Token.',
  ],
  'identity.bad_name': [
    'Das kann nicht der Name eines Clients sein.',
    'Nehmen Sie 1 bis 64 Buchstaben, Ziffern, Leerzeichen, „.“, „_“ und „-“, am Anfang einen Buchstaben oder eine Ziffer.',
  ],
  'identity.too_many_clients': [
    'Es gibt schon {count} Clients.',
    'Entfernen Sie die, die nicht gebraucht werden.',
  ],
  'identity.unknown_scope': [
    'In der Konfiguration gibt es {name} nicht.',
    'Wählen Sie einen Server oder ein Profil der Konfiguration.',
  ],
  'identity.clients_unreadable': [
    'Die Datei der Client-Token ist nicht lesbar.',
    'Prüfen Sie die Rechte von {file}, und starten Sie Gatehouse neu.',
  ],
  'identity.clients_damaged': [
    'Die Datei der Client-Token war beschädigt; keines wird mehr angenommen.',
    'Legen Sie die Clients neu an. Die alte Datei liegt als {aside} bereit.',
  ],
  'identity.clients_unwritable': [
    'Die Änderung konnte nicht gespeichert werden und gilt daher nicht.',
    'Prüfen Sie, ob der Datenordner beschreibbar ist und die Platte Platz hat.',
  ],
  'identity.sign_in_not_waiting': [
    'Keine Anmeldung {id} wartet.',
    'Sie ist entschieden oder hat zu lange gedauert. Lassen Sie den Client neu beginnen.',
  ],
  'trust.server_quarantined': [
    'Der Server „{server}“ wird zurückgehalten: Sie haben ihn noch nicht freigegeben.',
    'Prüfen Sie ihn, und geben Sie ihn unter Freigaben frei.',
  ],
  'trust.stale': [
    '„{item}“ ist nicht mehr das, was gezeigt wurde; nichts wurde entschieden.',
    'Sehen Sie an, was es jetzt sagt, und entscheiden Sie dann.',
  ],
  'trust.stale/server': [
    '„{server}“ wurde nicht geprüft oder bietet anderes an, als gezeigt wurde; er wurde nicht freigegeben.',
    'Prüfen Sie ihn noch einmal, und sehen Sie an, was er jetzt anbietet.',
  ],
  'trust.nothing_to_revert': [
    'Für „{item}“ gibt es keine Freigabe, die sich zurücknehmen ließe.',
    'Sehen Sie seinen Zustand noch einmal an; vielleicht war jemand schneller.',
  ],
  'trust.unknown_item': [
    '„{server}“ hat nichts namens „{item}“.',
    'Sehen Sie unter Freigaben nach, was wartet.',
  ],
  'trust.name_taken': [
    'Ein anderes Tool von „{server}“ heißt schon „{name}“.',
    'Wählen Sie einen anderen Namen.',
  ],
  'trust.not_quarantined': [
    'Der Server „{server}“ wird nicht zurückgehalten.',
    'Sehen Sie seinen Zustand noch einmal an; vielleicht war jemand schneller.',
  ],
  'trust.no_container': [
    'Es gibt keinen Container, um „{server}“ darin zu prüfen, und auf diesem Computer wurde er nicht gestartet.',
    'Starten Sie Docker, oder erlauben Sie die Prüfung hier: gatehouse server inspect --on-host.',
  ],
  'trust.approvals_lost': [
    'Die Freigaben von „{server}“ sind nicht lesbar, daher wartet wieder alles, was er anbietet, auf Sie.',
    'Geben Sie es neu frei, oder stellen Sie {file} aus einer Sicherung wieder her, und starten Sie neu.',
  ],
  'trust.file_restored': [
    'Die Datei der Freigaben von „{server}“ war beschädigt oder weg; ihre letzte gute Kopie wird verwendet.',
    'Prüfen Sie, was Sie zuletzt freigegeben oder blockiert haben.',
  ],
  'trust.file_restored/calls': [
    'Die Datei der Aufruf-Freigaben war beschädigt oder weg; ihre letzte gute Kopie wird verwendet.',
    'Prüfen Sie, vor welchen Tools Sie gefragt werden wollen.',
  ],
  'trust.file_restored/switches': [
    'Die Datei der Tool-Schalter war beschädigt oder weg; ihre letzte gute Kopie wird verwendet.',
    'Prüfen Sie die Schalter, die Sie zuletzt geändert haben.',
  ],
  'trust.unreadable': [
    'Die Datei der Tool-Schalter {file} ist beschädigt, ihre Kopie auch.',
    'Stellen Sie eine davon aus einer Sicherung wieder her. Löschen Sie beide, sind alle Tools wieder an.',
  ],
  'trust.write_failed': [
    'Die Änderung konnte nicht gespeichert werden.',
    'Prüfen Sie, ob der Datenordner beschreibbar ist und die Platte Platz hat; versuchen Sie es dann noch einmal.',
  ],
  'trust.closed': [
    'Gatehouse wird beendet, daher wurde die Änderung nicht gemacht.',
    'Nehmen Sie sie nach dem nächsten Start noch einmal vor.',
  ],
  'call.not_waiting': [
    'Dieser Aufruf wartet nicht mehr.',
    'Sehen Sie noch einmal in die Liste; er wurde entschieden, lief ab, oder sein Client gab auf.',
  ],
  'call.other_call': [
    'Diese Entscheidung galt einem anderen Aufruf und zählt daher nicht.',
    'Sehen Sie den Aufruf noch einmal an, und entscheiden Sie.',
  ],
  'call.too_many_allowed': [
    '{count} Aufrufe sind schon immer erlaubt.',
    'Wählen Sie für das ganze Tool, nicht gefragt zu werden, oder nehmen Sie einige zurück.',
  ],
  'call.rules_unreadable': [
    'Die Datei der Aufruf-Freigaben {file} ist beschädigt, ihre Kopie auch.',
    'Stellen Sie eine davon aus einer Sicherung wieder her. Löschen Sie beide, ist vergessen, vor welchen Tools Sie gefragt werden.',
  ],
  'call.bad_arguments': [
    'Die Argumente sind kein JSON-Objekt.',
    'Schreiben Sie sie als Objekt, etwa {"city": "Bern"}; ohne Argumente ist es { }.',
  ],
  'call.no_such_tool': [
    'Der Server „{server}“ führt jetzt kein Tool „{tool}“ auf.',
    'Sehen Sie seine Tools noch einmal an; vielleicht hat er sich geändert oder läuft nicht.',
  ],
  'call.too_many_by_hand': [
    'Zu viele Aufrufe von Hand sind im Gange.',
    'Warten Sie, bis einige beantwortet sind, oder brechen Sie sie ab.',
  ],
  'admin.foreign_host': [
    'Unter diesem Namen ist die Web-Verwaltung nicht bekannt.',
    'Verwenden Sie 127.0.0.1 oder die Adresse, unter der es läuft, oder fügen Sie den Namen zu „trustedHosts“ hinzu.',
  ],
  'admin.foreign_origin': [
    'Nur die Seiten dieser Web-Verwaltung dürfen sie ansprechen.',
    'Öffnen Sie die Web-Verwaltung selbst, und laden Sie die Seite neu.',
  ],
  'admin.bad_request': [
    'Die Anfrage ist nicht lesbar.',
    'Laden Sie die Seite neu, damit sie zur Version von Gatehouse passt.',
  ],
  'admin.too_large': ['Die Anfrage ist länger, als die Web-Verwaltung annimmt.', 'Senden Sie weniger.'],
  'admin.signed_out': ['Sie sind nicht oder nicht mehr angemeldet.', 'Melden Sie sich an.'],
  'admin.wrong_password': [
    'Das ist nicht das Passwort.',
    'Versuchen Sie es noch einmal. Ein anderes setzen Sie auf dem Computer selbst: gatehouse admin password.',
  ],
  'admin.wrong_code': [
    'Das ist nicht der Einrichtungscode.',
    'Verwenden Sie den, den Gatehouse bei seinem letzten Start ausgegeben hat.',
  ],
  'admin.no_password': [
    'Die Web-Verwaltung hat noch kein Passwort.',
    'Laden Sie die Seite neu, um es zu setzen, oder führen Sie auf dem Computer selbst aus: gatehouse admin password.',
  ],
  'admin.has_password': [
    'Die Web-Verwaltung hat schon ein Passwort.',
    'Laden Sie die Seite neu, und melden Sie sich an.',
  ],
  'admin.setup_elsewhere': [
    'Das erste Passwort lässt sich nur auf dem Computer setzen, auf dem Gatehouse läuft.',
    'Führen Sie dort aus: gatehouse admin password. Oder starten Sie Gatehouse mit GATEHOUSE_ADMIN_PASSWORD_FILE.',
  ],
  'admin.too_many_commands': [
    'Die Seite gab zu viele Befehle auf einmal.',
    'Warten Sie eine Sekunde, und versuchen Sie es noch einmal.',
  ],
  'admin.too_many_tries': [
    'Das Passwort wurde zu oft probiert.',
    'Warten Sie {seconds} s, und versuchen Sie es noch einmal.',
  ],
  'admin.at_the_window': [
    'Dieser Computer hat ein Fenster von Gatehouse; Clients werden dort eingelassen, nicht im Browser.',
    'Erlauben Sie es im Fenster von Gatehouse, oder verweigern Sie es hier.',
  ],
  'admin.password_too_short': [
    'Das Passwort der Web-Verwaltung hat mindestens {count} Zeichen.',
    'Wählen Sie ein längeres, etwa vier Wörter, die nicht zusammengehören.',
  ],
  'admin.password_too_long': [
    'Das Passwort der Web-Verwaltung hat höchstens {count} Byte.',
    'Wählen Sie ein kürzeres.',
  ],
  'admin.password_given': [
    'Das Passwort der Web-Verwaltung kommt aus der Umgebung von Gatehouse.',
    'Ändern Sie GATEHOUSE_ADMIN_PASSWORD oder die Datei, die GATEHOUSE_ADMIN_PASSWORD_FILE nennt, und starten Sie neu.',
  ],
  'admin.password_file': [
    'Die Passwortdatei der Web-Verwaltung, {file}, ist nicht brauchbar.',
    'Prüfen Sie die Rechte ihres Ordners, und setzen Sie das Passwort neu: gatehouse admin password.',
  ],
  'admin.password_file/named': [
    'Die Datei von GATEHOUSE_ADMIN_PASSWORD_FILE, {file}, ist nicht lesbar.',
    'Nennen Sie eine Datei, die Gatehouse lesen darf und in der nur das Passwort steht.',
  ],
} as const;
