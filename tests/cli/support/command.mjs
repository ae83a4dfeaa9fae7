// Runs the commands against an emulator server, as their users do.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { CREDENTIALS, program, run, runFile, serve } from './emulate.mjs';
import { folder } from './folder.mjs';

/** The environment without credentials and without settings for colours. */
export const cleanEnvironment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(WIX_|NO_COLOR$|FORCE_COLOR$|COLUMNS$|NODE_TEST_CONTEXT$)/.test(name),
    ),
  );

/** The package that is installed. */
export const packageFolder = join(program, '..', '..');

/**
 * Starts an emulator server for the tests of a suite. `cli(args, options)` runs the command with its credentials and
 * returns `{ code, stdout, stderr }`; `shell(script)` runs a script of bash; `json(args)` returns the document of `--json`; `sent()` returns the requests since
 * the last call, such as `POST /oauth-app/v1/oauth-apps/query`.
 */
export function emulated(args = []) {
  const site = { env: {}, folder: '' };
  let server;
  let read = 0;
  before(async () => {
    server = await serve(args);
    site.url = server.url;
    site.env = {
      ...cleanEnvironment(),
      WIX_API_KEY: CREDENTIALS.apiKey,
      WIX_SITE_ID: CREDENTIALS.siteId,
      WIX_API_BASE_URL: server.url,
    };
    read = server.output.stdout.length;
  });
  after(() => server?.stop());
  site.folder = folder({ after });
  site.cli = (given, { env = {}, ...options } = {}) =>
    run(given, { isolated: true, cwd: site.folder, env: { ...site.env, ...env }, ...options });
  site.json = async (given, options) => {
    const { code, stdout, stderr } = await site.cli([...given, '--json'], options);
    if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
    return JSON.parse(stdout);
  };
  site.shell = (script) => runFile('bash', ['-c', script], { isolated: true, cwd: site.folder, env: site.env });
  site.request = (...given) => server.request(...given);
  site.sent = async () => {
    // The access log is written in intervals; the answer of a later request ends one.
    await new Promise((resolve) => setTimeout(resolve, 60));
    const lines = server.output.stdout.slice(read).split('\n');
    read = server.output.stdout.length;
    return lines.flatMap((line) => /Z ((?:GET|POST|PUT|PATCH|DELETE) \S+)/.exec(line)?.[1] ?? []);
  };
  site.path = (name) => join(site.folder, name);
  site.read = (name) => readFileSync(site.path(name), 'utf8');
  site.exists = (name) => existsSync(site.path(name));
  return site;
}
