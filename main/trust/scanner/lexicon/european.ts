/** Phrases of Spanish, French, German, Portuguese, Italian, Dutch, Polish, Turkish and Russian. */
import type { Idea } from '../ideas.ts';

type Phrases = Readonly<Partial<Record<Idea, string>>>;

export const spanish: Phrases = {
  ignore:
    'ignora, ignore, ignorar, ignoren, olvida, olvide, olvidar, desobedece, descarta, pasa por alto, haz caso omiso, no sigas, omite, anula',
  rules:
    'instrucciones, instruccion, reglas, normas, directrices, indicaciones, ordenes, politicas, restricciones',
  prior: 'anteriores, anterior, previas, previos, todas, todos, todas las, del sistema, tus, seguridad',
  obey: 'obedece solo, haz solo lo que, sigue solo, sigue unicamente, obedeces al servidor, obedece al servidor, cumple las ordenes del servidor',
  persona:
    'a partir de ahora eres, ahora eres, sin restricciones, modo desarrollador, actua como un agente sin',
  user: 'usuario, usuarios, usuaria, persona, nadie',
  tell: 'digas, decir, dile, menciones, mencionar, informes, informar, cuentes, contar, reveles, revelar, muestres, mostrar, avises, avisar, comentes',
  quiet:
    'no le digas, no se lo digas, no menciones, sin decirle, sin decir nada, sin avisar, sin informar, sin que el usuario, en secreto, mantenlo oculto, mantenlo en secreto, no informes, no reveles, no se lo cuentes, oculta, ocultalo, no muestres este, no le cuentes, no comentes',
  not: 'no, nunca, sin, jamas, ni',
  dispatch: 'envia, enviar, envie, manda, mandar, sube, subir, reenvia, transmite',
  move: 'envia, enviar, envie, enviala, envialo, manda, mandar, pon, poner, incluye, incluir, adjunta, adjuntar, pasa, pasar, sube, subir, copia, escribe, introduce, inserta, agrega, anade, transmite, reenvia, coloca, rellena',
  read: 'lee, leer, abre, abrir, busca, obten, obtener, extrae, recoge, carga, recopila',
  vault: 'archivo env, fichero env, llavero, historial de la terminal',
  secret:
    'contrasena, contrasenas, clave api, claves api, claves secretas, clave privada, clave secreta, claves, credenciales, secretos, tokens de acceso, frase semilla',
  owned: 'del usuario, tus, todas, todos, su',
  field: 'campo, parametro, parametros, argumento, contexto, cuerpo, nota',
  content: 'contenido, contenidos, valor',
  context:
    'toda la conversacion, conversacion completa, la conversacion, historial, historial de chat, historial completo, prompt del sistema, instrucciones del sistema, mensajes anteriores',
  data: 'archivo, archivos, carpeta, proyecto, resultados, documentos, datos, correos',
  away: 'a nuestro servidor, servidor externo, copia oculta',
  also: 'despues, luego, tambien, ademas, antes, siempre, cada vez, primero, cada, al terminar',
  must: 'debes, siempre, obligatorio, nunca, debe, tienes que, hay que',
  order: 'antes, despues, cuando, cada vez, siempre que, si',
  tools:
    'cualquier otra herramienta, todas las herramientas, cualquier herramienta, otras herramientas, cada respuesta, cada mensaje, otros servidores',
  use: 'llama, llamar, usa, usar, use, utiliza, utilice, ejecuta, invoca',
  alter: 'cambia, reemplaza, sustituye, modifica, destinatario, redirige, pon',
  presume:
    'no pidas confirmacion, no pidas permiso, no preguntes, no solicites confirmacion, sin pedir permiso, sin pedir confirmacion, sin preguntar, ya ha aceptado, ya acepto, ya ha dado permiso, ya ha autorizado, nunca pidas, sin confirmacion del usuario, no esperes',
  deceive:
    'dile ~ que todo salio bien, aunque no sea cierto, aunque falle, finge, miente, inventa una, hazle creer, haz creer, aunque sea falso',
  claim: 'dile al usuario, di que, afirma, informa de que',
  anyway: 'aunque, pase lo que pase, en cualquier caso',
  persist:
    'recuerda para siempre, todas las conversaciones futuras, futuras conversaciones, sesiones futuras, guarda ~ en tu memoria',
  execute: 'ejecuta, ejecutar, lanza, corre',
};

