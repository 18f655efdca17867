/** German, the part about the web admin; see `de.ts`. */
import type { admin as source } from './en-admin.ts';
import type { Translation } from './message.ts';

export const admin: Translation<typeof source, 'one' | 'other'> = {
  'web.title': 'Anmelden',
  'web.setup_title': 'Passwort festlegen',
  'web.setup_help':
    'Die Web-Verwaltung hat noch keines. Wer es kennt, kann auf diesem Computer Programme ausführen: Wählen Sie eines, das niemand errät.',
  'web.code': 'Einrichtungscode',
  'web.code_help': 'Gatehouse hat ihn dort ausgegeben, wo es gestartet wurde.',
  'web.password': 'Passwort',
  'web.new_password': 'Neues Passwort',
  'web.password_help': 'Mindestens {least} Zeichen.',
  'web.repeat': 'Neues Passwort, noch einmal',
  'web.current_password': 'Bisheriges Passwort',
  'web.sign_in': 'Anmelden',
  'web.signing_in': 'Wird angemeldet',
  'web.set_password': 'Passwort festlegen',
  'web.setting_password': 'Wird festgelegt',
  'web.show': 'Passwort anzeigen',
  'web.over': 'Sie wurden abgemeldet. Melden Sie sich wieder an.',
  'web.password_changed': 'Das Passwort ist geändert. Melden Sie sich mit dem neuen an.',
  'web.forgotten':
    'Passwort vergessen? Legen Sie auf dem Computer, auf dem Gatehouse läuft, ein anderes fest:',
  'web.elsewhere': 'Das erste Passwort wird auf dem Computer festgelegt, auf dem Gatehouse läuft:',
  'web.elsewhere_help': 'Laden Sie danach diese Seite neu.',
  'web.unreachable': 'Gatehouse antwortet nicht',
  'web.asking': 'Gatehouse wird gefragt',
  'web.wrong_repeat': 'Das sind zwei verschiedene Passwörter.',
  'web.too_short': 'Das Passwort braucht mindestens {least} Zeichen.',
  'web.missing_code': 'Geben Sie den Einrichtungscode ein.',
  'web.missing_password': 'Geben Sie das Passwort ein.',
  'web.menu': 'Web-Verwaltung',
  'web.change_password': 'Passwort ändern',
  'web.change_help': 'Alle, die an dieser Web-Verwaltung angemeldet sind, werden abgemeldet, auch Sie.',
  'web.given_help': 'Das Passwort kommt aus der Umgebung von Gatehouse und wird dort geändert.',
  'web.close': 'Schließen',
  'web.sign_out': 'Abmelden',
  'web.lost': 'Verbindung unterbrochen. Neuer Versuch läuft',
};
