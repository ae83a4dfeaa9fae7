// Prints, as JSON, the error of a `createOAuthApp` over the `fetch` of this runtime. Runs in Node, Deno and Bun.
//   <runtime> client-probe.mjs <url>
import { createClient } from 'wix-oauth-apps';

const [, , baseUrl] = globalThis.process.argv;
const client = createClient({
  auth: { accessToken: 'a-token-of-the-test' },
  baseUrl,
  retry: { maxRetries: 1, baseDelay: 1 },
});
const { code, message, attempts } = await client.createOAuthApp({ name: 'Shop' }).then(
  () => ({ code: 'success' }),
  (error) => error,
);
console.log(JSON.stringify({ error: { code, message, attempts } }));
