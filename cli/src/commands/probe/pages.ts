/** The questions about the pages of the service: where they send visitors. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { CommandError } from '../../errors.js';
import { TOKEN, type ProbeApi, type Reply } from './api.js';
import { host, url, type Inquiry } from './inquiry.js';

/** The addresses of one endpoint. */
const SESSIONS = [
  '/_api/redirects-api/v1/redirect-session',
  '/redirect-session/v1/redirect-session',
  '/headless/v1/redirect-session',
] as const;
const MAX_HOPS = 5;

const LISTED = url('listed');
const UNLISTED = url('unlisted');
const DOMAIN = host('domain');
const PORT_HOST = host('port');
const WILDCARD = url('*-preview');
/** The hosts of the service's pages if the app names them. */
const PAGES = url('pages', '');

/** The end of a visit. */
type Arrival =
  /** The page sent the visitor to a URL that begins with the expected one. */
  | 'returned'
  /** The page refused. */
  | 'refused'
  /** The page shows something else. */
  | 'page';

/** Asks for the status of a token request of an unknown client. */
export async function askAboutUnknownClient({ api, answers, note }: Inquiry): Promise<void> {
  const { status } = await requestToken(api, randomUUID());
  answers['unknownClientStatus'] = [400, 401, 404].includes(status) ? status : null;
  if (answers['unknownClientStatus'] === null) note(`unknownClientStatus: the status is ${status}`);
}

/** Asks which return URLs the pages accept. */
export async function askAboutPages(inquiry: Inquiry): Promise<void> {
  const { api, app, note } = inquiry;
  const { status } = await requestToken(api, app.id);
  if (status !== 200) return note(`the questions about pages: no visitor gets a token, but status ${status}`);
  const visitor = new Visitor(api, app.id);
  await askAboutUris(inquiry, visitor);
  await askAboutDomains(inquiry, visitor);
  await askAboutOwnPages(inquiry, visitor);
}

/** Asks whether a `*` in a redirect URI stands for many hosts. */
async function askAboutUris({ app, answers, note }: Inquiry, visitor: Visitor): Promise<void> {
  const { isAccepted } = await app.update({ allowedRedirectUris: [LISTED, WILDCARD] });
  if (!isAccepted) {
    answers['wildcardRedirects'] = false;
    await app.update({ allowedRedirectUris: [LISTED] });
    return;
  }
  const judge = await calibrate((uri) => visitor.authorize(uri), LISTED, UNLISTED);
  if (!judge) return note('wildcardRedirects: the login page treats a listed and an unlisted URI alike');
  answers['wildcardRedirects'] = await judge(url('some-preview'));
}

/** Asks what a redirect domain allows, and which lists a logout looks at. */
async function askAboutDomains({ app, answers, note }: Inquiry, visitor: Visitor): Promise<void> {
  await app.update({ allowedRedirectDomains: [DOMAIN, `${PORT_HOST}:8443`] });
  const judge = await calibrate(
    (target) => visitor.logOut(target),
    `https://${DOMAIN}/`,
    `https://${host('unlisted')}/`,
  );
  if (!judge) {
    return note(
      'subdomainRedirects, domainPorts, logoutRedirects: the logout page treats a listed and an unlisted domain alike',
    );
  }
  answers['subdomainRedirects'] = await judge(`https://sub.${DOMAIN}/`);
  const isPortIgnored = await judge(`https://${PORT_HOST}:9443/`);
  answers['domainPorts'] = isPortIgnored === null ? null : isPortIgnored ? 'ignored' : 'exact';
  const isUriEnough = await judge(LISTED);
  answers['logoutRedirects'] = isUriEnough === null ? null : isUriEnough ? 'either' : 'domains';
}

/** Asks whether the pages send visitors to the URLs that the app names for them. */
async function askAboutOwnPages({ app, answers, note }: Inquiry, visitor: Visitor): Promise<void> {
  const [loginUrl, logoutUrl, back] = [url('app', '/login'), url('app', '/logout'), `https://${DOMAIN}/`];
  await app.update({ loginUrl, logoutUrl });
  const visits = [
    ['honorLoginUrl', () => visitor.logIn(back, loginUrl)],
    ['honorLogoutUrl', () => visitor.logOut(back, logoutUrl)],
  ] as const;
  for (const [name, visit] of visits) {
    const arrival = await visit();
    answers[name] = arrival === undefined || arrival === 'refused' ? null : arrival === 'returned';
    if (answers[name] === null) note(`${name}: the page could not be visited`);
  }
  await app.update({ loginUrl: '', logoutUrl: '', redirectUrlWixPages: PAGES });
  const session = await visitor.startSession({ logout: { clientId: app.id } }, back);
  answers['wixPagesUrl'] = session === undefined ? null : session.startsWith(PAGES) ? 'app' : 'emulator';
  if (session === undefined) note('wixPagesUrl: no redirect session could be made');
}

