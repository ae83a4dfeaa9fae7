// Redirect entries, and apps with them.
import assert from 'node:assert/strict';
import { intercepted } from './client.mjs';

export const uri = (at) => `https://shop-${at}.example.com/callback`;
export const domain = (at) => `shop-${at}.example.com`;
export const many = (count, make) => Array.from({ length: count }, (_, at) => make(at));
export const pass = (_, onwards) => onwards();
export const NONE = { uris: [], domains: [] };

/** Returns an intercepted client, and an app of its emulator with these lists. */
export async function withApp({ uris = [uri('old')], domains = [domain('old')] } = {}, between = pass, ...options) {
  const subject = await intercepted(between, ...options);
  const draft = { name: 'Shop', description: 'As it was', allowedRedirectUris: uris, allowedRedirectDomains: domains };
  const { id } = await subject.put(draft);
  const lists = async () => {
    const { allowedRedirectUris, allowedRedirectDomains, ...app } = await subject.direct.getOAuthApp(id);
    assert.equal(app.description, 'As it was');
    return { uris: allowedRedirectUris, domains: allowedRedirectDomains };
  };
  return { ...subject, id, lists };
}
