// Responds to every request with one app, so that the programs differ only in the package that they load.
const id = '13f5e2ab-8e4f-4a0b-9c64-000000000000';
const body = JSON.stringify({ oAuthApp: { id, name: 'Storefront', createdDate: '2026-03-01T09:30:00.000Z' } });
globalThis.fetch = async () => new Response(body, { headers: { 'content-type': 'application/json' } });
