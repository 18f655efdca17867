/**
 * Calls that wait for a person, in the real app: a real client's call waits, shows up in the window with its exact
 * arguments, and goes or is refused as the person says. With GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { type RunningApp, startApp } from './app.ts';
import { clientOf, type TestClient } from './client.ts';
import { expectNoBarriers, pictures } from './looking.ts';
import { waitFor } from './wait.ts';

let desktop: Desktop;
let running: RunningApp;
let client: TestClient;
let echo: string;

beforeAll(async () => {
  desktop = await startDesktop();
  const config = {
    approval: { rules: [{ server: '*', tool: 'echo', rule: 'ask' }] },
    mcpServers: { everything: nodeEntry(npmServer('everything')) },
  };
  running = await startApp(desktop, { config: JSON.stringify(config) });
  client = await clientOf(running);
  echo = await waitFor(
    'the tools',
    async () => (await client.toolNames()).find((name) => name.endsWith('echo')) ?? null,
    30_000,
  );
}, 90_000);

afterAll(async () => {
  await client?.close();
  await running?.close();
  await desktop?.close();
});

/** A call that is under way, and what became of it. */
function call(message: string): { end: () => string | null } {
  let end: string | null = null;
  client.call(echo, { message }).then(
    (answer) => {
      end = JSON.stringify(answer);
    },
    (error: unknown) => {
      end = String(error);
    },
  );
  return { end: () => end };
}

/** Presses it until the call is gone: what lets something through does not count in its first moment. */
async function allow(name: string): Promise<void> {
  const button = running.page.getByRole('button', { name });
  await waitFor('the call to go', async () => {
    if ((await button.count()) > 0) await button.click();
    return (await running.page.getByRole('option').count()) === 0;
  });
}

describe('a call that waits for a person', () => {
  it('shows up with its client and its exact arguments, and goes when it is allowed', async () => {
    const { page } = running;
    await page.getByRole('link', { name: 'Approvals' }).click();
    await page.getByText('Nothing waits for you').waitFor();
    await pictures(page, 'approvals-empty');
    const waiting = call('remove everything\u202e');
    await page.getByRole('option').waitFor();
    await page.getByText('“e2e” wants to run echo of everything.').waitFor();
    // What turns text around is a chip.
    await page.getByText('RLO').waitFor();
    await expectNoBarriers(page);
    await pictures(page, 'approvals');
    expect(waiting.end()).toBeNull();
    await allow('Allow once');
    expect(await waitFor('the answer', waiting.end)).toContain('Echo: remove everything');
    await page.getByText('Nothing waits for you').waitFor();
  });

  it('is refused when it is denied', async () => {
    const { page } = running;
    const waiting = call('denied');
    await page.getByRole('button', { name: 'Deny' }).click();
    expect(await waitFor('the refusal', waiting.end)).toContain('did not allow this call');
  });

  it('is allowed for the session: the same call goes at once, another one waits', async () => {
    const { page } = running;
    const first = call('again');
    await page.getByRole('option').waitFor();
    await allow('Allow for this session');
    await waitFor('the answer', first.end);
    const same = call('again');
    expect(await waitFor('the same call', same.end)).toContain('Echo: again');
    const other = call('something else');
    await page.getByRole('option').waitFor();
    expect(other.end()).toBeNull();
    await page.getByRole('button', { name: 'Deny' }).click();
    await waitFor('the refusal', other.end);
  });

  it('is not let through by a script in the page', async () => {
    const { page } = running;
    const waiting = call('scripted');
    const button = page.getByRole('button', { name: 'Allow once' });
    await button.waitFor();
    // For longer than the moment in which no click counts.
    await button.evaluate(async (made: HTMLElement) => {
      for (const end = performance.now() + 900; performance.now() < end; ) {
        made.click();
        await new Promise(requestAnimationFrame);
      }
    });
    expect(waiting.end()).toBeNull();
    await page.getByRole('button', { name: 'Deny' }).click();
    expect(await waitFor('the refusal', waiting.end)).toContain('did not allow');
  });
});
