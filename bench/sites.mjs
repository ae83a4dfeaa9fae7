// Measures a run for many sites: `allow` on each site of the emulator server, with the program as a separate process.
//   npm run build && node bench/sites.mjs [sites] [concurrency] [latency in ms]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from 'wix-oauth-apps-cli';

const [count = 1_000, concurrency = 100, latency = 5] = process.argv.slice(2).map(Number);
const PROGRAM = fileURLToPath(new URL('src/main.js', import.meta.resolve('wix-oauth-apps-cli/package.json')));
const APPS = '/oauth-app/v1/oauth-apps';

const siteIds = Array.from({ length: count }, (_, at) => `e3a1e3a1-0000-4000-8000-${String(at).padStart(12, '0')}`);
const server = await startServer({ siteIds, latency, requestLogSize: 0 });
const headers = { authorization: server.credentials.apiKey, 'content-type': 'application/json' };
const body = JSON.stringify({ oAuthApp: { name: 'Storefront', allowedRedirectDomains: ['shop.example.com'] } });
for (let at = 0; at < count; at += 100) {
  const part = siteIds.slice(at, at + 100);
  await Promise.all(
    part.map((id) => fetch(server.url + APPS, { method: 'POST', headers: { ...headers, 'wix-site-id': id }, body })),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'wix-oauth-apps-bench-'));
const path = (name) => join(folder, name);
writeFileSync(path('sites.txt'), siteIds.join('\n'));
// Reports the largest resident set at the end.
writeFileSync(
  path('memory.mjs'),
  `import { writeFileSync } from 'node:fs';
  process.on('exit', () => writeFileSync(${JSON.stringify(path('memory'))}, String(process.resourceUsage().maxRSS)));`,
);
const run = (name, args) =>
  new Promise((resolve, reject) => {
    const start = performance.now();
    const env = { ...process.env, WIX_API_KEY: server.credentials.apiKey, WIX_API_BASE_URL: server.url };
    const child = spawn(process.execPath, ['--import', path('memory.mjs'), PROGRAM, ...args], { env, stdio: 'ignore' });
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(`${name}: exit code ${code}`));
      const seconds = (performance.now() - start) / 1_000;
      const memory = Number(readFileSync(path('memory'), 'utf8')) / 1_024;
      console.log(
        `${name}: ${count} sites in ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} a second, at most ${memory.toFixed(0)} MB`,
      );
      resolve();
    });
  });

const sites = ['--sites', path('sites.txt'), '--concurrency', String(concurrency)];
await run('get', ['get', 'name:Storefront', ...sites]);
await run('allow', ['allow', 'name:Storefront', 'https://shop.example.com/cb', ...sites]);
await run('allow, nothing to change', ['allow', 'name:Storefront', 'https://shop.example.com/cb', ...sites]);
await server.stop();
rmSync(folder, { recursive: true });