/**
 * Visits a page with a URL that must be allowed and one that must be refused. Returns a function that tells whether a URL is
 * allowed; undefined if the page does not distinguish the two.
 */
async function calibrate(
  visit: (target: string) => Promise<Arrival | undefined>,
  allowed: string,
  refused: string,
): Promise<((target: string) => Promise<boolean | null>) | undefined> {
  const [yes, no] = [await visit(allowed), await visit(refused)];
  if (yes === undefined || no === undefined || yes === no || yes === 'refused') return undefined;
  return async (target) => {
    const arrival = await visit(target);
    return arrival === yes ? true : arrival === no ? false : null;
  };
}

const requestToken = (api: ProbeApi, clientId: string): Promise<Reply> =>
  api.send({
    method: 'POST',
    target: TOKEN,
    body: { grant_type: 'anonymous', client_id: clientId },
    as: 'nobody',
    // A refusal may have no JSON.
    isPage: true,
  });

/** Anonymous visitors of the app's site: each session has a new one, because a logout ends the visitor's token. */
class Visitor {
  readonly #api: ProbeApi;
  readonly #clientId: string;

  constructor(api: ProbeApi, clientId: string) {
    this.#api = api;
    this.#clientId = clientId;
  }

  /** Visits the authorize page, which sends a visitor who is not logged in back with an error. */
  async authorize(redirectUri: string): Promise<Arrival | undefined> {
    const codeChallenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
    const authRequest = {
      clientId: this.#clientId,
      redirectUri,
      responseType: 'code',
      responseMode: 'query',
      codeChallenge,
      codeChallengeMethod: 'S256',
      scope: 'offline_access',
      state: randomBytes(8).toString('hex'),
    };
    return this.#visit(await this.startSession({ auth: { authRequest, prompt: 'none' } }), redirectUri);
  }

  /** Visits the logout page. */
  async logOut(returnUrl: string, expected = returnUrl): Promise<Arrival | undefined> {
    return this.#visit(await this.startSession({ logout: { clientId: this.#clientId } }, returnUrl), expected);
  }

  /** Visits the login page. */
  async logIn(returnUrl: string, expected: string): Promise<Arrival | undefined> {
    return this.#visit(await this.startSession({ login: {} }, returnUrl), expected);
  }

  /** Makes a redirect session and returns the URL of its page; undefined if the session was refused. */
  async startSession(intent: object, postFlowUrl?: string): Promise<string | undefined> {
    const token = (await requestToken(this.#api, this.#clientId)).body?.['access_token'];
    if (typeof token !== 'string') return undefined;
    const body = { ...intent, ...(postFlowUrl !== undefined && { callbacks: { postFlowUrl } }) };
    for (const target of SESSIONS) {
      const as = { visitor: token };
      const { status, body: session } = await this.#api.send({ method: 'POST', target, body, as, isPage: true });
      if (status === 404) continue;
      const { fullUrl } = (session?.['redirectSession'] ?? {}) as { fullUrl?: unknown };
      return status === 200 && typeof fullUrl === 'string' ? fullUrl : undefined;
    }
    return undefined;
  }

  /** Visits a page and follows the redirects of the service. Undefined if the page does not answer. */
  async #visit(start: string | undefined, expected: string): Promise<Arrival | undefined> {
    let target = start;
    for (let hop = 0; target !== undefined && hop < MAX_HOPS; hop += 1) {
      if (target.startsWith(expected)) return 'returned';
      // A page on one of the hosts of the questions does not exist.
      if (new URL(target).hostname.endsWith(host(''))) return 'page';
      let reply: Reply;
      try {
        reply = await this.#api.send({ method: 'GET', target, as: 'nobody', isPage: true });
      } catch (error) {
        // Pages are on other hosts, which need not answer.
        if (error instanceof CommandError && !this.#api.signal.aborted) return undefined;
        throw error;
      }
      const { status, headers, text } = reply;
      if (status >= 400 || /invalid redirect uri|isn't listed as an allowed/i.test(text)) return 'refused';
      const location = status >= 300 ? headers.get('location') : null;
      if (location === null) return 'page';
      target = new URL(location, target).href;
    }
    return undefined;
  }
}
