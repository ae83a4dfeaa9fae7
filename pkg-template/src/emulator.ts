/** The emulator of the OAuth Apps API: a `fetch` that answers as the service would, from memory. */
import { fetchOver } from './emulatorfetch.js';
import { headOf, bodyOf } from './emulatorrequest.js';
import { webhooksOver, type Outbox } from './emulatorwebhooks.js';

/** A permission of a caller. `SCOPE.OAUTH_APP.MANAGE` covers reading too. */
export type EmulatorPermission = 'SCOPE.OAUTH_APP.READ' | 'SCOPE.OAUTH_APP.MANAGE' | 'SCOPE.HEADLESS.MANAGE';

/** How the emulator answers. Every option has the service's most likely behaviour as its default. */
export interface EmulatorOptions {
  /** The API key that it accepts. */
  apiKey?: string;
  /** The sites that exist, as GUIDs. The first is the one in `credentials`. */
  siteIds?: string[];
  /** What the API key may do: everything, unless given. */
  permissions?: EmulatorPermission[];
  /** The largest `query.paging.limit`: 100. */
  maxPageLimit?: number;
  /** Whether the response to a create holds a secret: `true`. Generating another one stays possible. */
  secretOnCreate?: boolean;
  /** What the mask `{ path: 'name' }` does in an update: `apply`, as `paths` does, or `ignore`. */
  maskPath?: 'apply' | 'ignore';
  /** What a `wix-account-id` beside a `wix-site-id` does: `ignore`, the site counts, or `refuse`, a 400. */
  accountHeader?: 'ignore' | 'refuse';
  /**
   * Access tokens that manage the apps of one site without `wix-site-id`, as the Wix CLI's site token does: none, unless
   * given. `siteId` is the first site and `permissions` is everything, unless given.
   */
  accessTokens?: { token: string; siteId?: string; permissions?: EmulatorPermission[] }[];
  /** Whether a write that sets only one of the two domain lists sets the other one too: `never`. */
  copyAllowedDomains?: 'never' | 'toAllowedRedirectDomains' | 'fromAllowedRedirectDomains';
  /** The most entries of `allowedDomains`: 20. */
  maxAllowedDomains?: number;
  /** The most characters of `origin`: 256. */
  maxOriginLength?: number;
  /** Whether redirect URIs may have a scheme other than `http` and `https`: `true`. */
  customSchemes?: boolean;
  /** Whether redirect entries are stored in normal form rather than byte for byte: `false`. */
  normalizeRedirects?: boolean;
  /** What becomes of a redirect entry that its list holds already: `keep`. */
  duplicateRedirects?: 'keep' | 'drop' | 'refuse';
  /**
   * How many requests a caller may make in any stretch of so many milliseconds, or `false`, the default: no limit. The
   * defaults of its members are as documented, 200 in 60,000. `retryAfter: false` leaves `Retry-After` out of the refusal.
   */
  rateLimit?: { requests?: number; per?: number; retryAfter?: boolean } | false;
  /** For how many milliseconds a new app is not found by its ID, while a query finds it: 0. */
  staleFor?: number;
  /** How many of the last requests `requests` gives: 10,000. */
  requestLogSize?: number;
  /** The status of a token request whose client there is not, or no more: 400. */
  unknownClientStatus?: 400 | 401 | 404;
  /** Who can log in, on every site: `member@example.com`, unless given. The first logs in unless another is asked for. */
  members?: { email: string; password: string }[];
  /** Whether a `*` in the first label of a redirect URI's host stands for one or more characters of that label: `true`. */
  wildcardRedirects?: boolean;
  /** Whether a redirect domain allows the domains below it too: `false`. */
  subdomainRedirects?: boolean;
  /** What the port of a redirect domain means: `exact`, the URL must have it; `ignored`, nothing. */
  domainPorts?: 'exact' | 'ignored';
  /** Which lists allow the return URL of a logout: `either`, or `domains`, `allowedRedirectDomains` alone. */
  logoutRedirects?: 'either' | 'domains';
  /** Whether the login page sends visitors to the app's `loginUrl`: `true`. */
  honorLoginUrl?: boolean;
  /** Whether the logout page sends visitors to the app's `logoutUrl`: `true`. */
  honorLogoutUrl?: boolean;
  /** What the URLs of redirect sessions begin with: `emulator`, its own address, or `app`, `redirectUrlWixPages` where set. */
  wixPagesUrl?: 'emulator' | 'app';
  /**
   * Hosts that belong to no site: none, unless given. A checkout of an app whose `redirectUrlWixPages` is on one of them ends
   * with `FAILED_TO_FETCH_METASITE_ID_BY_DOMAIN`.
   */
  deadDomains?: string[];
  /** The receivers of webhooks, and the events that each one gets: all, unless given. */
  webhooks?: { url: string; events?: ('created' | 'updated' | 'deleted')[] }[];
  /** The private RSA key that signs webhooks, as a JWK. A new one unless given. */
  webhookKey?: object;
  /**
   * The time at which its clock stands still: milliseconds since 1970, an ISO 8601 date in UTC or a `Date`. The host's
   * clock, unless given.
   */
  now?: number | string | Date;
  /** Where IDs, secrets and everything else that is random come from, so that they come again. For tests only. */
  seed?: number | string;
  /** How many milliseconds each answer takes: 0. */
  latency?: number;
}

