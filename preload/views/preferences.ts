/** What the desktop app remembers of its user's wishes, and the commands for it. Types only. */

/** What a notice on the desktop is shown for. */
export interface NoticePreferences {
  /** A call waits for a person. */
  readonly calls: boolean;
  /** A new server, or a changed tool, waits for approval. */
  readonly approvals: boolean;
  /** A server wants somebody to sign in. */
  readonly signIn: boolean;
}

/** Preferences of the desktop app; kept in `preferences.json` of the data directory, never secrets. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  /** Starts in the tray, without the window. */
  readonly startHidden: boolean;
  /** BCP 47 tag of the interface language, or `system`. */
  readonly language: string;
  readonly notifications: NoticePreferences;
  /** The keys that open the popover from anywhere, in Electron's spelling such as `CommandOrControl+Shift+G`; null for none. */
  readonly shortcut: string | null;
  /** The first steps are still to be shown: set when a start makes the configuration, taken away when they are done. */
  readonly firstRun: boolean;
}

/** Commands about preferences; answered by the desktop only. */
export interface PreferenceCommands {
  'preferences.get': { args: Record<string, never>; value: Preferences };
  'preferences.set': { args: Partial<Preferences>; value: Preferences };
}