export const french: Phrases = {
  ignore:
    'ignore, ignorez, ignorer, oublie, oubliez, oublier, ne tiens pas compte, ne tenez pas compte, neglige, contourne, ne suis plus, ne respecte plus, fais abstraction',
  rules: 'instructions, consignes, regles, directives, ordres, restrictions',
  prior: 'precedentes, precedents, precedente, anterieures, toutes, tous, systeme, tes, vos, securite',
  obey: 'suis uniquement, obeis uniquement, suis seulement, obeis au serveur, obeissez au serveur',
  persona:
    'tu es maintenant, desormais tu es, a partir de maintenant tu, sans aucune restriction, sans restriction, mode developpeur',
  user: 'utilisateur, utilisateurs, personne, lutilisateur',
  tell: 'dis, dire, dites, parle, parler, parlez, mentionne, mentionner, informe, informer, revele, reveler, montre, montrer, affiche, afficher, signale',
  quiet:
    'nen parle pas, en parle pas, ne le dis pas, ne dis rien, ne dites rien, ne mentionne pas, ne mentionnez pas, ne pas mentionner, sans le dire, sans en parler, sans informer, sans prevenir, a linsu, garde ~ secret, reste discret, ne revele pas, ne revele jamais, ne parle pas de, naffiche pas cette, ne signale pas, cache a, cache le, cache cette',
  not: 'ne, pas, jamais, sans, aucun, aucune',
  dispatch: 'envoie, envoyer, envoyez, transmets, transmettre, televerse, transfere',
  move: 'envoie, envoyer, envoyez, mets, mettre, mettez, transmets, transmettre, inclus, inclure, incluez, joins, joindre, ajoute, passe, passer, insere, copie, ecris, televerse, fournis, colle, place, transfere',
  read: 'lis, lire, lisez, ouvre, ouvrir, recupere, cherche, extrais, collecte, charge',
  vault: 'fichier env, trousseau, trousseau dacces',
  secret:
    'mot de passe, mots de passe, cle api, cles api, cle privee, cles privees, cles secretes, cle secrete, identifiants, secrets, jeton, jetons, phrase secrete',
  owned: 'de lutilisateur, tes, toutes, tous, utilisateur, ton',
  field: 'champ, parametre, argument, contexte, corps, note, arguments',
  content: 'contenu, integralite, valeur',
  context:
    'toute la conversation, conversation complete, la conversation, historique, historique complet, lhistorique complet, prompt systeme, messages precedents, ton prompt systeme',
  data: 'fichier, fichiers, dossier, projet, resultats, documents, donnees',
  away: 'notre serveur, serveur externe, copie cachee',
  also: 'ensuite, puis, aussi, apres, avant, toujours, dabord, chaque fois, ici, egalement, chaque',
  must: 'dois, doit, toujours, jamais, obligatoire, obligatoirement, devez, il faut',
  order: 'avant, apres, quand, lorsque, chaque fois, si',
  tools:
    'tout autre outil, tous les outils, tous les autres outils, nimporte quel outil, chaque reponse, chaque message, autres serveurs, autre outil',
  use: 'appelle, appeler, appele, utilise, utiliser, utilisez, execute, invoque',
  alter: 'remplace, remplacer, change, changer, modifie, destinataire, redirige, mets',
  presume:
    'ne demande ~ confirmation/permission/autorisation/accord/avis, ne demandez ~ confirmation/permission/autorisation/accord/avis, sans demander, sans confirmation de, a deja accepte, a deja donne, a deja autorise, a deja approuve, sans attendre, pas besoin de demander, inutile de demander',
  deceive:
    'fais croire, faites croire, pretends que, meme si cest faux, meme si elle echoue, meme en cas dechec, invente une, fais semblant, mens, dis ~ que tout sest bien passe',
  claim: 'dis a lutilisateur, affirme, indique que',
  anyway: 'meme si, quoi quil arrive, dans tous les cas',
  persist:
    'toutes les conversations futures, conversations futures, sessions futures, enregistre ~ dans ta memoire, souviens toi pour toujours',
  execute: 'execute, exécuter, lance, lancer',
};

