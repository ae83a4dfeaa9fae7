// Clients for tests, and assertions about their failures.
import assert from 'node:assert/strict';
import { createClient, isOAuthAppsError } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';

/** An ID that no app has. */
export const NOBODY = '00000000-0000-4000-8000-000000000000';

/** Returns an emulator and a client of it, with `settle: false` unless `options` say otherwise. */
export async function emulated(options = {}, emulatorOptions) {
  const emulator = await createEmulator(emulatorOptions);
  const { apiKey, siteId } = emulator.credentials;
  const connected = { auth: { apiKey }, siteId, fetch: emulator.fetch, settle: false, ...options };
  return { emulator, client: createClient(connected), options: connected };
}

/**
 * Returns an emulator and a client whose requests `between(request, pass)` handles: `request` has the method, the path,
 * the body and the number of the request, and `pass()` returns the emulator's response. `sent` lists the requests as
 * `GET`, `POST query` and so on. `store()` returns the apps, `put(draft)` creates one, and `write(id, patch)` updates one
 * for another writer; these three bypass `between`.
 */
export async function intercepted(between, options = {}, emulatorOptions) {
  const sent = [];
  const { emulator, client: direct, options: connected } = await emulated({ rateLimit: false }, emulatorOptions);
  const fetch = async (url, init) => {
    const path = new URL(url).pathname;
    const request = { method: init.method, path, body: init.body && JSON.parse(init.body), number: sent.length };
    sent.push([init.method, ...(/(query|generate-secret)$/.exec(path) ?? []).slice(0, 1)].join(' '));
    return between(request, () => emulator.fetch(url, init));
  };
  const client = createClient({ ...connected, fetch, retry: { baseDelay: 1 }, ...options });
  const store = async () => (await direct.queryOAuthApps({ paging: { limit: 100 } })).oAuthApps;
  const write = (id, patch) => direct.updateOAuthApp(id, patch);
  // Not with a client, which would refuse some entries that a service may have.
  const put = async (draft) => {
    const headers = { authorization: connected.auth.apiKey, 'wix-site-id': connected.siteId };
    headers['content-type'] = 'application/json';
    const init = { method: 'POST', headers, body: JSON.stringify({ oAuthApp: draft }) };
    return (await (await emulator.fetch('http://localhost/oauth-app/v1/oauth-apps', init)).json()).oAuthApp;
  };
  return { emulator, client, direct, sent, store, write, put };
}

/** Returns a client over a `fetch`, without retries and with `settle: false`. */
export const clientOver = (fetch, options = {}) =>
  createClient({ auth: { accessToken: 'token' }, fetch, retry: false, settle: false, ...options });

/** Returns an object with the members of a `Response` that the client needs. */
export const answer = (body, { status = 200, headers = {} } = {}) => ({
  status,
  headers: new Headers(headers),
  text: async () => (typeof body === 'string' ? body : JSON.stringify(body)),
});

/**
 * Returns a `fetch` with these responses in order, of which it repeats the last one. A response may be a function of the
 * request. `requests` has the `{method, path, headers, body}` of each request.
 */
export function scripted(...answers) {
  const requests = [];
  const fetch = async (url, { method, headers, body, signal }) => {
    const request = { method, path: new URL(url).pathname, headers, body: body && JSON.parse(body) };
    const next = answers[Math.min(requests.push(request), answers.length) - 1];
    return typeof next === 'function' ? next({ ...request, url, signal }) : next;
  };
  return { fetch, requests };
}

/** Returns a listener `onEvent` that adds to `events`, and `of(type)`, which filters them. */
export function listener() {
  const events = [];
  const onEvent = (event) => events.push(event);
  return { events, onEvent, of: (type) => events.filter((event) => event.type === type) };
}

/** Returns the `OAuthAppsError` with which a call fails. A success and any other error fail the test. */
export async function failure(attempt, milliseconds) {
  let value;
  try {
    value = await settled(typeof attempt === 'function' ? attempt() : attempt, milliseconds);
  } catch (error) {
    if (!isOAuthAppsError(error)) throw error;
    return error;
  }
  assert.fail(`it succeeded with ${JSON.stringify(value)}`);
}

// The platform's timers, also in a test that has replaced them.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

/** Awaits a promise, and fails if it stays pending. */
export function settled(promise, milliseconds = 10_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = startTimer(reject, milliseconds, new assert.AssertionError({ message: 'the promise never settled' }));
  });
  return Promise.race([promise, late]).finally(() => stopTimer(timer));
}

/** Returns the fields of an error as plain data. */
export const plain = ({ code, operation, status, requestId, attempts }) => ({
  code,
  operation,
  status,
  requestId,
  attempts,
});
