// Pages of another origin: what a browser asks before, and a real browser.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { launch } from 'puppeteer-core';
import { APPS, HEADERS, serve } from './support/emulate.mjs';

const ORIGIN = 'http://storefront.example';

describe('a page of another origin', () => {
  let server;
  before(async () => (server = await serve()));
  after(() => server.stop());

  test('may ask with any method and header of the API', async () => {
    const headers = {
      origin: ORIGIN,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization,content-type,wix-site-id,x-wix-consistent,x-anything',
      'access-control-request-private-network': 'true',
    };
    for (const path of [APPS, '/oauth2/token', '/healthz', '/nowhere']) {
      const response = await fetch(server.url + path, { method: 'OPTIONS', headers });
      assert.equal(response.status, 204);
      assert.equal(await response.text(), '');
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      assert.match(response.headers.get('access-control-allow-methods'), /\bPATCH\b/);
      assert.equal(response.headers.get('access-control-allow-headers'), headers['access-control-request-headers']);
      assert.equal(response.headers.get('access-control-allow-private-network'), 'true');
    }
  });

  for (const [what, path, init, status] of [
    ['an answer', `${APPS}/query`, { method: 'POST', headers: HEADERS }, 200],
    ['a refusal', APPS, { method: 'POST' }, 401],
    ['a wrong path', '/nowhere', {}, 404],
    ['a sign of life', '/healthz', {}, 200],
  ]) {
    test(`may read ${what}`, async () => {
      const response = await fetch(server.url + path, { ...init, headers: { ...init.headers, origin: ORIGIN } });
      assert.equal(response.status, status);
      assert.equal(response.headers.get('access-control-allow-origin'), '*');
      assert.match(response.headers.get('access-control-expose-headers'), /x-wix-request-id/);
    });
  }

  test('is not thought of where no page asks', async () => {
    const response = await fetch(`${server.url}/healthz`);
    assert.equal(response.headers.get('access-control-allow-origin'), null);
  });

  test(
    'in a real browser makes an app and reads the request ID',
    { skip: !process.env.CHROME && 'no browser' },
    async () => {
      const page = createServer((_, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<title>A page</title>'),
      );
      await new Promise((resolve) => page.listen(0, '127.0.0.1', resolve));
      const browser = await launch({ executablePath: process.env.CHROME, args: ['--no-sandbox'] });
      try {
        const tab = await browser.newPage();
        await tab.goto(`http://127.0.0.1:${page.address().port}/`);
        const answer = await tab.evaluate(
          async (url, headers) => {
            const body = JSON.stringify({ oAuthApp: { name: 'From a page' } });
            const response = await fetch(url, {
              method: 'POST',
              headers: { ...headers, 'content-type': 'application/json' },
              body,
            });
            return [response.status, (await response.json()).oAuthApp.name, response.headers.get('x-wix-request-id')];
          },
          server.url + APPS,
          HEADERS,
        );
        assert.deepEqual(answer.slice(0, 2), [200, 'From a page']);
        assert.match(answer[2], /^\d+\.\d+$/);
      } finally {
        await browser.close();
        page.close();
      }
    },
  );
});