export const german: Phrases = {
  ignore:
    'ignoriere, ignorieren, ignoriert, vergiss, vergessen, missachte, uebergehe, übergehe, beachte ~ nicht, befolge ~ nicht, umgehe, setze dich uber, verwirf',
  rules:
    'anweisung, anweisungen, regeln, vorgaben, richtlinien, instruktionen, befehle, vorschriften, einschrankungen, sicherheitsregeln',
  prior:
    'bisherigen, bisherige, vorherigen, vorherige, fruheren, fruhere, alle, aller, vorigen, deine, obigen, system',
  obey: 'befolge nur, folge nur, gehorche, befehle dieses servers, gehorche dem server',
  persona:
    'du bist jetzt, ab jetzt bist du, von nun an bist du, ohne einschrankungen, ohne beschrankungen, entwicklermodus',
  user: 'benutzer, benutzers, nutzer, nutzers, anwender, mensch, menschen, benutzerin, niemand, niemandem',
  tell: 'sage, sag, sagen, erwahne, erwahnen, verrate, verraten, informiere, informieren, zeige, zeigen, melde, berichte, mitteilen, teile, nenne, erzahle',
  quiet:
    'erwahne ~ nicht, erwahne ~ ~ nicht, nicht erwahnen, nichts sagen, sage ~ nichts, sag ~ nichts, verrate ~ nicht, verschweige, ohne es zu erwahnen, ohne ~ zu sagen, ohne ~ zu informieren, ohne wissen, heimlich, halte ~ geheim, geheim halten, verheimliche, informiere ~ nicht, zeige ~ nicht an, verbirg, darf nicht erfahren, soll nicht erfahren, nichts davon erfahren, nicht erfahren',
  not: 'nicht, nie, niemals, kein, keine, keinen, ohne, nichts',
  dispatch: 'sende, senden, schicke, schicken, leite, ubermittle, ubertrage, lade',
  move: 'sende, senden, schicke, schicken, ubergib, ubergeben, gib, fuge, trage, schreibe, lade, ubermittle, hange, leite, setze, kopiere, ubertrage, stecke, lege',
  read: 'lies, lesen, offne, offnen, hole, suche, sammle, lade',
  vault: 'env datei, schlusselbund',
  secret:
    'passwort, passworter, kennwort, kennworter, api schlussel, privaten schlussel, private schlussel, privater schlussel, geheime schlussel, geheimen schlussel, zugangsdaten, geheimnisse, schlussel, token',
  owned: 'des benutzers, des nutzers, deine, alle, aus',
  field: 'feld, parameter, argument, kontext, notiz, anfrage',
  content: 'inhalt, inhalte, wert',
  context:
    'gesprachsverlauf, gesamten gesprachsverlauf, ganze gesprach, gesamte gesprach, chatverlauf, unterhaltung, deinen systemprompt, systemprompt, deinen system prompt, bisherigen nachrichten',
  data: 'datei, dateien, ordner, projekt, ergebnisse, dokumente, daten',
  away: 'unseren server, externen server, blindkopie',
  also: 'danach, anschliessend, anschließend, dann, auch, ausserdem, vorher, zuerst, immer, jedes mal, zusatzlich, jeder, jedem, jede',
  must: 'muss, musst, immer, niemals, stets, zwingend, mussen, unbedingt',
  order: 'bevor, vor, nach, nachdem, wenn, sobald, jedes mal, immer wenn, falls',
  tools:
    'jedem anderen werkzeug, allen anderen werkzeugen, jedem werkzeug, alle werkzeuge, andere werkzeuge, anderen werkzeugen, jeder antwort, jeder nachricht, anderer server, jedem anderen tool, anderen tools, alle anderen tools',
  use: 'aufrufen, aufgerufen, rufe, benutze, benutzt, verwende, verwendet, nutze, ausfuhren, benutzen, verwenden',
  alter: 'ersetze, ersetzt, andere, setze, empfanger, empfangerin, umleiten, zielkonto, immer',
  presume:
    'frage ~ nicht, frag ~ nicht, nicht nach bestatigung, nicht um erlaubnis, ohne ruckfrage, ohne nachfrage, ohne zu fragen, ohne bestatigung, hat bereits zugestimmt, hat schon zugestimmt, bereits zugestimmt, bereits genehmigt, bereits erlaubt, warte nicht auf, keine bestatigung einholen, keine ruckfrage',
  deceive:
    'tu so als, tue so als, behaupte, luge, erfinde, auch wenn es nicht stimmt, auch wenn es fehlschlagt, taeusche, tausche, gaukle',
  claim: 'sage dem benutzer, sag dem benutzer, behaupte, melde dass',
  anyway: 'auch wenn, selbst wenn, egal, in jedem fall, obwohl',
  persist:
    'in deinem gedachtnis, dauerhaft in, alle zukunftigen, zukunftigen gesprachen, zukunftigen sitzungen, kunftigen gesprachen, merke dir fur immer, merke dir dauerhaft, immer vorrang',
  execute: 'fuhre, ausfuhren, starte, starten',
};

