/** The command `doctor`: one check after the other, each with its remedy. */
import type { ClientOptions, OAuthApp, OAuthAppsClient } from 'wix-oauth-apps';
import { CommandError, EXIT, UsageError, remedyOf, toFailure, type FailureContent } from '../../errors.js';
import type { Style } from '../../output/style.js';
import { printable, wrap } from '../../output/text.js';
import type { RunContext } from '../../run/context.js';
import { isGuid } from '../../run/credentials.js';
import { checkReference, connect, type SiteContext } from '../../run/site.js';
import type { ProgramCommand } from '../command.js';

interface Check {
  name: string;
  ok: boolean;
  message: string;
}

const DEFAULT_BASE_URL = 'https://www.wixapis.com';
/** A clock that is wrong by more makes tokens look expired, or not valid yet. */
const MAX_SKEW = 300; // seconds
const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

export const doctor: ProgramCommand = {
  kind: 'program',
  async main(input, run) {
    const { app, url } = input.options as { app?: string; url?: string };
    if (app !== undefined) await checkReference(app, run);
    if (url === '') throw new UsageError('--url: is empty; give the redirect URI that the login is to use');
    const checks = await examine(run, app, url);
    run.signal.throwIfAborted();
    if (run.output.isJson) run.output.printJson({ checks });
    else run.output.print(render(checks, run.output.style));
    return checks.every(({ ok }) => ok) ? EXIT.done : EXIT.no;
  },
};

/** Makes the checks. A check that cannot be made because an earlier one failed is left out. */
async function examine(run: RunContext, app: string | undefined, url: string | undefined): Promise<Check[]> {
  const checks: Check[] = [checkNode(process.versions.node)];
  let options: ClientOptions | undefined;
  let fault: string | undefined;
  let baseUrl = run.options.baseUrl ?? DEFAULT_BASE_URL;
  try {
    baseUrl = run.options.baseUrl ?? run.variables['WIX_API_BASE_URL'] ?? DEFAULT_BASE_URL;
    options = await run.clientOptions();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    fault = error.message;
  }
  checks.push(...(await checkServer(baseUrl, run)));
  if (!options) return [...checks, { name: 'credentials', ok: false, message: fault ?? '' }];
  // Without a connection, every further check would fail for the same reason.
  if (checks.some(({ name, ok }) => name === 'connection' && !ok)) return checks;
  let site: SiteContext;
  try {
    site = await connect(run);
  } catch (error) {
    return [...checks, failed('credentials', error, run)];
  }
  const access = await checkAccess(site, options, run);
  checks.push(...access);
  if (access.some(({ ok }) => !ok)) return checks;
  return [...checks, ...(await checkApp(site, app, url))];
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  const message = ok ? `Node ${version}` : `Node ${version} is too old; install 20.19 or newer from https://nodejs.org`;
  return { name: 'node', ok, message };
}

/** Checks the way to the API, without credentials: the proxy, the connection and the clock. */
async function checkServer(baseUrl: string, run: RunContext): Promise<Check[]> {
  const proxy = PROXY_VARIABLES.find((name) => process.env[name]);
  const isUsed = process.env['NODE_USE_ENV_PROXY'] === '1';
  const start = Date.now();
  let response: Response;
  try {
    const signal = AbortSignal.any([run.signal, AbortSignal.timeout(run.options.timeout ?? 30_000)]);
    response = await fetch(baseUrl, { method: 'HEAD', redirect: 'manual', signal });
  } catch (error) {
    const cause = (error as { cause?: { message?: string } }).cause?.message ?? (error as Error).message;
    const remedy = proxy && !isUsed ? `see the proxy` : 'check the network, a firewall, and --base-url';
    return [
      {
        name: 'proxy',
        ok: !proxy || isUsed,
        message:
          proxy && !isUsed
            ? `${proxy} is set, and Node does not use it; with Node 24 or newer, set NODE_USE_ENV_PROXY=1`
            : describeProxy(proxy, isUsed),
      },
      { name: 'connection', ok: false, message: `${baseUrl} cannot be reached: ${cause}; ${remedy}` },
    ];
  }
  await response.body?.cancel();
  const elapsed = Date.now() - start;
  return [
    { name: 'proxy', ok: true, message: describeProxy(proxy, isUsed) },
    { name: 'connection', ok: true, message: `${baseUrl} answers in ${elapsed} ms` },
    checkClock(response.headers.get('date'), start + elapsed / 2),
  ];
}

const describeProxy = (proxy: string | undefined, isUsed: boolean): string => {
  if (!proxy) return 'no proxy is set';
  return isUsed ? `${proxy} is used` : `${proxy} is set; Node does not use it, and does not need to`;
};

