// Redirect checks and validation from JavaScript, beside the plain JavaScript that they replace, in one run.
//   node bench/redirect.mjs
import { checkRedirect, validateOAuthApp } from 'wix-oauth-apps';
import { measure, report } from './measure.mjs';

const uris = Array.from({ length: 20 }, (_, at) => `https://shop-${at}.example.com/account/callback/of/the/storefront`);
const domains = Array.from({ length: 20 }, (_, at) => `shop-${at}.example.com`);
const app = { allowedRedirectUris: uris, allowedRedirectDomains: domains };
const plainApp = { uris: new Set(uris), domains: new Set(domains) };

function plain(known, url, after) {
  const parsed = new URL(url);
  const allowed = after === 'authentication' ? known.uris.has(url) : known.domains.has(parsed.hostname);
  return { allowed };
}

const draft = { name: 'Storefront', allowedRedirectUris: uris };

for (const after of ['authentication', 'other']) {
  report(`checkRedirect, 20 URIs and 20 domains, after ${after}, allowed`, [
    ['wix-oauth-apps', measure((at) => checkRedirect(app, uris[at % 20], after).allowed)],
    ['new URL() and a Set', measure((at) => plain(plainApp, uris[at % 20], after).allowed)],
  ]);
  const refused = uris.map((uri) => uri.replace('shop-', 'other-'));
  report(`checkRedirect, 20 URIs and 20 domains, after ${after}, refused and explained`, [
    ['wix-oauth-apps', measure((at) => checkRedirect(app, refused[at % 20], after).allowed)],
    ['new URL() and a Set, which explain nothing', measure((at) => plain(plainApp, refused[at % 20], after).allowed)],
  ]);
}
report('validateOAuthApp, a draft with 20 URIs', [
  ['wix-oauth-apps', measure(() => validateOAuthApp(draft).length)],
  ['20 times new URL()', measure(() => uris.reduce((sum, uri) => sum + new URL(uri).pathname.length, 0))],
]);