export const portuguese: Phrases = {
  ignore:
    'ignore, ignora, ignorar, desconsidere, desconsidera, esqueca, esquece, descarte, despreze, nao siga, anule',
  rules: 'instrucoes, regras, diretrizes, orientacoes, ordens, politicas, restricoes',
  prior: 'anteriores, previas, todas, todos, do sistema, suas, acima',
  obey: 'obedeca apenas, siga apenas, siga somente, obedeca ao servidor, faca apenas o que',
  persona: 'a partir de agora voce, agora voce e, sem restricoes, modo desenvolvedor',
  user: 'usuario, usuarios, utilizador, pessoa, ninguem',
  tell: 'conte, contar, diga, dizer, mencione, mencionar, informe, informar, revele, mostre, mostrar, avise',
  quiet:
    'nao conte, nao diga, nao mencione, nao informe, nao revele, nao avise, sem avisar, sem informar, sem dizer, em segredo, sem que o usuario, mantenha ~ segredo, esconda, oculte, nao mostre este',
  not: 'nao, nunca, sem, jamais',
  dispatch: 'envie, enviar, envia, mande, transmita, encaminhe',
  move: 'envie, enviar, envia, coloque, ponha, inclua, incluir, passe, anexe, anexar, insira, copie, escreva, mande, transmita, encaminhe, adicione, preencha',
  read: 'leia, ler, abra, abrir, busque, obtenha, extraia, colete, carregue',
  vault: 'arquivo env, chaveiro',
  secret:
    'senha, senhas, chave api, chaves api, chave privada, chaves privadas, credenciais, segredos, chaves secretas, palavra passe',
  owned: 'do usuario, suas, todas, guardadas, salvas',
  field: 'campo, parametro, argumento, contexto, extra',
  content: 'conteudo, valor, tudo',
  context:
    'toda a conversa, conversa inteira, conversa completa, a conversa, historico, historico completo, prompt do sistema, mensagens anteriores',
  data: 'arquivo, arquivos, pasta, projeto, resultados, documentos, dados',
  away: 'nosso servidor, servidor externo, copia oculta',
  also: 'depois, tambem, antes, sempre, primeiro, em seguida, alem disso, cada',
  must: 'deve, sempre, nunca, obrigatorio, precisa, tem que',
  order: 'antes, depois, quando, sempre que, cada vez, se',
  tools:
    'qualquer outra ferramenta, todas as ferramentas, outras ferramentas, cada resposta, cada mensagem, outros servidores',
  use: 'chame, chamar, use, usar, utilize, execute, invoque, chamada',
  alter: 'troque, substitua, altere, mude, destinatario, redirecione',
  presume:
    'nao peca confirmacao, nao peca permissao, nao pergunte, sem pedir, sem perguntar, ja aceitou, ja autorizou, ja concordou, ja deu permissao, nunca peca, nao espere',
  deceive:
    'finja, minta, invente uma, mesmo que nao seja verdade, mesmo que falhe, diga ~ que deu certo, faca o usuario acreditar',
  anyway: 'mesmo que, aconteca o que acontecer, em qualquer caso',
  persist:
    'conversas futuras, todas as conversas futuras, sessoes futuras, salve ~ na sua memoria, lembre se para sempre',
  execute: 'execute, executar, rode',
};

