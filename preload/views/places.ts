/** Places in the main window, and the command that leads there. Types only. */

/** A place. `nowhere` is where a link leads that is none: the window says so and stays as it is. */
export interface Place {
  readonly view: 'servers' | 'server' | 'approvals' | 'activity' | 'settings' | 'add' | 'nowhere';
  readonly server: string | null;
  /** For `add`: an address that somebody is to review. */
  readonly paste?: string;
}

/** Commands about windows. */
export interface WindowCommands {
  /** Shows the main window, and a place in it. */
  'window.show': { args: { to: Place | null }; value: null };
}
