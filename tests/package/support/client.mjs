// Clients to test with, and what a failure of one must look like.
import assert from 'node:assert/strict';
import { createClient, isOAuthAppsError } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';

/** An ID that no app has. */
export const NOBODY = '00000000-0000-4000-8000-000000000000';

/** An emulator, and a client that it lets in and that does not look again after a write; `options` are its further ones. */
export async function emulated(options = {}, emulatorOptions) {
  const emulator = await createEmulator(emulatorOptions);
  const { apiKey, siteId } = emulator.credentials;
  const connected = { auth: { apiKey }, siteId, fetch: emulator.fetch, settle: false, ...options };
  return { emulator, client: createClient(connected), options: connected };
}

/**
 * The same, with `between(request, pass)` between the two: it sees the method, the path and the number of each request,
 * and gives what it is answered with; `pass()` is the emulator's answer. `store()` is what the emulator holds,
 * `put(draft)` creates an app and `write(id, patch)` is another writer's update, all past `between`; `sent` holds each request as `GET`, `POST query` …
 * Without an option of its own the client does not look again after a write.
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
  // Not by a client, which would refuse some of what a service may hold.
  const put = async (draft) => {
    const headers = { authorization: connected.auth.apiKey, 'wix-site-id': connected.siteId };
    headers['content-type'] = 'application/json';
    const init = { method: 'POST', headers, body: JSON.stringify({ oAuthApp: draft }) };
    return (await (await emulator.fetch('http://localhost/oauth-app/v1/oauth-apps', init)).json()).oAuthApp;
  };
  return { emulator, client, direct, sent, store, write, put };
}

/** A client over the given `fetch`, which tries once and does not look again after a write. */
export const clientOver = (fetch, options = {}) =>
  createClient({ auth: { accessToken: 'token' }, fetch, retry: false, settle: false, ...options });

/** Something with every member of a `Response` that the client needs. */
export const answer = (body, { status = 200, headers = {} } = {}) => ({
  status,
  headers: new Headers(headers),
  text: async () => (typeof body === 'string' ? body : JSON.stringify(body)),
});

/**
 * A `fetch` that gives these in turn, the last one for ever: an answer, or a function of the request, which may throw.
 * `requests` holds the `{method, path, headers, body}` of each.
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

/** A listener that keeps what it is told in `events`. */
export function listener() {
  const events = [];
  const onEvent = (event) => events.push(event);
  return { events, onEvent, of: (type) => events.filter((event) => event.type === type) };
}

/** The `OAuthAppsError` that it throws or rejects with; anything else fails the test, and so does no error at all. */
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

// The platform's own, whatever clock a test has put in its place.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

/** The promise itself; it fails where the promise stays pending. */
export function settled(promise, milliseconds = 10_000) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = startTimer(reject, milliseconds, new assert.AssertionError({ message: 'the promise never settled' }));
  });
  return Promise.race([promise, late]).finally(() => stopTimer(timer));
}

/** What an error says, as plain data to compare. */
export const plain = ({ code, operation, status, requestId, attempts }) => ({
  code,
  operation,
  status,
  requestId,
  attempts,
});