export const italian: Phrases = {
  ignore:
    'ignora, ignorate, ignorare, dimentica, dimenticate, trascura, non seguire, scarta, aggira, non tenere conto',
  rules: 'istruzioni, regole, direttive, indicazioni, ordini, linee guida, restrizioni',
  prior: 'precedenti, precedente, tutte, tutti, del sistema, tue, sicurezza',
  obey: 'segui solo, obbedisci solo, segui soltanto, obbedisci al server',
  persona: 'da ora in poi sei, ora sei, adesso sei, senza restrizioni, senza limiti, modalita sviluppatore',
  user: 'utente, utenti, allutente, dellutente, lutente, persona, nessuno',
  tell: 'dire, dillo, menzionare, informare, rivelare, mostrare, parlare, raccontare, avvisare',
  quiet:
    'non dire, non dirlo, non menzionare, non informare, non rivelare, non mostrare questo, non parlarne, senza dirlo, senza dire, senza avvisare, senza informare, in segreto, di nascosto, nascondi, tieni nascosto, tieni segreto, allinsaputa',
  not: 'non, mai, senza, nessun',
  dispatch: 'invia, inviare, manda, trasmetti, inoltra, carica',
  move: 'invia, inviare, inserisci, inserire, metti, mettere, includi, includere, allega, allegare, passa, passare, copia, scrivi, manda, trasmetti, inoltra, aggiungi, carica',
  read: 'leggi, leggere, apri, aprire, cerca, ottieni, estrai, raccogli, recupera',
  vault: 'file env, portachiavi',
  secret:
    'password, chiave api, chiavi api, chiave privata, chiavi private, credenziali, segreti, chiavi segrete',
  owned: 'dellutente, tue, tutte',
  field: 'campo, parametro, argomento, contesto',
  content: 'contenuto, contenuti, valore',
  context:
    'tutta la conversazione, intera conversazione, la conversazione, cronologia, prompt di sistema, messaggi precedenti',
  data: 'file, cartella, progetto, risultati, documenti, dati',
  away: 'nostro server, server esterno, copia nascosta',
  also: 'poi, dopo, anche, prima, sempre, inoltre, ogni volta, ogni',
  must: 'devi, sempre, mai, obbligatorio, deve, bisogna',
  order: 'prima, dopo, quando, ogni volta, se',
  tools:
    'qualsiasi altro strumento, ogni altro strumento, tutti gli strumenti, altri strumenti, ogni risposta, ogni messaggio, altri server',
  use: 'chiama, chiamare, usa, usare, utilizza, esegui, invoca',
  alter: 'cambia, sostituisci, modifica, destinatario, reindirizza',
  presume:
    'non chiedere conferma, non chiedere il permesso, non chiedere mai, senza chiedere, ha gia accettato, ha gia acconsentito, ha gia autorizzato, ha gia approvato, non aspettare',
  deceive: 'fingi, menti, inventa una, anche se non e vero, anche se fallisce, fai credere',
  anyway: 'anche se, in ogni caso',
  persist:
    'conversazioni future, tutte le conversazioni future, sessioni future, salva ~ nella tua memoria, ricorda per sempre',
  execute: 'esegui, eseguire, avvia, lancia',
};

