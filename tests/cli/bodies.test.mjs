// Malformed and unusual request bodies, sent to a running server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { APPS, serve } from './support/emulate.mjs';
import { bodies } from './support/json-bodies.mjs';

describe('a body of invalid or unusual JSON', () => {
  let server;
  let created = 0;
  before(async () => (server = await serve(['--quiet'])));
  after(() => server.stop());

  const send = async (body) => {
    const response = await server.request(APPS, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const answer = await response.json();
    if (response.status === 200) created += 1;
    return { status: response.status, answer };
  };

  for (const { name, expect, body } of bodies) {
    test(`${{ n: 'is refused', y: 'is accepted', i: 'is accepted or refused' }[expect]}: ${name}`, async () => {
      const { status, answer } = await send(body);
      assert.ok({ n: [400], y: [200], i: [200, 400] }[expect].includes(status), `${status} ${JSON.stringify(answer)}`);
      if (status === 400) assert.equal(typeof answer.message, 'string');
      else assert.equal(typeof answer.oAuthApp.name, 'string');
    });
  }

  test('has no effect if it was refused', async () => {
    const response = await server.request(`${APPS}/query`, {
      method: 'POST',
      body: '{"query":{"paging":{"limit":1}}}',
    });
    assert.equal((await response.json()).pagingMetadata.total, created);
  });
});
