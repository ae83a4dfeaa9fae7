// A table of the operations of a client.
export const ID = '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11';
export const APPS = '/oauth-app/v1/oauth-apps';

const DRAFT = { name: 'Shop', allowedRedirectUris: ['https://shop.example.com/callback'] };
const ENTRIES = { uris: ['https://new.example.com/callback'] };

/** Returns the apps of a listing. */
export async function collect(listing) {
  const apps = [];
  for await (const app of listing) apps.push(app);
  return apps;
}

/**
 * `isRepeatable` means that the first request may be repeated; `needsBody`, that its response must have a body.
 */
export const OPERATIONS = [
  {
    name: 'createOAuthApp',
    call: (client, options) => client.createOAuthApp(DRAFT, options),
    isRepeatable: false,
    needsBody: true,
    howToFindOut: /listOAuthApps.*ensureOAuthApp/,
  },
  { name: 'getOAuthApp', call: (client, options) => client.getOAuthApp(ID, options) },
  { name: 'updateOAuthApp', call: (client, options) => client.updateOAuthApp(ID, { name: 'Shop' }, options) },
  { name: 'deleteOAuthApp', call: (client, options) => client.deleteOAuthApp(ID, options), needsBody: false },
  { name: 'queryOAuthApps', call: (client, options) => client.queryOAuthApps({}, options) },
  {
    name: 'generateOAuthAppSecret',
    call: (client, options) => client.generateOAuthAppSecret(ID, options),
    isRepeatable: false,
    needsBody: true,
    howToFindOut: /allowSecretGeneration/,
  },
  { name: 'listOAuthApps', call: (client, options) => collect(client.listOAuthApps({}, options)) },
  { name: 'allowRedirects', call: (client, options) => client.allowRedirects(ID, ENTRIES, options) },
  {
    name: 'disallowRedirects',
    call: (client, options) => client.disallowRedirects(ID, { uris: ['https://old.example.com/callback'] }, options),
  },
  { name: 'ensureOAuthApp', call: (client, options) => client.ensureOAuthApp(DRAFT, options) },
].map((operation) => ({ isRepeatable: true, needsBody: true, ...operation }));
