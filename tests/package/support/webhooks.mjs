// Tokens as the service signs them, and tokens as it does not.
import { generateKeyPairSync, sign } from 'node:crypto';
import { createClient } from 'wix-oauth-apps';

export const SERVICE = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** The public key of the service, in SPKI. */
export const PEM = SERVICE.publicKey.export({ type: 'spki', format: 'pem' });
export const NOW = Date.parse('2026-03-01T09:05:00Z');
export const APP = 'a1b2a1b2-0000-4000-8000-000000000001';
const FQDN = 'wix.headless.v1.o_auth_app';

export const base64url = (value) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Returns the claims of an event. `change` may change each level. */
export function claimsOf(
  type = 'created',
  { event, envelope, claims, id = 'event 1', sequence = '1', appId = APP } = {},
) {
  const app = { id: appId, name: 'Storefront ✓ "quoted" \\', loginUrl: '' };
  const change = {
    created: { createdEvent: { entity: app } },
    updated: { updatedEvent: { currentEntity: app } },
    deleted: { deletedEvent: {} },
  }[type];
  const data = JSON.stringify({
    ...{ id, entityFqdn: FQDN, slug: type, entityId: appId, ...change, eventTime: '2026-03-01T09:05:00.000Z' },
    ...{ triggeredByAnonymizeRequest: false, originatedFrom: '', entityEventSequence: sequence, ...event },
  });
  const outer = {
    ...{ eventType: `${FQDN}_${type}`, instanceId: 'an instance', identity: '{"identityType":"WIX_USER"}', data },
    ...envelope,
  };
  return { iss: 'wix.com', iat: NOW / 1_000, data: JSON.stringify(outer), ...claims };
}

/** Signs a header and claims, which are values or JSON text. */
export function signed(claims, { header = { alg: 'RS256', typ: 'JWT' }, key = SERVICE.privateKey } = {}) {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

/** Creates, renames and deletes an app of an emulator through this client, and returns its ID. */
export async function changeApp({ fetch, credentials, webhooks }) {
  const client = createClient({ auth: { apiKey: credentials.apiKey }, siteId: credentials.siteId, fetch });
  const { id } = await client.createOAuthApp({ name: 'Shop' });
  await client.updateOAuthApp(id, { name: 'Renamed' });
  await client.deleteOAuthApp(id);
  await webhooks.settled();
  return id;
}

export const webhook = (type, change) => signed(claimsOf(type, change));
