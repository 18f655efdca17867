/** What commands about installing a server's program carry. Types only. */

/** How an installation stands. */
export interface InstallView {
  /** Of this run; `server.installOutput` and `server.cancelInstall` carry it. */
  readonly run: string;
  /** Where it runs: its container's image, or a folder of this computer. */
  readonly where: { readonly kind: 'container' | 'folder'; readonly name: string };
}

/** An installation that was begun earlier and still runs. */
export interface RunningInstallView extends InstallView {
  /** As it was given. */
  readonly line: string;
}

/** More of what an installation has written. */
export interface InstallOutput {
  /** With the escape sequences of terminals, as it was written; the beginning is cut off where there was too much. */
  readonly text: string;
  /** Where to go on from. */
  readonly next: number;
  /** Null while it runs. */
  readonly ended: {
    readonly how: 'done' | 'failed' | 'cancelled' | 'too-long';
    readonly code: number | null;
  } | null;
}

/** The commands of this topic. */
export interface InstallCommands {
  /** Runs a line of the shell where the server's program runs: in a container like its own, or in its folder. One at a time. */
  'server.install': { args: { server: string; line: string }; value: InstallView };
  /** Waits until there is more than `from`, or it has ended, or some seconds are over. */
  'server.installOutput': { args: { server: string; run: string; from: number }; value: InstallOutput };
  /** The one that runs; null when none does. */
  'server.installation': { args: { server: string }; value: RunningInstallView | null };
  'server.cancelInstall': { args: { server: string; run: string }; value: null };
}
