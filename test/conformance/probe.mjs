/**
 * What the suite does not look at where a server answers without a stream: that the answer to a call arrives although
 * the server closes the call's stream before it (SSE polling of 2025-11-25). Asked with the SDK's own client, which
 * resumes streams.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const limitMs = 10_000;

/**
 * @param {string} url
 * @returns {Promise<import('./compare.mjs').Run>} one scenario with one check
 */
export async function probeReconnection(url) {
  const client = new Client({ name: 'conformance-probe', version: '1.0.0' });
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(url)), { timeout: limitMs });
    const called = await client.callTool({ name: 'test_reconnection', arguments: {} }, undefined, {
      timeout: limitMs,
    });
    const answered = JSON.stringify(called.content).includes('Answered after the stream was closed.');
    return verdict(answered ? '' : `answered ${JSON.stringify(called)}`);
  } catch (error) {
    return verdict(error instanceof Error ? error.message : String(error));
  } finally {
    await client.close();
  }
}

/**
 * @param {string} trouble
 * @returns {import('./compare.mjs').Run}
 */
function verdict(trouble) {
  const check = { id: 'answer-after-closed-stream' };
  return {
    'gatehouse-reconnection': [
      trouble === ''
        ? { ...check, status: 'SUCCESS' }
        : { ...check, status: 'FAILURE', errorMessage: trouble },
    ],
  };
}
