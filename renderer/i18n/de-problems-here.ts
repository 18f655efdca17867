/** Problems of the app itself, its endpoint, settings, secrets and the activity log, in German: what happened, and what to do. */

export const here = {
  'app.node_too_old': ['Node.js {version} ist zu alt.', 'Installieren Sie Node.js 20.19 oder neuer.'],
  'app.data_dir_unusable': [
    '{path} ist kein Verzeichnis, in das Sie schreiben dürfen.',
    'Korrigieren Sie die Rechte, oder wählen Sie ein anderes --data-dir.',
  ],
  'app.address_taken': [
    '{address} ist nicht zu bekommen ({why}).',
    'Beenden Sie das Programm, das es benutzt, oder setzen Sie in config.json ein anderes „listen“.',
  ],
  'app.program_missing/npx': [
    'npx ist nicht im PATH oder antwortet nicht.',
    'Installieren Sie Node.js (https://nodejs.org) für Server aus npm.',
  ],
  'app.program_missing/uvx': [
    'uvx ist nicht im PATH oder antwortet nicht.',
    'Installieren Sie uv (https://docs.astral.sh/uv) für Server aus PyPI.',
  ],
  'app.program_missing/docker': [
    'docker ist nicht im PATH oder antwortet nicht.',
    'Installieren Sie Docker für Server, die als Images kommen.',
  ],
  'app.already_running': [
    'Gatehouse läuft schon mit dem Datenordner {path}.',
    'Verwenden Sie das laufende, beenden Sie es, oder wählen Sie ein anderes --data-dir.',
  ],
  'app.foreign_folder': [
    'Der Ordner {path} gehört einem anderen Benutzer.',
    'Entfernen Sie ihn, oder wählen Sie ein anderes --data-dir.',
  ],
  'app.open_to_network': [
    'Ohne Token darf der Endpunkt nur auf diesem Computer erreichbar sein, nicht unter {host}.',
    'Lassen Sie --no-auth (oder „required“: false) weg, oder verwenden Sie 127.0.0.1.',
  ],
  'gateway.port_in_use': [
    'Port {port} auf {host} wird von einem anderen Programm benutzt.',
    'Beenden Sie jenes Programm, oder wählen Sie mit --listen oder „listen“ in der Konfiguration einen anderen Port.',
  ],
  'gateway.address_unavailable': [
    'Dieser Computer hat keine Adresse {host}.',
    'Verwenden Sie 127.0.0.1 oder eine Adresse, die dieser Computer hat.',
  ],
  'gateway.listen_failed': [
    'Der Endpunkt konnte unter {where} nicht geöffnet werden ({why}).',
    'Wählen Sie eine andere Adresse.',
  ],
  'gateway.listen_failed/rights': [
    'Der Endpunkt konnte unter {where} nicht geöffnet werden ({why}).',
    'Wählen Sie einen Port über 1023.',
  ],
  'internal.unexpected': [
    'Etwas ist unerwartet fehlgeschlagen.',
    'Das ist ein Fehler in Gatehouse. Melden Sie ihn; das Protokoll enthält Einzelheiten.',
  ],
  'bridge.failed': [
    'Gatehouse hat nicht geantwortet.',
    'Versuchen Sie es noch einmal; bleibt es so, starten Sie Gatehouse neu.',
  ],
  'bridge.unknown_name': [
    'Diesen Befehl gibt es nicht.',
    'Starten Sie Gatehouse neu, damit Fenster und Kern dieselbe Version haben.',
  ],
  'ipc.bad_arguments': [
    'Der Befehl ist nicht lesbar.',
    'Starten Sie Gatehouse neu, damit Fenster und Kern dieselbe Version haben.',
  ],
  'ipc.foreign_sender': [
    'Nur die Fenster von Gatehouse dürfen ihm Befehle geben.',
    'Verwenden Sie das Fenster von Gatehouse.',
  ],
  'ipc.unknown_command': [
    'Diesen Befehl gibt es nicht.',
    'Starten Sie Gatehouse neu, damit Fenster und Kern dieselbe Version haben.',
  ],
  'ipc.too_many_commands': [
    'Das Fenster gab zu viele Befehle auf einmal.',
    'Warten Sie eine Sekunde, und versuchen Sie es noch einmal; bleibt es so, starten Sie Gatehouse neu.',
  ],
  'command.unknown': [
    'Den Befehl „{command}“ gibt es nicht.',
    'Aktualisieren Sie Gatehouse; seine Teile haben verschiedene Versionen.',
  ],
  'command.bad_arguments': [
    'Ein Befehl bekam eine falsche Angabe.',
    'Aktualisieren Sie Gatehouse; seine Teile haben verschiedene Versionen.',
  ],
  'desktop.unavailable': [
    'Das geht nur in der Desktop-App, nicht in der Web-Verwaltung.',
    'Tun Sie es auf dem Computer, auf dem Gatehouse läuft.',
  ],
  'desktop.unavailable/config': [
    'Das geht nur in der Desktop-App, nicht in der Web-Verwaltung.',
    'Bearbeiten Sie auf dem Computer, auf dem Gatehouse läuft, diese Datei: {file}. Was gespeichert wird, gilt sofort.',
  ],
  'desktop.unavailable/connect': [
    'Das geht nur in der Desktop-App, nicht in der Web-Verwaltung.',
    'Führen Sie auf dem Computer, auf dem Gatehouse läuft, aus: gatehouse connect.',
  ],
  'desktop.open_failed/config': [
    'Die Konfigurationsdatei konnte nicht geöffnet werden: {fault}',
    'Öffnen Sie sie mit einem Editor Ihrer Wahl: {file}',
  ],
  'desktop.open_failed/settings': [
    'Die Einstellungsdatei konnte nicht geöffnet werden: {fault}',
    'Öffnen Sie sie mit einem Editor Ihrer Wahl: {file}',
  ],
  'desktop.open_failed/bundle': [
    'Das Paket konnte nicht geöffnet werden: {fault}',
    'Öffnen Sie es selbst: {file}',
  ],
  'desktop.open_failed/folder': [
    'Der Ordner konnte nicht geöffnet werden: {fault}',
    'Öffnen Sie ihn mit einem Dateimanager Ihrer Wahl: {path}',
  ],
  'preferences.shortcut_taken': [
    'Die Tasten {keys} sind nicht zu bekommen: Ein anderes Programm oder das System benutzt sie.',
    'Wählen Sie in den Einstellungen andere Tasten.',
  ],
  'preferences.invalid': [
    'Diese Einstellung gibt es nicht.',
    'Wählen Sie einen der Werte, die die Einstellungen anbieten.',
  ],
  'preferences.not_saved': [
    'Die Einstellungen konnten nicht gespeichert werden.',
    'Prüfen Sie, ob der Datenordner beschreibbar ist und die Platte nicht voll.',
  ],
  'startup.not_written': [
    'Die Datei {file} konnte nicht geändert werden.',
    'Prüfen Sie, wer sie und ihren Ordner beschreiben darf.',
  ],
  'startup.not_installed': [
    'Nur die installierte App kann bei der Anmeldung starten.',
    'Installieren Sie Gatehouse, oder fügen Sie es selbst zu den Anmeldeobjekten des Systems hinzu.',
  ],
  'startup.has_secret': [
    'Gatehouse wurde mit einem Geheimnis auf der Befehlszeile gestartet, das in keiner Datei stehen darf.',
    'Bewahren Sie das Token als Geheimnis auf, schreiben Sie "auth": {"token": "${keyring:NAME}"} in die Konfiguration, und starten Sie Gatehouse ohne es.',
  ],
  'settings.port_taken': [
    'Port {port} wird von einem anderen Programm benutzt.',
    'Nichts wurde geändert. Wählen Sie einen anderen Port, etwa einen zwischen 1024 und 65535.',
  ],
  'settings.port_taken/other': [
    '{address} ist nicht zu bekommen ({why}).',
    'Nichts wurde geändert. Wählen Sie einen anderen Port, etwa einen zwischen 1024 und 65535.',
  ],
  'settings.open_without_token': [
    'Ein Endpunkt, den andere erreichen, verlangt immer ein Token.',
    'Verlangen Sie ein Token, oder lassen Sie nur diesen Computer heran.',
  ],
  'settings.said_outside': [
    'Das legt die Befehlszeile fest, mit der Gatehouse gestartet wurde; sie geht der Konfiguration vor.',
    'Starten Sie Gatehouse ohne diese Option.',
  ],
  'activity.unavailable': [
    'Das Aktivitätsprotokoll ist nicht verfügbar; Aufrufe gehen, werden aber nicht aufgezeichnet.',
    'Prüfen Sie, ob der Datenordner beschreibbar ist und die Platte Platz hat, und starten Sie Gatehouse neu. Bleibt es so, installieren Sie es neu.',
  ],
  'activity.calls_lost': [
    '{count} Aufrufe wurden nicht aufgezeichnet: Die Platte kam nicht nach.',
    'Die Aufrufe selbst waren nicht betroffen. Prüfen Sie, ob die Platte des Datenordners Platz hat und nicht stark beschäftigt ist.',
  ],
  'activity.calls_lost/one': [
    '1 Aufruf wurde nicht aufgezeichnet: Die Platte kam nicht nach.',
    'Der Aufruf selbst war nicht betroffen. Prüfen Sie, ob die Platte des Datenordners Platz hat und nicht stark beschäftigt ist.',
  ],
  'activity.damaged': [
    'Das Aktivitätsprotokoll war beschädigt; ein neues wurde begonnen.',
    'Das alte liegt als {kept} bereit; löschen Sie es, wenn Sie es nicht brauchen.',
  ],
  'activity.newer_version': [
    'Das Aktivitätsprotokoll stammt von einer neueren Version von Gatehouse.',
    'Aktualisieren Sie Gatehouse, oder legen Sie die Datei activity.db weg, um ein neues zu beginnen.',
  ],
  'activity.read_failed': [
    'Das Aktivitätsprotokoll konnte nicht gelesen werden.',
    'Versuchen Sie es noch einmal; bleibt es so, prüfen Sie die Platte des Datenordners.',
  ],
  'activity.write_failed': [
    'Das Aktivitätsprotokoll konnte nicht geschrieben werden; Gatehouse versucht es weiter.',
    'Prüfen Sie, ob die Platte des Datenordners Platz hat und beschreibbar ist.',
  ],
  'activity.export_failed': [
    'Der Export konnte nicht geschrieben werden.',
    'Prüfen Sie, ob die Platte des Datenordners Platz hat und beschreibbar ist.',
  ],
  'activity.bad_time': [
    'Der gewünschte Zeitraum endet, bevor er beginnt.',
    'Wählen Sie ein Ende nach dem Anfang.',
  ],
  'secrets.keychain_unavailable': [
    'Der Schlüsselbund des Systems ist nicht nutzbar.',
    'Entsperren Sie den Schlüsselbund, und erlauben Sie Gatehouse, ihn zu benutzen.',
  ],
  'secrets.keychain_unavailable/linux': [
    'Der Schlüsselbund des Systems ist nicht nutzbar.',
    'Starten Sie eine Desktop-Sitzung mit einem Schlüsselbund (GNOME Keyring oder KWallet), und entsperren Sie ihn.',
  ],
  'secrets.keychain_unavailable/off': [
    'Der Schlüsselbund ist abgeschaltet.',
    'Starten Sie Gatehouse ohne GATEHOUSE_KEYCHAIN=off.',
  ],
  'secrets.keychain_gone': [
    'Die Geheimnisse liegen im Schlüsselbund des Systems, der gerade nicht nutzbar ist.',
    'Entsperren Sie ihn, oder melden Sie sich in der Sitzung an, in der sie abgelegt wurden; nichts ist verloren.',
  ],
  'secrets.safe_storage_gone': [
    'Die Geheimnisse liegen in einer Datei, die nur die Desktop-App von Gatehouse mit dem Schlüssel dieser Anmeldung öffnen kann.',
    'Verwenden Sie die Desktop-App in der Sitzung, in der sie abgelegt wurden; nichts ist verloren.',
  ],
  'secrets.damaged': [
    'Die verschlüsselte Datei {file} lässt sich nicht öffnen: Sie ist beschädigt, oder ihr Schlüssel passt nicht.',
    'Stellen Sie Datei und Schlüssel aus einer Sicherung wieder her; oder löschen Sie beide, und legen Sie die Geheimnisse neu ab.',
  ],
  'secrets.file_failed': [
    'Die Datei {file} kann nicht gelesen oder geschrieben werden.',
    'Prüfen Sie, ob der Datenordner beschreibbar ist und die Platte Platz hat.',
  ],
  'secrets.busy': [
    'Ein anderer Prozess schreibt seit Sekunden Geheimnisse ({file}).',
    'Versuchen Sie es noch einmal; läuft sonst nichts von Gatehouse, löschen Sie diese Datei.',
  ],
  'secrets.bad_name': [
    'Das kann nicht der Name eines Geheimnisses sein.',
    'Namen haben 1 bis 128 Zeichen aus A-Z a-z 0-9 _ . @ : / - und beginnen nicht mit „-“.',
  ],
  'secrets.bad_value': [
    'Ein Geheimnis hat 1 bis 65.536 Byte und kein NUL-Zeichen.',
    'Prüfen Sie, was eingegeben wurde.',
  ],
  'secrets.env_missing': [
    '{written} nennt eine Umgebungsvariable, die Gatehouse nicht hat.',
    'Setzen Sie {name}, bevor Gatehouse startet, oder verwenden Sie ${keyring:{name}}.',
  ],
  'secrets.secret_missing': [
    '{written} nennt ein Geheimnis, das nicht abgelegt ist.',
    'Legen Sie {name} in den Einstellungen unter Geheimnisse ab, oder mit: gatehouse secret set {name}',
  ],
  'secrets.unknown_reference': [
    '{written} ist kein Verweis, den Gatehouse kennt.',
    'Bekannt sind ${env:NAME} und ${keyring:name}; ein einfaches „${“ schreibt man als „$${“.',
  ],
  'secrets.not_kept': [
    'Der neue Speicher gab „{name}“ nicht unverändert zurück; nichts wurde verschoben.',
    'Behalten Sie den bisherigen Speicher; nichts ist verloren.',
  ],
  'secrets.not_found': [
    'Ein Geheimnis „{name}“ gibt es nicht.',
    'Sehen Sie in der Liste der Geheimnisse nach.',
  ],
} as const;
