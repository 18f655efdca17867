/**
 * Loaded into the app's main process by `--require`: runs what a test sends over a socket, so that the app can be measured
 * without Playwright, which keeps every page awake. Ends with the app.
 */
const { createServer } = require('node:http');

if (process.type === 'browser') {
  const server = createServer((request, response) => {
    let code = '';
    request.on('data', (part) => {
      code += part;
    });
    request.on('end', async () => {
      try {
        const run = new Function('electron', `return (async () => { ${code} })();`);
        response.end(JSON.stringify({ value: (await run(require('electron'))) ?? null }));
      } catch (error) {
        response.end(JSON.stringify({ error: String(error?.stack ?? error) }));
      }
    });
  });
  server.listen(process.env.GATEHOUSE_PROBE);
  server.unref();
}
