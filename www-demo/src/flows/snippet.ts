/** The environment variable and the code by which a template gets its client ID. */

export const environmentVariable = (clientId: string) => `WIX_CLIENT_ID=${clientId}`;

/** The code with which the official SDK uses the client ID. */
export const sdkSnippet = (redirectUri: string) => `import { createClient, OAuthStrategy } from '@wix/sdk';

export const wixClient = createClient({
  auth: OAuthStrategy({ clientId: process.env.WIX_CLIENT_ID }),
});

// The login ends at this address, which is in the app's allowed redirect URIs.
const oauthData = wixClient.auth.generateOAuthData(${JSON.stringify(redirectUri).replaceAll('"', "'")});
const { authUrl } = await wixClient.auth.getAuthUrl(oauthData);
`;