/** How a request fails where no answer can say so. */
export type EmulatorFailure =
  /** Nobody listens. */
  | 'refused'
  /** The connection closes before the first byte of an answer. */
  | 'reset'
  /** Status, headers and the first half of the body arrive, then the connection closes. */
  | 'resetInBody'
  /** No answer ever comes. */
  | 'hang'
  /** Status, headers and the first half of the body arrive, then nothing more. */
  | 'stall';

/** A response that was seen in front of the live service. */
export type EmulatorFaultPreset =
  /** `429 {}` without `Retry-After`, to a request that was carried out nevertheless. */
  | 'bare429'
  /** The HTML 404 of a gateway. */
  | 'gateway404'
  /** The login page of a captive portal, with status 200. */
  | 'captivePortal'
  /** A 500 with `{"message":"","details":{}}`. */
  | 'emptyError';

/** A fault, and the requests that it meets: one of `status`, `error`, `preset` and `latency` at least. */
export interface Fault {
  /** The method of the requests it meets, in any case: all, unless given. */
  method?: string;
  /** The path of the requests it meets, without the query; `*` stands for any text: all, unless given. */
  path?: string;
  /** How many requests it meets: 1. `'always'` or `Infinity`: all, until `reset()`. */
  times?: number | 'always';
  /** How many requests that it could meet pass before: 0. */
  after?: number;
  /** Whether the request is carried out before it fails: `false`. Where an answer is broken off, always `true`. */
  takeEffect?: boolean;
  /** How many milliseconds the answer, or the failure, takes: 0. Alone, it delays and does no more. */
  latency?: number;
  /** The status to answer with, 200 to 599. */
  status?: number;
  /** The headers of that answer. */
  headers?: Record<string, string>;
  /** The body of that answer: a text as it is, anything else as JSON; the service's error shape, unless given. */
  body?: unknown;
  /** How it fails without an answer. */
  error?: EmulatorFailure;
  /** A response that was seen in front of the live service, in place of `status`, `headers` and `body`. */
  preset?: EmulatorFaultPreset;
}

/** A request as a host of your own hands it over. */
export interface EmulatorRequest {
  method: string;
  /** The whole URL, or its path and query. */
  url: string;
  /** Header values; a repeated header may be an array, as in Node's `IncomingMessage.headers`. */
  headers?: Record<string, string | readonly string[] | undefined>;
  /** Text or bytes. Bytes of another realm, such as a `Buffer` under jsdom, are taken too. */
  body?: string | ArrayBuffer | ArrayBufferView | null;
}

/** What becomes of a request. */
export interface EmulatorOutcome {
  /** How many milliseconds to wait before anything is done. */
  delay: number;
  /** `answer`: give it. Else how it fails. */
  kind: 'answer' | EmulatorFailure;
  /** 0 where no answer is sent, or begun. */
  status: number;
  /** With names in lower case. */
  headers: Record<string, string>;
  /** The whole body, also where only its first half is to be sent. */
  body: string;
}

/** A piece of the state, for a host that keeps it: what it is, and what it holds, as JSON. */
export interface EmulatorRecord {
  key: string;
  value: string;
}

/** A record that was written, or removed where its value is `null`. */
export interface EmulatorChange {
  key: string;
  value: string | null;
}

/** A request that the emulator has answered. Credentials are redacted. */
export interface RecordedRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  /** With names in lower case. */
  headers: Record<string, string>;
  /** Parsed where it is JSON, else the text; absent where there was none. */
  body?: unknown;
  /** What it was answered with; 0 where no answer was sent. */
  status: number;
  /** How it failed, where a fault made it fail without an answer. */
  error?: EmulatorFailure;
  /** Warnings about redirect entries that the request has written, such as a domain that is a public suffix. */
  warnings?: string[];
}

/** Everything the emulator remembers, as plain JSON. Secrets are not in it, only what recognises them. */
export interface EmulatorState {
  readonly version: number;
}

/** An attempt to post a webhook. */
export interface WebhookAttempt {
  url: string;
  /** Such as `wix.headless.v1.o_auth_app_created`. */
  eventType: string;
  /** Which attempt it was; the first is 1. */
  attempt: number;
  /** When it ended, in milliseconds since 1970 by the emulator's clock. */
  time: number;
  /** `failed` is tried again later, `dropped` never. */
  outcome: 'delivered' | 'failed' | 'dropped';
}

/** The webhooks that the emulator posts, in the background. */
export interface EmulatorWebhooks {
  /** The key that they are verified with, as PEM. */
  publicKey(): Promise<string>;
  /** Waits until everything is posted that is to be posted by now; not for attempts that are due later. */
  settled(): Promise<void>;
  /** Ends the attempts that are under way and clears the timer for later ones; webhooks that are due stay due. */
  stop(): void;
  /** The last attempts, oldest first. */
  readonly attempts: readonly WebhookAttempt[];
}

