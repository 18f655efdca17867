/**
 * The command line of the desktop entry: takes out what belongs to Chromium, Electron and the shell, so that the rest
 * can be read by the parser that both entries share.
 */

/** Switches that Chromium, Electron, Node's inspector or the systems add; none of them is ours. */
const foreign =
  /^(--(no-sandbox|no-zygote|inspect(-brk|-port)?|remote-debugging-(port|pipe|address)|(disable|enable|force)-[\w-]+|ozone-platform(-hint)?|use-gl|use-angle|lang|user-data-dir|password-store|in-process-gpu|js-flags|allow-file-access-from-files|original-process-start-time|no-first-run|test-type|trace-warnings)(=.*)?|-psn_\w+)$/;

/** What the command line says, in three parts. */
export interface ShellArgs {
  /** For the shared parser: data dir, config, listen, auth, log level. */
  readonly core: readonly string[];
  /** `--hidden`: start in the tray, without the window. */
  readonly hidden: boolean;
  /** `gatehouse://` links, as the systems hand them over. */
  readonly links: readonly string[];
}

/** The arguments without those that are none of ours. */
export function ownArguments(args: readonly string[]): readonly string[] {
  return args.filter((arg) => !foreign.test(arg));
}

/**
 * Reads the arguments after the executable.
 * @param argv the whole `process.argv`
 * @param withAppPath true when Electron runs an app given by path (`process.defaultApp`), which is then argument one
 */
export function readArgv(argv: readonly string[], withAppPath: boolean): ShellArgs {
  const given = ownArguments(argv.slice(withAppPath ? 2 : 1));
  const isLink = (arg: string): boolean => arg.startsWith('gatehouse://');
  return {
    core: given.filter((arg) => arg !== '--hidden' && !isLink(arg)),
    hidden: given.includes('--hidden'),
    links: given.filter(isLink),
  };
}
