/** Problems of servers that do not work, and signing in to them, in German: what happened, and what to do. */

export const servers = {
  'upstream.answered_error': [
    'Der Server beantwortete „{method}“ mit Fehler {number}: {text}.',
    'Sein Protokoll verrät vielleicht mehr.',
  ],
  'upstream.bad_answer': [
    'Die Antwort des Servers ist kein JSON, abgeschnitten oder zu tief verschachtelt.',
    'Der Fehler liegt beim Server; aktualisieren Sie ihn. Sein Protokoll verrät vielleicht mehr.',
  ],
  'upstream.bad_answer/address': [
    'Der Server unter {where} gab eine Antwort, die nicht zu einem MCP-Server passt.',
    'Prüfen Sie, ob die Adresse die eines MCP-Servers ist.',
  ],
  'upstream.bad_ca_file': [
    'Die Datei der Zertifizierungsstellen „{file}“ ist nicht brauchbar.',
    'Korrigieren Sie „caFile“ unter „tls“; die Datei enthält Zertifikate im PEM-Format.',
  ],
  'upstream.bad_directory': [
    'Das Arbeitsverzeichnis „{path}“ gibt es nicht.',
    'Legen Sie es an, oder korrigieren Sie „cwd“ in der Konfiguration.',
  ],
  'upstream.bad_header': [
    'Der Header {header} ist nicht brauchbar.',
    'Korrigieren Sie „headers“ in der Konfiguration oder das Geheimnis, auf das er verweist.',
  ],
  'upstream.bad_list': [
    'Die Antwort des Servers auf „{method}“ ist keine Liste.',
    'Aktualisieren Sie den Server; sein Protokoll verrät vielleicht mehr.',
  ],
  'upstream.bad_url': [
    'Die Adresse des Servers ist nicht brauchbar.',
    'Korrigieren Sie „url“ in der Konfiguration; sie beginnt mit http:// oder https://.',
  ],
  'upstream.command_not_found': [
    'Der Befehl „{command}“ wurde nicht gefunden.',
    'Installieren Sie ihn, oder geben Sie seinen vollen Pfad an; auch der PATH Ihrer Login-Shell wurde durchsucht.',
  ],
  'upstream.command_not_found/spaces': [
    'Der Befehl „{command}“ wurde nicht gefunden.',
    'Entfernen Sie die Leerzeichen davor und dahinter.',
  ],
  'upstream.command_not_found/home': [
    'Der Befehl „{command}“ wurde nicht gefunden.',
    '„~“ steht hier für nichts: Schreiben Sie ${env:HOME} oder den ganzen Pfad.',
  ],
  'upstream.command_not_found/variables': [
    'Der Befehl „{command}“ wurde nicht gefunden.',
    'Schreiben Sie Variablen als ${env:NAME}.',
  ],
  'upstream.command_not_found/arguments': [
    'Der Befehl „{command}“ wurde nicht gefunden.',
    'Schreiben Sie unter „command“ nur „{first}“, und jedes Argument als eigenen Text in „args“.',
  ],
  'upstream.connect_timeout': [
    'Zu {where} kam keine Verbindung rechtzeitig zustande ({code}).',
    'Prüfen Sie die Adresse, das Netzwerk und was dazwischen steht, etwa eine Firewall oder einen Proxy.',
  ],
  'upstream.exited/code': [
    'Der Server endete mit Code {code}.',
    'Sein Protokoll verrät mehr; korrigieren Sie Befehl, Argumente oder Umgebung.',
  ],
  'upstream.exited/code_lines': [
    'Der Server endete mit Code {code}; seine letzten Zeilen: {lines}',
    'Sein Protokoll verrät mehr; korrigieren Sie Befehl, Argumente oder Umgebung.',
  ],
  'upstream.exited/code_why': [
    'Der Server endete mit Code {code} ({why}).',
    'Sein Protokoll verrät mehr; korrigieren Sie Befehl, Argumente oder Umgebung.',
  ],
  'upstream.exited/code_why_lines': [
    'Der Server endete mit Code {code} ({why}); seine letzten Zeilen: {lines}',
    'Sein Protokoll verrät mehr; korrigieren Sie Befehl, Argumente oder Umgebung.',
  ],
  'upstream.exited/signal': [
    'Der Server wurde durch Signal {signal} beendet.',
    'Sein Protokoll verrät mehr; korrigieren Sie Befehl, Argumente oder Umgebung.',
  ],
  'upstream.exited/signal_lines': [
    'Der Server wurde durch Signal {signal} beendet; seine letzten Zeilen: {lines}',
    'Sein Protokoll verrät mehr; korrigieren Sie Befehl, Argumente oder Umgebung.',
  ],
  'upstream.exited/signal_why': [
    'Der Server wurde durch Signal {signal} beendet ({why}).',
    'Sein Protokoll verrät mehr; korrigieren Sie Befehl, Argumente oder Umgebung.',
  ],
  'upstream.exited/signal_why_lines': [
    'Der Server wurde durch Signal {signal} beendet ({why}); seine letzten Zeilen: {lines}',
    'Sein Protokoll verrät mehr; korrigieren Sie Befehl, Argumente oder Umgebung.',
  ],
  'upstream.forbidden': [
    'Der Server unter {where} erlaubt das nicht.',
    'Verwenden Sie ein Konto oder einen Schlüssel mit dem Recht dazu, oder fragen Sie den Betreiber.',
  ],
  'upstream.forbidden/said': [
    'Der Server unter {where} erlaubt das nicht: {excerpt}',
    'Verwenden Sie ein Konto oder einen Schlüssel mit dem Recht dazu, oder fragen Sie den Betreiber.',
  ],
  'upstream.foreign_endpoint': [
    'Der Server unter {where} will seine Nachrichten an einen anderen Ort gesendet haben.',
    'Nur derselbe Ursprung wird angenommen; korrigieren Sie „url“ oder den Server.',
  ],
  'upstream.http_status/now': [
    'Der Server unter {where} antwortete mit Status {status}.',
    'Prüfen Sie die Adresse und was der Server verlangt.',
  ],
  'upstream.http_status/now_said': [
    'Der Server unter {where} antwortete mit Status {status}: {excerpt}',
    'Prüfen Sie die Adresse und was der Server verlangt.',
  ],
  'upstream.http_status/later': [
    'Der Server unter {where} antwortete mit Status {status}.',
    'Die Störung liegt beim Server; versuchen Sie es später noch einmal.',
  ],
  'upstream.http_status/later_said': [
    'Der Server unter {where} antwortete mit Status {status}: {excerpt}',
    'Die Störung liegt beim Server; versuchen Sie es später noch einmal.',
  ],
  'upstream.inspection_ended': [
    'Der Server nannte binnen {seconds} Sekunden nicht, was er anbietet, oder die Prüfung wurde beendet.',
    'Das Protokoll der Prüfung verrät vielleicht mehr; prüfen Sie ihn noch einmal.',
  ],
  'upstream.installing': [
    'Für „{server}“ wird schon etwas installiert.',
    'Warten Sie, bis es fertig ist, oder brechen Sie es ab.',
  ],
  'upstream.no_installation': [
    'Für „{server}“ wird nichts installiert.',
    'Beginnen Sie die Installation noch einmal.',
  ],
  'upstream.not_a_program': [
    '„{server}“ ist ein entfernter Server: Von ihm wird hier nichts installiert.',
    'Wählen Sie einen Server, der ein Programm ist.',
  ],
  'upstream.list_unread': [
    'Der Server meldet, dass sich sein Angebot geändert hat, hat es aber binnen {seconds} Sekunden nicht aufgeführt.',
    'Versuchen Sie es noch einmal; bleibt es so, starten Sie den Server neu.',
  ],
  'upstream.name_not_found': [
    'Der Name des Computers in {where} ist nicht bekannt ({code}).',
    'Prüfen Sie den Namen in „url“ und das Netzwerk.',
  ],
  'upstream.no_transport': [
    'Der Server spricht unter dieser Adresse weder Streamable HTTP noch SSE.',
    'Korrigieren Sie „url“ in der Konfiguration; solche Adressen enden oft mit /mcp oder /sse.',
  ],
  'upstream.not_executable': [
    'Der Befehl „{command}“ darf nicht ausgeführt werden.',
    'Machen Sie die Datei ausführbar, oder nennen Sie das Programm, das sie ausführt.',
  ],
  'upstream.not_executable/directory': [
    'Der Befehl „{command}“ ist ein Verzeichnis.',
    'Nennen Sie das Programm, das ausgeführt werden soll.',
  ],
  'upstream.not_mcp/ended': [
    'Das ist kein MCP-Server: Er schrieb „{text}“ und endete.',
    'Prüfen Sie Befehl und Argumente; manche Programme brauchen eine Option oder einen Unterbefehl für MCP über stdio.',
  ],
  'upstream.not_mcp/silent': [
    'Das ist kein MCP-Server: Er schrieb „{text}“ und antwortete nicht.',
    'Prüfen Sie Befehl und Argumente; manche Programme brauchen eine Option oder einen Unterbefehl für MCP über stdio.',
  ],
  'upstream.not_mcp/echo': [
    'Das ist kein MCP-Server: Er schrieb „{text}“ an uns zurück.',
    'Prüfen Sie Befehl und Argumente; manche Programme brauchen eine Option oder einen Unterbefehl für MCP über stdio.',
  ],
  'upstream.not_mcp/endless': [
    'Das ist kein MCP-Server: Er schrieb „{text}“ und hört nicht auf.',
    'Prüfen Sie Befehl und Argumente; manche Programme brauchen eine Option oder einen Unterbefehl für MCP über stdio.',
  ],
  'upstream.not_mcp/address': [
    'Unter dieser Adresse ist kein MCP-Server.',
    'Korrigieren Sie „url“; solche Adressen enden oft mit /mcp oder /sse.',
  ],
  'upstream.not_reading': [
    'Der Server hat {size} ungelesen gelassen.',
    'Er hängt; sein Protokoll verrät vielleicht mehr. Er wird neu gestartet.',
  ],
  'upstream.not_sse': [
    'Der Server unter {where} spricht nicht den SSE-Transport.',
    'Setzen Sie den Transport auf „http“, oder korrigieren Sie „url“; SSE-Adressen enden oft mit /sse.',
  ],
  'upstream.package_not_found': [
    'Im Verzeichnis gibt es kein Paket „{package}“.',
    'Korrigieren Sie seinen Namen in „args“; private Pakete brauchen ihr Verzeichnis in „env“.',
  ],
  'upstream.pipe_closed/input': [
    'Der Server hat seine Eingabe geschlossen und läuft weiter; er ist nicht mehr ansprechbar.',
    'Sein Protokoll verrät mehr; er wird neu gestartet.',
  ],
  'upstream.pipe_closed/output': [
    'Der Server hat seine Ausgabe geschlossen und läuft weiter; er ist nicht mehr ansprechbar.',
    'Sein Protokoll verrät mehr; er wird neu gestartet.',
  ],
  'upstream.protocol_mismatch': [
    'Der Server spricht andere Protokollversionen, als Gatehouse mit ihm verwenden darf.',
    'Setzen Sie „protocol“ dieses Servers auf „auto“; steht es schon so, aktualisieren Sie den Server oder Gatehouse.',
  ],
  'upstream.proxy_failed': [
    'Der Weg zum Server führt über den Proxy {where}, und der ist nicht nutzbar.',
    'Korrigieren Sie HTTPS_PROXY oder HTTP_PROXY in der Umgebung, oder nennen Sie den Server in NO_PROXY.',
  ],
  'upstream.redirected': [
    'Der Server unter {where} verwies uns woandershin; Schlüssel und Sitzungen gehen nicht mit.',
    'Wenn Sie der anderen Adresse vertrauen, tragen Sie sie in „url“ ein.',
  ],
  'upstream.refused': [
    'Unter {where} antwortet nichts ({code}).',
    'Prüfen Sie, ob der Server läuft, und den Port in „url“; es wird wieder versucht.',
  ],
  'upstream.runtime_missing/unknown': [
    'Der Befehl „{program}“ wird gebraucht und wurde nicht gefunden.',
    'Installieren Sie ihn, oder korrigieren Sie PATH in „env“.',
  ],
  'upstream.runtime_missing/known': [
    'Der Befehl „{program}“ ({runtime}) wird gebraucht und wurde nicht gefunden.',
    'Installieren Sie {runtime} ({address}), und versuchen Sie es noch einmal.',
  ],
  'upstream.runtime_missing/needed_unknown': [
    'Der Befehl „{command}“ braucht „{program}“, das nicht gefunden wurde.',
    'Installieren Sie es, oder korrigieren Sie PATH in „env“.',
  ],
  'upstream.runtime_missing/needed_known': [
    'Der Befehl „{command}“ braucht „{program}“ ({runtime}), das nicht gefunden wurde.',
    'Installieren Sie {runtime} ({address}), und versuchen Sie es noch einmal.',
  ],
  'upstream.runtime_missing/interpreter': [
    'Den Befehl „{command}“ gibt es, aber nicht den Interpreter, den seine erste Zeile nennt.',
    'Installieren Sie diesen Interpreter, oder nennen Sie einen anderen als Befehl und diese Datei in „args“.',
  ],
  'upstream.script_not_found': [
    'Die Datei „{path}“, die „{program}“ ausführen soll, gibt es nicht.',
    'Korrigieren Sie den Pfad in „args“, oder installieren Sie, was dort fehlt; relative Pfade zählen ab „cwd“.',
  ],
  'upstream.session_lost': [
    'Der Server unter {where} hat die Sitzung beendet.',
    'Nichts zu tun; eine neue wird begonnen.',
  ],
  'upstream.spawn_failed': [
    'Der Befehl „{command}“ konnte nicht gestartet werden ({why}).',
    'Versuchen Sie denselben Befehl in einem Terminal; dessen Fehlermeldung verrät mehr.',
  ],
  'upstream.spawn_failed/batch': [
    'Der Befehl „{command}“ ist eine Batch-Datei, deren Argumente keine Zeilenumbrüche enthalten können.',
    'Nennen Sie stattdessen das Programm, das sie startet.',
  ],
  'upstream.start_timeout': [
    'Der Server beantwortete die erste Frage nicht binnen {seconds} Sekunden.',
    'Sein Protokoll verrät vielleicht, warum; lädt er beim ersten Start viel herunter, geben Sie ihm mit „startTimeoutMs“ mehr Zeit.',
  ],
  'upstream.start_timeout/fast': [
    'Der Server beantwortete die erste Frage nicht binnen {ms} ms.',
    'Geben Sie ihm mit „startTimeoutMs“ mehr Zeit.',
  ],
  'upstream.stopped': [
    'Der Server wurde angehalten.',
    'Schalten Sie ihn wieder ein, oder warten Sie, bis er neu gestartet ist.',
  ],
  'upstream.stream_broken': [
    'Der Server unter {where} brach ab, bevor er geantwortet hatte.',
    'Versuchen Sie es noch einmal; ob er die Anfrage ausgeführt hat, ist nicht bekannt.',
  ],
  'upstream.stream_ended': [
    'Der Server unter {where} beendete den Stream, auf dem er antwortet.',
    'Nichts zu tun; er wird wieder verbunden.',
  ],
  'upstream.stream_ended/changes': [
    'Der Server beendete den Stream, auf dem er Änderungen meldet.',
    'Nichts zu tun; er wird wieder geöffnet.',
  ],
  'upstream.timeout': [
    'Der Server antwortete nicht binnen {seconds} Sekunden.',
    'Versuchen Sie es noch einmal, oder geben Sie ihm in seiner Konfiguration mehr Zeit.',
  ],
  'upstream.tls_failed': [
    'Der verschlüsselten Verbindung zu {where} ist nicht zu trauen, oder sie kam nicht zustande ({code}).',
    'Wenn Sie dem Aussteller des Zertifikats vertrauen, nennen Sie dessen Datei in „tls“ unter „caFile“.',
  ],
  'upstream.tls_failed/expired': [
    'Der verschlüsselten Verbindung zu {where} ist nicht zu trauen ({code}).',
    'Der Betreiber muss das Zertifikat erneuern; prüfen Sie auch die Uhr dieses Computers.',
  ],
  'upstream.tls_failed/name': [
    'Der verschlüsselten Verbindung zu {where} ist nicht zu trauen ({code}).',
    'Das Zertifikat gilt für einen anderen Namen: Korrigieren Sie die Adresse in „url“.',
  ],
  'upstream.tls_failed/plain': [
    'Die verschlüsselte Verbindung zu {where} kam nicht zustande ({code}).',
    'Prüfen Sie den Port, und ob die Adresse mit https:// beginnt, wo es http:// sein müsste.',
  ],
  'upstream.too_large': [
    'Die Antwort des Servers ist größer als {size}.',
    'Fragen Sie weniger auf einmal ab, oder erhöhen Sie „maxResultBytes“ dieses Servers.',
  ],
  'upstream.too_large/address': [
    'Der Server unter {where} sandte mehr als {size} in einer Antwort.',
    'Fragen Sie weniger auf einmal ab, oder erhöhen Sie „maxResultBytes“ dieses Servers.',
  ],
  'upstream.too_large/message': [
    'Der Server sandte mehr als {size} in einer Nachricht.',
    'Fragen Sie weniger auf einmal ab. Der Server wird neu gestartet.',
  ],
  'upstream.unauthorized': [
    'Der Server unter {where} will wissen, wer fragt, und hat nicht angenommen, was ihm gezeigt wurde.',
    'Melden Sie sich bei ihm an, oder korrigieren Sie seinen Schlüssel in „headers“.',
  ],
  'upstream.unknown': [
    'Einen Server namens „{server}“ gibt es nicht.',
    'Sehen Sie in der Liste der Server nach.',
  ],
  'upstream.unreachable': [
    'Der Server unter {where} ist nicht zu erreichen ({code}).',
    'Prüfen Sie, ob er läuft und die Adresse stimmt; die nächste Anfrage versucht es wieder.',
  ],
  'upstream.unresponsive': [
    'Der Server hat {count} Mal hintereinander nicht geantwortet, ob er noch da ist.',
    'Er wird neu gestartet; sein Protokoll verrät vielleicht, warum er hing. „healthCheckSeconds“: 0 schaltet diese Prüfung ab.',
  ],
  'signin.needed': [
    'Der Server „{server}“ bittet Sie, sich anzumelden.',
    'Melden Sie sich auf seiner Seite in Gatehouse an.',
  ],
  'signin.needed/again': [
    'Der Server „{server}“ bittet Sie, sich wieder anzumelden.',
    'Melden Sie sich auf seiner Seite in Gatehouse an.',
  ],
  'signin.more_scopes': [
    'Der Server „{server}“ verlangt hierfür weitere Berechtigungen: {scopes}.',
    'Melden Sie sich noch einmal an, und erteilen Sie sie.',
  ],
  'signin.not_accepted': [
    'Der Server „{server}“ nimmt das Token nicht an, das sein Autorisierungsserver eben ausgestellt hat.',
    'Prüfen Sie, ob „url“ die Adresse ist, unter der sich der Server selbst kennt, und die „scopes“; oder fragen Sie den Betreiber.',
  ],
  'signin.discovery_failed': [
    'Wie man sich bei „{server}“ anmeldet, war nicht herauszufinden.',
    'Prüfen Sie „url“ und das Netzwerk; nennt der Server keinen Autorisierungsserver, setzen Sie „issuer“ in seinem „oauth“.',
  ],
  'signin.no_client': [
    'Gatehouse konnte beim Autorisierungsserver von „{server}“ nicht registriert werden.',
    'Registrieren Sie dort selbst eine Anwendung, und setzen Sie „clientId“ (und „clientSecret“) im „oauth“ des Servers.',
  ],
  'signin.port_busy': [
    'Der Browser soll zu Port {port} dieses Computers zurückkehren, den ein anderes Programm benutzt.',
    'Beenden Sie jenes Programm, oder registrieren Sie für diesen Client eine andere „redirectUri“.',
  ],
  'signin.denied': [
    'Die Anmeldung bei „{server}“ wurde abgelehnt ({words}).',
    'Prüfen Sie „clientId“, „scopes“ und „redirectUri“ im „oauth“ des Servers, und melden Sie sich noch einmal an.',
  ],
  'signin.denied/by_user': [
    'Die Anmeldung bei „{server}“ wurde abgelehnt ({words}).',
    'Melden Sie sich noch einmal an, und stimmen Sie zu, oder verwenden Sie ein anderes Konto.',
  ],
  'signin.wrong_issuer': [
    'Die Antwort auf die Anmeldung bei „{server}“ kommt nicht von dem Autorisierungsserver, der gefragt wurde.',
    'An keinen von beiden wurde etwas gesendet. Melden Sie sich noch einmal an; bleibt es so, verwenden Sie diesen Server nicht, und fragen Sie den Betreiber.',
  ],
  'signin.wrong_callback': [
    'Das ist nicht die Adresse, zu der die Anmeldung bei „{server}“ führt.',
    'Fügen Sie die ganze Adresse ein, die der Browser am Ende der zuletzt begonnenen Anmeldung zeigt.',
  ],
  'signin.not_waiting': ['Bei „{server}“ ist keine Anmeldung im Gange.', 'Beginnen Sie eine.'],
  'signin.timeout': [
    'Niemand hat die Anmeldung bei „{server}“ binnen {minutes} Minuten abgeschlossen.',
    'Melden Sie sich noch einmal an.',
  ],
  'signin.cancelled': ['Die Anmeldung bei „{server}“ wurde aufgegeben.', 'Melden Sie sich noch einmal an.'],
  'signin.token_refused': [
    'Der Autorisierungsserver von „{server}“ hat abgelehnt: {words}.',
    'Prüfen Sie „clientId“, „clientSecret“ und „scopes“ im „oauth“ des Servers, und melden Sie sich noch einmal an.',
  ],
  'signin.provider_down': [
    'Der Autorisierungsserver von „{server}“ ist gerade nicht zu erreichen.',
    'Prüfen Sie das Netzwerk; Sie bleiben angemeldet, und es wird wieder versucht.',
  ],
  'signin.not_possible': [
    '„{server}“ ist kein entfernter Server, bei dem man sich anmeldet.',
    'Das sind nur Server mit „url“, ohne eigenen „Authorization“-Header und ohne „enabled“: false in „oauth“.',
  ],
  'signin.forbidden_address': [
    'Der Server nennt eine Adresse, die nicht gefragt wird.',
    'Autorisierungsserver haben Adressen mit https://; fragen Sie den Betreiber des Servers.',
  ],
} as const;
