// Replays calls of the vendor's own tools and examples, from vendor-calls.json.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { createEmulator } from 'wix-oauth-apps/emulator';

const CALLS = JSON.parse(readFileSync(new URL('vendor-calls.json', import.meta.url), 'utf8'));
const SITE_TOKEN = 'OauthNG.JWS.not-a-real-site-token';
const APPS = 'https://www.wixapis.com/oauth-app/v1/oauth-apps';
const JSON_TYPE = { 'content-type': 'application/json' };

/** Returns an emulator with one app, and the values of the placeholders in the data. */
async function prepared() {
  const emulator = await createEmulator({ accessTokens: [{ token: SITE_TOKEN }] });
  const { apiKey, siteId } = emulator.credentials;
  const post = async (url, body, headers) => {
    const init = { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) };
    return (await emulator.fetch(url, init)).json();
  };
  const authorized = { authorization: apiKey, 'wix-site-id': siteId };
  const { oAuthApp } = await post(APPS, { oAuthApp: { name: 'Subject' } }, authorized);
  const token = (params) => post('https://www.wixapis.com/oauth2/token', { clientId: oAuthApp.id, ...params });
  const visitor = await token({ grantType: 'anonymous' });
  const app = await token({ grantType: 'client_credentials', clientSecret: oAuthApp.secret });
  const values = {
    ...{ apiKey, siteId, id: oAuthApp.id, siteToken: SITE_TOKEN },
    ...{ refreshToken: visitor.refresh_token, appToken: app.access_token },
  };
  const fill = (value) => JSON.parse(JSON.stringify(value).replace(/\{(\w+)\}/g, (_, name) => values[name]));
  const get = async () =>
    (await (await emulator.fetch(`${APPS}/${oAuthApp.id}`, { headers: authorized })).json()).oAuthApp;
  return { emulator, fill, get };
}

/** Returns the members of a value that another one has too. Node 20 lacks `assert.partialDeepStrictEqual`. */
function partOf(value, other) {
  if (typeof value !== 'object' || value === null || typeof other !== 'object') return value;
  if (Array.isArray(value)) return value.map((entry, at) => partOf(entry, other[at]));
  return Object.fromEntries(Object.keys(other).map((name) => [name, partOf(value[name], other[name])]));
}

describe('the vendor’s calls', () => {
  for (const call of CALLS) {
    test(call.name, async () => {
      const { emulator, fill, get } = await prepared();
      const { authorization, site, headers, request, status, answer, changes } = fill(call);
      const before = await get();
      const response = await emulator.fetch(request.url, {
        method: request.method,
        headers: {
          ...headers,
          ...(authorization && { authorization }),
          ...(site && { 'wix-site-id': emulator.credentials.siteId }),
          ...(request.body && JSON_TYPE),
        },
        body: JSON.stringify(request.body),
      });
      const body = await response.json();
      assert.equal(response.status, status, JSON.stringify(body));
      if (answer) assert.deepEqual(partOf(body, answer), answer);
      if (changes) {
        assert.deepEqual(body.oAuthApp, { ...before, ...changes });
        assert.deepEqual(await get(), body.oAuthApp);
      }
    });
  }

  test('with maskPath: ignore, an update with the mask member path changes nothing', async () => {
    const emulator = await createEmulator({ maskPath: 'ignore', accessTokens: [{ token: SITE_TOKEN }] });
    const send = async (method, url, body) => {
      const headers = { ...JSON_TYPE, authorization: SITE_TOKEN };
      const response = await emulator.fetch(url, { method, headers, body: JSON.stringify(body) });
      return [response.status, (await response.json()).oAuthApp];
    };
    const [, { secret, ...app }] = await send('POST', APPS, { oAuthApp: { name: 'Subject' } });
    const body = { oAuthApp: { name: 'Renamed' }, mask: { path: 'name' } };
    assert.deepEqual(await send('PATCH', `${APPS}/${app.id}`, body), [200, app]);
  });
});
