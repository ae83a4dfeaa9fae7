// Measures requests to the emulator with 10 and with 10,000 stored apps, in one run.
//   node bench/emulator.mjs
import { createEmulator } from 'wix-oauth-apps/emulator';
import { measure, report } from './measure.mjs';

const APPS = '/oauth-app/v1/oauth-apps';

async function holding(count) {
  // Without the request log, whose cost does not depend on the number of apps.
  const { handle, credentials } = await createEmulator({ requestLogSize: 0 });
  const headers = { authorization: credentials.apiKey, 'wix-site-id': credentials.siteId };
  const send = (method, url, body) => handle({ method, url, headers, body: JSON.stringify(body) });
  const create = (at) =>
    send('POST', APPS, {
      oAuthApp: { name: `App ${(at * 7919) % count}`, allowedRedirectUris: ['https://a.example/'] },
    });
  const ids = Array.from({ length: count }, (_, at) => JSON.parse(create(at).body).oAuthApp.id);
  return { count, ids, send, create };
}

const sides = [await holding(10), await holding(10_000)];

/** Measures the function that `prepare` returns for each emulator. It gets the number of the call, and returns a 200. */
function compare(title, prepare) {
  const candidates = sides.map((side) => {
    const call = prepare(side);
    if (call(0).status !== 200) throw new Error(`${title}: ${call(0).body}`);
    return [`${side.count} apps`, measure((at) => call(at).status)];
  });
  report(title, candidates);
}

const query = (query) => (side) => () => side.send('POST', `${APPS}/query`, { query });
const paging = { limit: 10 };
const byName = [{ fieldName: 'name' }];

compare(
  'get by ID',
  ({ ids, send }) =>
    (at) =>
      send('GET', `${APPS}/${ids[at % ids.length]}`),
);
compare('query, 10 of them', query({ paging }));
compare('query, the last 10', ({ count, send }) => query({ paging: { limit: 10, offset: count - 10 } })({ send }));
compare('query by ID', ({ ids, send }) => query({ filter: { id: ids[5] } })({ send }));
compare('query, by name', query({ sort: byName, paging }));
compare('query, by creation, newest first', query({ sort: [{ fieldName: 'createdDate', order: 'DESC' }], paging }));
compare('query, by name, on from a cursor', ({ send }) => {
  const first = { sort: byName, cursorPaging: { limit: 5 } };
  const { cursors } = JSON.parse(send('POST', `${APPS}/query`, { query: first }).body).pagingMetadata;
  return query({ cursorPaging: { limit: 5, cursor: cursors.next } })({ send });
});
compare(
  'update',
  ({ ids, send }) =>
    (at) =>
      send('PATCH', `${APPS}/${ids[at % ids.length]}`, { oAuthApp: { name: `App ${at}` }, mask: 'name' }),
);
// Each created app is deleted, so that the number of apps stays the same.
compare('create and delete', ({ create, send }) => (at) => {
  const { id } = JSON.parse(create(at).body).oAuthApp;
  return send('DELETE', `${APPS}/${id}`);
});
