// Redirect checks and validation from JavaScript, compared with the plain JavaScript that they replace. There are 2,000
// distinct URLs, except for logins at a listed URI, of which an app has at most 20.
//   node bench/redirect.mjs
import { checkRedirect, createRedirectChecker, validateOAuthApp } from 'wix-oauth-apps';
import { measure, report } from './measure.mjs';

const COUNT = 2_000;
const uris = Array.from({ length: 20 }, (_, at) => `https://shop-${at}.example.com/account/callback/of/the/storefront`);
const domains = Array.from({ length: 20 }, (_, at) => `shop-${at}.example.com`);
const app = { allowedRedirectUris: uris, allowedRedirectDomains: domains };
const checker = createRedirectChecker(app);
const sets = { authentication: new Set(uris), other: new Set(domains) };

function plain(url, after) {
  const parsed = new URL(url);
  return sets[after].has(after === 'authentication' ? url : parsed.hostname);
}

const distinct = (make) => Array.from({ length: COUNT }, (_, at) => make(at));
const cases = [
  ['a checkout returns to a listed domain', 'other', distinct((at) => `${origin(at)}/orders/${at}/thanks`)],
  ['a checkout returns elsewhere', 'other', distinct((at) => `https://other-${at}.example.net/orders/thanks`)],
  ['a login returns to a listed URI', 'authentication', uris],
  ['a login returns elsewhere', 'authentication', distinct((at) => `${origin(at)}/orders/${at}/thanks`)],
];

function origin(at) {
  return `https://shop-${at % 20}.example.com`;
}

for (const [title, after, urls] of cases) {
  const count = urls.length;
  report(`${title}: ${count} distinct URLs, 20 entries in each list`, [
    ['createRedirectChecker(app).check(url)', measure((at) => checker.check(urls[at % count], after).allowed)],
    ['new URL() and a Set, which explain nothing', measure((at) => plain(urls[at % count], after))],
    [
      'checkRedirect, which reads the lists each time',
      measure((at) => checkRedirect(app, urls[at % count], after).allowed),
    ],
  ]);
}

const draft = { name: 'Storefront', allowedRedirectUris: uris };
report('validateOAuthApp, a draft with 20 URIs', [
  ['wix-oauth-apps', measure(() => validateOAuthApp(draft).length)],
  ['20 times new URL()', measure(() => uris.reduce((sum, uri) => sum + new URL(uri).pathname.length, 0))],
]);
