// Measures the start of the command line beside `node -e 0`: `--version` and `completion` take at most 1.5 times as long,
// `get` on the emulator server at most 120 ms more. Each program is started in turn, so that a change in the machine's speed
// affects all of them. Prints the medians, and the smallest times, which a busy machine affects least.
//   npm run build && node bench/cli.mjs [rounds]
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROUNDS = Number(process.argv[2] ?? 31);
const CLI = import.meta.resolve('wix-oauth-apps-cli/package.json');
const PROGRAM = fileURLToPath(new URL(JSON.parse(readFileSync(new URL(CLI), 'utf8')).bin['wix-oauth-apps'], CLI));

const server = spawn(process.execPath, [PROGRAM, 'emulate', '--port', '0', '--quiet'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await server.stdout.setEncoding('utf8').take(1).toArray();
const [, url, apiKey, siteId] = /on (\S+) with API key (\S+) and site ID (\S+)/.exec(line);
const env = { ...process.env, WIX_API_KEY: apiKey, WIX_SITE_ID: siteId, WIX_API_BASE_URL: url };
const { stdout } = spawnSync(process.execPath, [PROGRAM, 'create', '--name', 'Storefront', '--json'], { env });
const { id } = JSON.parse(stdout);

const candidates = {
  'node -e 0': ['-e', '0'],
  '--version': [PROGRAM, '--version'],
  'completion bash': [PROGRAM, 'completion', 'bash'],
  '--help': [PROGRAM, '--help'],
  'get <client ID>': [PROGRAM, 'get', id],
  'get name:Storefront': [PROGRAM, 'get', 'name:Storefront'],
};
const times = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
for (let round = -2; round < ROUNDS; round += 1) {
  for (const [name, args] of Object.entries(candidates)) {
    const start = performance.now();
    const { status } = spawnSync(process.execPath, args, { env });
    if (status !== 0) throw new Error(`${name} ended with ${status}`);
    if (round >= 0) times[name].push(performance.now() - start);
  }
}
server.kill();

const sorted = Object.entries(times).map(([name, all]) => [name, all.sort((one, other) => one - other)]);
const [, bare] = sorted[0];
for (const [name, all] of sorted) {
  const compare = (at) => `${(all[at] / bare[at]).toFixed(2)} times, ${(all[at] - bare[at]).toFixed(0)} ms more`;
  const [median, least] = [ROUNDS >> 1, 0].map((at) => `${all[at].toFixed(1)} ms (${compare(at)})`);
  console.log(`${name.padEnd(20)} median ${median}, least ${least}`);
}