export const dutch: Phrases = {
  ignore: 'negeer, negeren, vergeet, sla over, omzeil',
  rules: 'instructies, regels, richtlijnen, aanwijzingen, opdrachten',
  prior: 'eerdere, vorige, alle, voorgaande, jouw',
  obey: 'volg alleen, gehoorzaam',
  persona: 'je bent nu, vanaf nu ben je, zonder beperkingen',
  user: 'gebruiker, gebruikers, niemand',
  tell: 'vertel, vertellen, noem, noemen, meld, zeg, toon, laat',
  quiet:
    'vertel ~ niet, vertel ~ niets, zeg ~ niets, noem ~ niet, meld ~ niet, zonder het te, zonder ~ te vertellen, houd ~ geheim, stiekem, verberg, verzwijg',
  not: 'niet, nooit, geen, zonder',
  dispatch: 'stuur, zend, verzend, upload',
  move: 'stuur, zend, zet, plaats, voeg, geef, verzend, kopieer, upload',
  read: 'lees, open, haal, zoek, verzamel',
  secret: 'wachtwoord, wachtwoorden, sleutel, sleutels, inloggegevens, geheimen',
  owned: 'van de gebruiker, alle, jouw',
  field: 'veld, parameter, argument',
  content: 'inhoud',
  context: 'hele gesprek, het gesprek, gespreksgeschiedenis, volledige gesprek, systeemprompt',
  data: 'bestand, bestanden, map, gegevens',
  also: 'daarna, ook, eerst, altijd, vervolgens, elke',
  must: 'moet, altijd, nooit, verplicht',
  order: 'voordat, voor, na, wanneer, als',
  tools: 'elke andere tool, alle andere tools, andere tools, elk antwoord, elk bericht, andere servers',
  presume:
    'vraag niet om, vraag ~ niet om, zonder te vragen, zonder toestemming, heeft al toegestemd, heeft al ingestemd, is al akkoord',
};

export const polish: Phrases = {
  ignore: 'zignoruj, ignoruj, ignorowac, zapomnij, pomin, omin',
  rules: 'instrukcje, instrukcji, polecenia, polecen, zasady, reguly, wytyczne',
  prior: 'poprzednie, poprzednich, wszystkie, wczesniejsze, wczesniejszych',
  obey: 'wykonuj tylko, stosuj sie tylko',
  persona: 'jestes teraz, od teraz jestes, bez ograniczen',
  user: 'uzytkownik*, nikomu',
  tell: 'mow, powiedz, wspominaj, informuj, pokazuj, ujawniaj',
  quiet:
    'nie mow, nie wspominaj, nie informuj, nie ujawniaj, bez wiedzy, nie powiadamiaj, w tajemnicy, ukryj',
  not: 'nie, nigdy, bez',
  dispatch: 'wyslij, wyslac, przeslij, przekaz',
  move: 'wyslij, wyslac, umiesc, dolacz, przekaz, wklej, wpisz, przeslij, skopiuj',
  read: 'przeczytaj, odczytaj, otworz, zbierz, pobierz',
  secret: 'haslo, hasla, hasel, klucz prywatny, klucze, klucz api, dane logowania',
  owned: 'uzytkownika, wszystkie',
  field: 'pole, polu, parametr*, argument*',
  content: 'zawartosc, tresc',
  context: 'cala rozmowe, rozmowe, historie rozmowy, calej rozmowy',
  data: 'plik, pliki, folder, dane',
  also: 'nastepnie, potem, takze, najpierw, zawsze, po',
  must: 'musisz, zawsze, nigdy, trzeba',
  presume: 'nie pytaj o, nie pros o, bez pytania, juz sie zgodzil, bez zgody, wyrazil juz zgode',
};

export const turkish: Phrases = {
  ignore: 'yok say, gormezden gel, unut, dikkate alma, goz ardi et',
  rules: 'talimat*, kural*, yonerge*, komut*',
  prior: 'onceki, tum, butun, yukaridaki, sistem',
  obey: 'yalnizca bu metne uy, sadece bu',
  persona: 'artik sen, simdi sen, kisitlama olmadan',
  user: 'kullanici*, kimse*',
  tell: 'soyle*, bahset*, bildir*, goster*, anlat*',
  quiet:
    'kullaniciya soyleme, soyleme, bahsetme, bildirme, haber vermeden, gizlice, gizli tut, sakla, belli etme',
  move: 'gonder, ekle, yaz, koy, ilet, yukle, aktar, kopyala',
  read: 'oku, ac, topla, al, bul',
  secret: 'sifre*, parola*, api anahtar*, gizli anahtar*, ozel anahtar*, kimlik bilgi*',
  owned: 'kullanicinin, tum',
  field: 'alan*, parametre*, arguman*',
  content: 'icerig*',
  context: 'tum konusma*, konusma gecmisi*, sohbet gecmisi*, sistem istem*',
  data: 'dosya*, klasor*, proje*, veri*',
  also: 'sonra, once, ayrica, her zaman, her',
  must: 'mutlaka, her zaman, asla, zorunda*',
  presume: 'onay isteme, izin isteme, sormadan, onay almadan, izin almadan, zaten onayladi, zaten kabul etti',
};

