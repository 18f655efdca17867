/**
 * Waiting for something that another process does.
 */

/** Asks every 25 ms until the answer is neither null nor false; after `timeoutMs` it fails and names what it waited for. */
export async function waitFor<T>(
  what: string,
  ask: () => T | null | false | Promise<T | null | false>,
  timeoutMs = 10_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== false) {
        return answer;
      }
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause: lastError });
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
