/**
 * What `npm start` tells a person once the app runs: where it is, and one line to try it. The token is never printed;
 * the line fetches it from the running app.
 */

/**
 * @param {Record<string, unknown>} ready the app's ready line
 * @param {readonly string[]} args what the app was started with
 * @returns {string}
 */
export function readyText(ready, args) {
  const cli = `node out/cli.js`;
  const dir = dataDirArgument(args);
  const header = args.includes('--no-auth') ? '' : ` --header "Authorization: Bearer $(${cli} token${dir})"`;
  return [
    `Gatehouse ${ready.version} is ready at ${ready.endpoint} (process ${ready.pid}; Ctrl-C ends it)`,
    `  for Claude Code:   claude mcp add --transport http gatehouse ${ready.endpoint}${header}`,
    `  for other clients: ${cli} connect${dir}`,
  ].join('\n');
}

/**
 * Both spellings of `--data-dir`, as an argument for another command.
 * @param {readonly string[]} args
 */
function dataDirArgument(args) {
  const at = args.findIndex((arg) => arg === '--data-dir' || arg.startsWith('--data-dir='));
  if (at < 0) return '';
  const value = args[at] === '--data-dir' ? args[at + 1] : args[at]?.slice('--data-dir='.length);
  return value === undefined ? '' : ` --data-dir '${value.replaceAll("'", `'\\''`)}'`;
}
