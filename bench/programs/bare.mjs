// The bare platform: one call, over a stubbed `fetch`.
import './stub.mjs';

const response = await fetch('https://www.wixapis.com/oauth-app/v1/oauth-apps/13f5e2ab-8e4f-4a0b-9c64-000000000000');
if ((await response.json()).oAuthApp.name !== 'Storefront') throw new Error('another response');
