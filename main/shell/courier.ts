/**
 * How the app starts its own executable once more as the helper that carries token requests. A process of its own and not
 * one of Electron's utility processes: those are ended with the app, however that ends.
 */

/**
 * Executable and arguments; an app given by path and a missing sandbox are handed on.
 * @param flag what `main/index.ts` looks for first
 */
export function desktopCourier(
  { execPath, argv, defaultApp }: Pick<NodeJS.Process, 'execPath' | 'argv' | 'defaultApp'>,
  flag: string,
): { file: string; args: readonly string[] } {
  const path = defaultApp === true ? argv.slice(1, 2) : [];
  return { file: execPath, args: [...path, ...argv.filter((arg) => arg === '--no-sandbox'), flag] };
}