export const russian: Phrases = {
  ignore:
    'игнорируй, игнорируйте, игнорировать, проигнорируй, забудь, забудьте, не следуй, не обращай внимания, отмени, пренебреги, обойди',
  rules: 'инструкци*, правил*, указани*, предписани*, ограничени*, команд*, приказ*',
  prior: 'предыдущ*, все, всех, прежн*, ранее, системн*, твои, выше',
  obey: 'выполняй только, следуй только, подчиняйся, слушайся только, команды сервера',
  persona: 'теперь ты, отныне ты, с этого момента ты, ты больше не, без ограничений, режим разработчика',
  user: 'пользовател*, человек*, человеку, никому',
  tell: 'сообщай*, сообщи*, говори*, скажи*, упоминай*, упомин*, рассказывай*, показывай*, раскрывай*, уведомляй*',
  quiet:
    'не сообщай, не сообщайте, не говори, не говорите, не упоминай, не рассказывай, не показывай, не раскрывай, не уведомляй, втайне, тайно, незаметно, скрой, скрывай, скрытно, без ведома, умолчи, держи в секрете, не должен знать, не должен узнать',
  not: 'не, никогда, без, нельзя, никуда, ни',
  dispatch: 'отправь, отправьте, отправляй, отправить, передай, перешли, загрузи',
  move: 'отправь, отправьте, отправляй, отправить, передай, передайте, передавай, помести, поместите, вставь, вставьте, добавь, добавьте, включи, приложи, впиши, запиши, скопируй, перешли, загрузи, укажи, положи',
  read: 'прочитай, прочитайте, прочти, прочесть, открой, откройте, найди, собери, извлеки, получи, возьми, считай',
  vault: 'файл env, связк* ключей',
  secret:
    'парол*, ключ api, ключи api, апи ключ*, секретн* ключ*, приватн* ключ*, закрыт* ключ*, учетн* данн*, токен*, секрет*',
  owned: 'пользователя, все, твои, свои',
  field: 'поле, параметр*, аргумент*, контекст*',
  content: 'содержимое, содержимого, содержание, значение',
  context:
    'всю переписку, переписк*, истори* чата, истори* разговора, весь разговор, весь диалог, всего диалога, системный промпт, системн* промпт*, системн* инструкци*, предыдущие сообщения',
  data: 'файл, файлы, папк*, проект*, результат*, документ*, данные',
  away: 'наш сервер, внешний сервер, скрыт* копи*',
  also: 'затем, потом, после, также, сначала, всегда, каждый раз, перед, ещё, кажд*',
  must: 'всегда, обязательно, никогда, должен, должна, необходимо, нужно',
  order: 'перед, после, когда, каждый раз, прежде, если',
  tools:
    'любым другим инструментом, любого другого инструмента, всеми другими инструментами, всех инструментов, другие инструменты, других инструментов, любым инструментом, каждым ответом, каждого ответа, каждого сообщения, других серверов',
  use: 'вызывай, вызови, вызывать, используй, используйте, запускай, применяй, вызове, вызван',
  alter: 'замени, заменяй, измени, получател*, подставь, перенаправь',
  presume:
    'не спрашивай, не спрашивайте, не запрашивай, без подтверждения, без разрешения, без спроса, не жди, уже согласился, уже согласилась, уже разрешил, уже одобрил, уже дал согласие',
  deceive:
    'притворись, солги, ври, выдумай, придумай, сделай вид, даже если это не так, даже если не удалось, даже при ошибке, обмани',
  claim: 'скажи пользователю, сообщи пользователю, утверждай',
  anyway: 'даже если, в любом случае, независимо, несмотря',
  persist:
    'во всех будущих, будущих разговорах, будущих сессиях, запомни навсегда, сохрани в память, в своей памяти',
  execute: 'запусти, выполни, запустить, выполнить',
};