/** The service's side, in memory. */
export interface Emulator {
  /**
   * Answers by path, whatever the host; never touches the network. Give it to a client as its `fetch`. A redirect is given
   * as it is: it follows none.
   */
  fetch: typeof fetch;
  /** What it accepts unless told otherwise. */
  credentials: { apiKey: string; siteId: string };
  /** Every request so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** The webhooks that the option `webhooks` asks for. */
  readonly webhooks: EmulatorWebhooks;
  /** Lets a fault meet the requests to come; of several that fit, the first. A `TypeError` names what is wrong with it. */
  fail(fault: Fault): void;
  /** Stops the clock at a time: milliseconds since 1970, an ISO 8601 date in UTC, or a `Date`. */
  setTime(time: number | string | Date): void;
  /** Moves the clock forward, by milliseconds. A clock that was not set goes on from there. */
  advance(milliseconds: number): void;
  /** The state, to come back to: everything that the service keeps; not the log, the clock and the faults. */
  snapshot(): EmulatorState;
  /** Back to a state; one that is not of a snapshot is refused, and nothing changes. */
  restore(state: EmulatorState): void;
  /** As it was at the start: no apps, no requests, no faults, and the clock and the seed of the options. */
  reset(): void;
  /**
   * For a host of your own, such as a server: the outcome of a request. `fetch` performs it. A request that is none, such
   * as one with a header that is an object, is a `TypeError`; anything else that goes wrong is answered with a 500.
   */
  handle(request: EmulatorRequest): EmulatorOutcome;
  /**
   * For a host that keeps the state: what was written since the last call or since `load`, each record once, in the order
   * of the last writes. The first call without a load before it gives everything.
   */
  changes(): EmulatorChange[];
  /** Holds these records and nothing else; one with a fault is named, and nothing changes. */
  load(records: readonly EmulatorRecord[]): void;
}

/** What the core gives. Described rather than imported: the declarations of the bindings need the DOM's types. */
interface Core extends Omit<Emulator, 'fetch' | 'handle' | 'requests' | 'snapshot' | 'webhooks'>, Outbox {
  handle(head: string, body?: string | Uint8Array): string;
  requests(): RecordedRequest[];
  snapshot(): object;
}

/** An emulator over the loaded core. */
export async function emulatorOver(
  Core: new (options?: EmulatorOptions) => Core,
  options?: EmulatorOptions,
): Promise<Emulator> {
  const core = new Core(withoutKey(options));
  const { webhooks, look, cancel } = await webhooksOver(core, options?.webhookKey);
  const settle = options?.webhooks?.length ? look : () => {};
  const handle: Emulator['handle'] = (request) => {
    const head = headOf(request);
    const body = bodyOf(request);
    try {
      const text = core.handle(head, body);
      settle();
      return outcomeOf(text);
    } catch (error) {
      return internalError(error);
    }
  };
  return {
    fetch: fetchOver(handle),
    credentials: core.credentials,
    get requests() {
      return core.requests();
    },
    webhooks,
    fail: (fault) => core.fail(fault),
    setTime: (time) => {
      core.setTime(time);
      settle();
    },
    advance: (milliseconds) => {
      core.advance(milliseconds);
      settle();
    },
    snapshot: () => core.snapshot() as EmulatorState,
    restore: (state) => {
      core.restore(state);
      cancel();
      settle();
    },
    reset: () => {
      core.reset();
      cancel();
    },
    handle,
    changes: () => core.changes(),
    load: (records) => {
      core.load(records);
      cancel();
      settle();
    },
  };
}

/** Reads the outcome that the core writes in the form of an HTTP response. */
function outcomeOf(text: string): EmulatorOutcome {
  let end = text.indexOf('\n');
  const [delay, kind, status] = JSON.parse(text.slice(0, end));
  const headers: Record<string, string> = {};
  for (let start = end + 1; (end = text.indexOf('\n', start)) > start; start = end + 1) {
    const colon = text.indexOf(':', start);
    headers[text.slice(start, colon)] = text.slice(colon + 1, end);
  }
  return { delay, kind, status, headers, body: text.slice(end + 1) };
}

/** The answer to a request on which the emulator itself failed: a bug, which the log of the process names. */
function internalError(error: unknown): EmulatorOutcome {
  console.error('The emulator failed on a request. Please report it with this error:', error);
  const headers = { 'content-type': 'application/json' };
  return { delay: 0, kind: 'answer', status: 500, headers, body: '{"message":"Internal error of the emulator"}' };
}

/** The options without the key that signs webhooks: the core does not sign. */
function withoutKey(options: EmulatorOptions | undefined): EmulatorOptions | undefined {
  if (typeof options !== 'object' || options === null || !('webhookKey' in options)) return options;
  const { webhookKey, ...others } = options;
  return others;
}