function checkClock(date: string | null, now: number): Check {
  const server = Date.parse(date ?? '');
  if (Number.isNaN(server)) return { name: 'clock', ok: true, message: 'the service does not tell its time' };
  const skew = Math.round((now - server) / 1_000);
  const ok = Math.abs(skew) <= MAX_SKEW;
  const amount = `${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} the service`;
  const message = ok ? `the clock agrees with the service` : `the clock is ${amount}; set it, such as by NTP`;
  return { name: 'clock', ok, message };
}

/** Checks the credentials, the site and the permissions by reading one app. */
async function checkAccess(site: SiteContext, { auth, accountId }: ClientOptions, run: RunContext): Promise<Check[]> {
  const kind = 'apiKey' in auth ? 'the API key' : 'clientSecret' in auth ? 'the client secret' : 'the access token';
  const where = site.siteId ?? (accountId ? `account ${accountId}` : 'the site of the credential');
  const passed = (name: string, message: string): Check => ({ name, ok: true, message });
  try {
    await site.client.queryOAuthApps({ paging: { limit: 1 } }, site.call);
  } catch (error) {
    const { code } = error as FailureContent;
    // Other errors, such as a 503 or a gateway's page, say nothing about the credential.
    const isAccepted = code === 'PERMISSION_DENIED' || code === 'NOT_FOUND' || code === 'INVALID_ARGUMENT';
    if (!isAccepted) return [failed('credentials', error, run)];
    return [
      passed('credentials', `${kind} is accepted`),
      code === 'PERMISSION_DENIED'
        ? failed('permissions', error, run, `; ${kind} may also be for another site than ${where}`)
        : failed('site', error, run),
    ];
  }
  return [
    passed('credentials', `${kind} is accepted`),
    passed('site', where),
    passed('permissions', 'may read the OAuth apps of the site'),
  ];
}

/** Checks the app of `--app`, and whether it, or any app, takes the URL. */
async function checkApp(site: SiteContext, reference: string | undefined, url: string | undefined): Promise<Check[]> {
  const { run, client } = site;
  if (reference === undefined) {
    return url === undefined ? [] : [await checkUrl(await site.listApps(), url)];
  }
  let app: OAuthApp;
  try {
    app = await site.findApp(reference);
  } catch (error) {
    const check = failed('app', error, run);
    if (!isGuid(reference)) return [check];
    const active = await checkClient(client, reference, site);
    if (active.ok) {
      check.message = `the client ID ${reference} is not of this site: it authenticates, so it belongs to another one; ${
        'set WIX_SITE_ID to that site, or use a client ID of this one: ' + check.message
      }`;
    }
    return [check, active];
  }
  return [
    { name: 'app', ok: true, message: `${app.name} (${app.id}) belongs to the site` },
    await checkClient(client, app.id, site),
    ...(url === undefined ? [] : [await checkUrl([app], url)]),
  ];
}

async function checkClient(client: OAuthAppsClient, id: string, site: SiteContext): Promise<Check> {
  try {
    const ok = await client.isClientActive(id, site.call);
    const message = ok
      ? `the client ID ${id} authenticates`
      : `the client ID ${id} does not authenticate: the app was deleted, or never existed; create one, and replace the ID`;
    return { name: 'client', ok, message };
  } catch (error) {
    return failed('client', error, site.run);
  }
}

async function checkUrl(apps: OAuthApp[], url: string): Promise<Check> {
  const { checkRedirect } = await import('wix-oauth-apps');
  const verdicts = apps.map((app) => ({ app, verdict: checkRedirect(app, url, 'authentication') }));
  const found = verdicts.find(({ verdict }) => verdict.allowed) ?? verdicts[0];
  if (!found) return { name: 'url', ok: false, message: 'the site has no app that could take the URL; create one' };
  const { app, verdict } = found;
  if (verdict.allowed) return { name: 'url', ok: true, message: `${app.name} (${app.id}) takes ${url} after a login` };
  const remedy = verdict.fix ? `; run \`wix-oauth-apps check ${app.id} ${url} --fix\`` : '';
  const subject = apps.length > 1 ? `none of the ${apps.length} apps takes it; ${app.name}: ` : '';
  return { name: 'url', ok: false, message: `${subject}${verdict.message}${remedy}` };
}

function failed(name: string, error: unknown, run: RunContext, more = ''): Check {
  const { content } = toFailure(error, true);
  run.signal.throwIfAborted();
  const remedy = remedyOf(content)?.replace(/[;,][^;,]*`wix-oauth-apps doctor`[^;,]*/, '');
  return { name, ok: false, message: [`${content.message}${more}`, remedy].filter(Boolean).join('; ') };
}

function render(checks: readonly Check[], { green, red, width }: Style): string {
  const widest = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.map(({ name, ok, message }) => {
    const mark = ok ? green('pass') : red('fail');
    const text = printable(message);
    const isLong = width !== undefined && widest + text.length + 8 > width;
    if (isLong) return `${mark}  ${name}\n${wrap(text, width, '      ')}`;
    return `${mark}  ${name.padEnd(widest)}  ${text}`;
  });
  return lines.join('\n');
}
