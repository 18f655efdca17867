/** Problems of containers and terminals, in German: what happened, and what to do. */

export const containers = {
  'isolation.engine_not_found': [
    'Auf diesem Computer wurde keine Container-Engine gefunden.',
    'Installieren Sie Docker oder Podman, oder fahren Sie ohne Container fort.',
  ],
  'isolation.engine_forbidden': [
    'Unter {endpoint} gibt es eine Container-Engine, aber Sie dürfen sie nicht benutzen.',
    'Nehmen Sie sich in die Gruppe „docker“ auf und melden sich neu an, oder verwenden Sie Docker oder Podman ohne Root-Rechte.',
  ],
  'isolation.engine_refused': [
    'Unter {endpoint} ist eine Container-Engine eingerichtet, sie läuft aber nicht.',
    'Starten Sie Docker Desktop oder den Dienst von Docker oder Podman.',
  ],
  'isolation.engine_silent': [
    'Die Container-Engine unter {endpoint} antwortet nicht rechtzeitig.',
    'Vielleicht startet sie noch; warten Sie ein wenig, oder starten Sie sie neu.',
  ],
  'isolation.engine_unusable': [
    'Die Container-Engine ({endpoint}) ist nicht nutzbar.',
    'Prüfen Sie DOCKER_HOST, und ob `docker version` in einem Terminal geht.',
  ],
  'isolation.engine_lost': [
    'Die Container-Engine ist weg.',
    'Starten Sie Docker oder Podman wieder; der Server startet dann von selbst.',
  ],
  'isolation.bad_engine': [
    'Die Adresse der Container-Engine ist nicht brauchbar.',
    'Korrigieren Sie DOCKER_HOST oder „engine“ in „isolation“: etwa unix:///path, tcp://host:2376 oder ssh://user@host.',
  ],
  'isolation.unsafe': [
    'Der Server wird nicht gestartet, weil seine Konfiguration die Isolation schwächt.',
    'Entfernen Sie das aus „isolation“; wenn Sie es wirklich wollen, setzen Sie dort „unsafe“: true.',
  ],
  'isolation.bad_option': [
    'Die Option „{option}“ eines Containers ist nicht verwendbar.',
    'Entfernen oder korrigieren Sie sie in „extraArgs“.',
  ],
  'isolation.bad_option/volume': [
    'Die Option „--volume“ nennt keinen Ordner dieses Computers.',
    'Schreiben Sie ihn unter „mounts“.',
  ],
  'isolation.bad_host': [
    '„{host}“ in „allow“ ist kein Name eines Hosts.',
    'Schreiben Sie etwa api.example.com, *.example.com oder db.example.com:5432.',
  ],
  'isolation.not_contained': [
    'Der Server „{server}“ läuft nicht in einem Container, daher lässt sich sein Netzwerk nicht begrenzen.',
    'Setzen Sie für ihn zuerst "isolation": {"mode": "container"}.',
  ],
  'isolation.not_asked': [
    'Der Server „{server}“ hat seit dem Start von Gatehouse nicht nach {host} gefragt.',
    'Sehen Sie noch einmal auf seiner Seite nach, oder schreiben Sie den Host unter „allow“ in seine „isolation“.',
  ],
  'isolation.bad_user': [
    '„user“ des Containers hat nicht die Form uid oder uid:gid.',
    'Schreiben Sie etwa „1000:1000“, oder lassen Sie es weg.',
  ],
  'isolation.bad_variable': [
    'Einem isolierten Server kann keine Variable namens „{name}“ gegeben werden.',
    'Namen in „env“ bestehen aus Buchstaben, Ziffern und „_“ und beginnen nicht mit einer Ziffer.',
  ],
  'isolation.no_image': [
    'Es ist nicht bekannt, welches Image das Programm „{program}“ hat.',
    'Nennen Sie eines: „image“ in der „isolation“ des Servers.',
  ],
  'isolation.no_launcher': [
    'Das Image „{image}“ hat weder Shell noch Node.js noch Python, daher lassen sich Geheimnisse nicht vertraulich übergeben.',
    'Verwenden Sie ein Image mit Shell, oder konfigurieren Sie den Server ohne Verweise wie ${keyring:name}.',
  ],
  'isolation.no_such_image': [
    'Die Container-Engine hat kein Image „{image}“.',
    'Korrigieren Sie den Namen; ein Server, der es verwendet, lädt es herunter.',
  ],
  'isolation.pull_failed': [
    'Das Image „{image}“ konnte nicht heruntergeladen werden: {why}',
    'Prüfen Sie den Namen und das Netzwerk, oder nennen Sie ein anderes „image“ in der „isolation“ des Servers.',
  ],
  'isolation.image_changed': [
    'Das Image „{image}“ ist nicht mehr das bisherige ({before}, jetzt {now}).',
    'Wenn Sie das erwartet haben, stimmen Sie zu: gatehouse image approve {image}',
  ],
  'isolation.mount_missing': [
    '„{path}“, das der Server sehen soll, gibt es nicht oder ist nicht zugänglich.',
    'Legen Sie es an, oder korrigieren Sie „mounts“ in der „isolation“ des Servers.',
  ],
  'isolation.mount_refused': [
    'Kein Server darf „{path}“ sehen.',
    'Nennen Sie in „mounts“ nur den einen Ordner, den der Server braucht.',
  ],
  'isolation.remote_mounts': [
    'Die Engine unter {endpoint} läuft auf einem anderen Computer, der die Pfade von diesem nicht hat.',
    'Entfernen Sie „mounts“ aus der „isolation“ des Servers, oder verwenden Sie eine Engine auf diesem Computer.',
  ],
  'isolation.egress_failed': [
    'Der Proxy, über den isolierte Server das Netzwerk erreichen, läuft nicht.',
    'Prüfen Sie, ob die Engine Netzwerke anlegen kann, oder setzen Sie „network“ des Servers auf „none“ oder „bridge“.',
  ],
  'isolation.start_failed': [
    'Die Container-Engine konnte keinen Container aus „{image}“ starten: {why}',
    'Versuchen Sie `docker run --rm IMAGE` in einem Terminal; dessen Fehlermeldung verrät mehr.',
  ],
  'isolation.start_failed/rights': [
    'Die Container-Engine konnte keinen Container aus „{image}“ starten: {why}',
    'Vielleicht fehlen der Engine auf diesem Computer Rechte; versuchen Sie `docker run --rm IMAGE` in einem Terminal.',
  ],
  'isolation.stopped': [
    'Der Server wurde angehalten, bevor sein Container gestartet war.',
    'Schalten Sie ihn wieder ein.',
  ],
  'terminal.host_off': [
    'Terminals auf diesem Computer selbst sind ausgeschaltet.',
    'Schreiben Sie "terminal": {"onThisComputer": true} in die Konfiguration, wenn jeder, der diese Seite öffnen kann, alles tun darf, was Sie dürfen.',
  ],
  'terminal.no_container': [
    '„{server}“ läuft nicht in einem Container.',
    'Setzen Sie für ihn zuerst "isolation": {"mode": "container"}.',
  ],
  'terminal.not_running': [
    'Der Container von „{server}“ läuft nicht.',
    'Schalten Sie den Server ein, und sehen Sie in sein Protokoll, wenn er nicht startet.',
  ],
  'terminal.no_shell': [
    'Im Container konnte keine Shell gestartet werden.',
    'Wählen Sie ein Image mit /bin/sh, oder sehen Sie in das Protokoll des Servers.',
  ],
  'terminal.remote': [
    '„{server}“ läuft auf einem anderen Computer: Hier gibt es kein Terminal für ihn.',
    'Wählen Sie einen Server, der ein Programm ist.',
  ],
  'terminal.failed': [
    'Die Shell {file} konnte nicht gestartet werden.',
    'Prüfen Sie, ob es sie und ihren Ordner gibt.',
  ],
  'terminal.unavailable': [
    'Der Teil von Gatehouse, der auf diesem Computer Terminals öffnet, kann nicht geladen werden.',
    'Installieren Sie Gatehouse neu; es gibt diesen Teil für Linux, macOS und Windows auf x64 und arm64.',
  ],
  'terminal.too_many': ['Zu viele Terminals sind offen.', 'Schließen Sie zuerst eines davon.'],
  'terminal.unknown': [
    'Dieses Terminal gibt es hier nicht.',
    'Öffnen Sie es noch einmal; es endet mit der Seite, die es geöffnet hat.',
  ],
  'terminal.no_page': [
    'Ein Terminal wird von einer Seite geöffnet und endet mit ihr.',
    'Öffnen Sie es auf der Seite des Servers, im Fenster oder in der Web-Verwaltung.',
  ],
  'terminal.not_reading': [
    'Das Programm im Terminal liest nicht, was eingegeben wird.',
    'Warten Sie, unterbrechen Sie es mit Strg+C, oder schließen Sie das Terminal.',
  ],
} as const;
