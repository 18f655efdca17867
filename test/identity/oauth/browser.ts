/**
 * A person at a browser, in plain HTTP: follows redirections, keeps cookies, fills in the forms of oidc-provider, and
 * stops at the page that says how it went.
 */

/** Where it ended. */
export interface Visit {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Every address on the way. */
  readonly way: readonly string[];
}

/** How the person behaves. */
export interface Person {
  readonly login?: string;
  /** Says no where consent is asked for. */
  readonly refuses?: boolean;
  /** Stops before an address that begins like this, as a browser on another computer does. */
  readonly stopAt?: string;
}

export async function browse(start: string, person: Person = {}): Promise<Visit> {
  const jar = new Map<string, string>();
  const way: string[] = [];
  let url = start;
  let init: RequestInit = {};
  for (let step = 0; step < 30; step++) {
    way.push(url);
    if (person.stopAt !== undefined && url.startsWith(person.stopAt)) {
      return { url, status: 0, text: '', headers: new Headers(), way };
    }
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, headers: { ...init.headers, cookie }, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = response.headers.get('location');
    const text = await response.text();
    init = {};
    if (location !== null) {
      url = new URL(location, url).href;
      continue;
    }
    const action = /<form[^>]*action="([^"]+)"/.exec(text)?.[1];
    if (action === undefined) return { url, status: response.status, text, headers: response.headers, way };
    const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1] ?? 'login';
    const abort = /href="([^"]+\/abort)"/.exec(text)?.[1];
    if (person.refuses === true && prompt === 'consent' && abort !== undefined) {
      url = new URL(abort, url).href;
      continue;
    }
    const body = new URLSearchParams({ prompt, login: person.login ?? 'ada', password: 'lovelace' });
    url = new URL(action, url).href;
    init = {
      method: 'POST',
      body: body.toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    };
  }
  throw new Error(`no end after 30 steps: ${way.join(' -> ')}`);
}
