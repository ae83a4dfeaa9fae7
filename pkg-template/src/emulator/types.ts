/** The public types of the emulator. */
import type { Fetch, WasmSource } from '../types.js';

/** A permission of a caller. `SCOPE.OAUTH_APP.MANAGE` includes reading. */
export type EmulatorPermission = 'SCOPE.OAUTH_APP.READ' | 'SCOPE.OAUTH_APP.MANAGE' | 'SCOPE.HEADLESS.MANAGE';

/**
 * The options of an emulator. Where the API's documentation is silent, the default is the most likely behaviour of the
 * service.
 */
export interface EmulatorOptions {
  /**
   * The package's `emulator.wasm`, for the first emulator: bytes, a compiled module, a URL or a response. Default: the file
   * in the package.
   */
  wasm?: WasmSource | undefined;
  /** The API key that the emulator accepts. Default: an obvious placeholder, in `credentials`. */
  apiKey?: string | undefined;
  /** The GUIDs of the sites. The first one is in `credentials`. Default: one site. */
  siteIds?: string[] | undefined;
  /** The permissions of the API key. Default: all. */
  permissions?: EmulatorPermission[] | undefined;
  /** The largest `query.paging.limit`. Default: 100. */
  maxPageLimit?: number | undefined;
  /** Includes a secret in the response to a create; another one can be generated later. Default: `true`. */
  secretOnCreate?: boolean | undefined;
  /**
   * The effect of the mask `{ path: 'name' }` in an update: `'apply'` treats it like `paths`, and `'ignore'` updates
   * nothing. Default: `'apply'`.
   */
  maskPath?: 'apply' | 'ignore' | undefined;
  /**
   * The effect of a `wix-account-id` beside a `wix-site-id`: `'ignore'` uses the site, and `'refuse'` responds with 400.
   * Default: `'ignore'`.
   */
  accountHeader?: 'ignore' | 'refuse' | undefined;
  /**
   * Access tokens that manage the apps of one site without `wix-site-id`, like the Wix CLI's site token. The defaults of
   * their members are the first site and all permissions. Default: none.
   */
  accessTokens?:
    { token: string; siteId?: string | undefined; permissions?: EmulatorPermission[] | undefined }[] | undefined;
  /** Copies one of the two domain lists into the other one when it is written. Default: `'never'`. */
  copyAllowedDomains?: 'never' | 'toAllowedRedirectDomains' | 'fromAllowedRedirectDomains' | undefined;
  /** The largest number of entries in `allowedDomains`. Default: 20. */
  maxAllowedDomains?: number | undefined;
  /** The largest number of characters in `origin`. Default: 256. */
  maxOriginLength?: number | undefined;
  /** Accepts redirect URIs with a scheme other than `http` and `https`. Default: `true`. */
  customSchemes?: boolean | undefined;
  /** Stores redirect entries in normal form rather than byte for byte. Default: `false`. */
  normalizeRedirects?: boolean | undefined;
  /** The effect of a redirect entry that its list already contains. Default: `'keep'`. */
  duplicateRedirects?: 'keep' | 'drop' | 'refuse' | undefined;
  /**
   * The largest number of `requests` of a caller in any `per` milliseconds; further ones get a 429. `retryAfter: false`
   * omits the header `Retry-After`. The defaults of the members are the documented 200 requests in 60,000 ms. Default:
   * `false`, no limit.
   */
  rateLimit?:
    { requests?: number | undefined; per?: number | undefined; retryAfter?: boolean | undefined } | false | undefined;
  /** The time during which a new app is found by queries but not by its ID, in milliseconds. Default: 0. */
  staleFor?: number | undefined;
  /** The number of requests that the log keeps. Default: 10,000. */
  requestLogSize?: number | undefined;
  /** The status of a token request for an unknown or deleted client. Default: 400. */
  unknownClientStatus?: 400 | 401 | 404 | undefined;
  /**
   * The members who can log in, on every site. The first one logs in unless the request names another one. Default:
   * `member@example.com`.
   */
  members?: { email: string; password: string }[] | undefined;
  /**
   * Lets a `*` in the first label of a redirect URI's host stand for one or more characters of that label. Default: `true`.
   */
  wildcardRedirects?: boolean | undefined;
  /** Lets a redirect domain allow its subdomains too. Default: `false`. */
  subdomainRedirects?: boolean | undefined;
  /** The comparison of a URL's port with that of a redirect domain: `'exact'` or `'ignored'`. Default: `'exact'`. */
  domainPorts?: 'exact' | 'ignored' | undefined;
  /**
   * The lists that allow the return URL of a logout: `'either'`, or `'domains'` for `allowedRedirectDomains` only. Default:
   * `'either'`.
   */
  logoutRedirects?: 'either' | 'domains' | undefined;
  /** Lets the login page redirect visitors to the app's `loginUrl`. Default: `true`. */
  honorLoginUrl?: boolean | undefined;
  /** Lets the logout page redirect visitors to the app's `logoutUrl`. Default: `true`. */
  honorLogoutUrl?: boolean | undefined;
  /**
   * The base of the URLs of redirect sessions: `'emulator'`, its own address, or `'app'`, the app's `redirectUrlWixPages` if
   * it is set. Default: `'emulator'`.
   */
  wixPagesUrl?: 'emulator' | 'app' | undefined;
  /**
   * Hosts that belong to no site. A checkout of an app whose `redirectUrlWixPages` is on one of them ends with
   * `FAILED_TO_FETCH_METASITE_ID_BY_DOMAIN`. Default: none.
   */
  deadDomains?: string[] | undefined;
  /** The receivers of webhooks, and the events that each one receives. Default: no receiver, and all events. */
  webhooks?: { url: string; events?: ('created' | 'updated' | 'deleted')[] | undefined }[] | undefined;
  /** The private RSA key that signs webhooks (RS256, RFC 7518 §3.3), as a JWK. Default: a new key. */
  webhookKey?: object | undefined;
  /**
   * The time at which the clock is stopped: milliseconds since 1970, an ISO 8601 date in UTC or a `Date`. Default: the
   * host's clock, which runs.
   */
  now?: number | string | Date | undefined;
  /** A seed that makes IDs, secrets and other random values reproducible. For tests only. Default: none. */
  seed?: number | string | undefined;
  /** The delay of each response, in milliseconds. Default: 0. */
  latency?: number | undefined;
  /**
   * How a member logs in at the authorize page and the login page: `'automatic'` logs the first one in, and `'interactive'`
   * asks who logs in. Default: `'automatic'`.
   */
  login?: 'automatic' | 'interactive' | undefined;
  /**
   * Other values of `violatedRule` than the documented ones, for each kind of violation: of a missing name, of a name that is
   * too short, and so on. Default: the documented ones.
   */
  ruleNames?: { [kind in EmulatorRuleKind]?: string | undefined } | undefined;
  /**
   * The apps that exist from the start and after `reset()`, at the first site. An `id` can be given; by default it is derived
   * from the name and is the same at each start. Default: none.
   */
  apps?: EmulatorApp[] | undefined;
}

/** A kind of violation, for the option `ruleNames`. */
export type EmulatorRuleKind =
  | 'nameMissing'
  | 'nameTooShort'
  | 'nameTooLong'
  | 'tooManyUris'
  | 'malformedUri'
  | 'pageTooLarge'
  | 'unknownEnumValue'
  | 'readOnlyInMask';

/** An app that exists from the start: the fields of an OAuth app. */
export interface EmulatorApp {
  id?: string | undefined;
  name: string;
  [field: string]: unknown;
}

/** A member who can log in. */
export interface EmulatorMember {
  id: string;
  email: string;
  /** The site at which the member has registered; absent for a member of the options, who belongs to every site. */
  siteId?: string;
}

/** A failure without a complete response. */
export type EmulatorFailure =
  /** The connection is refused. */
  | 'refused'
  /** The connection closes before the first byte of a response. */
  | 'reset'
  /** Status, headers and the first half of the body arrive, then the connection closes. */
  | 'resetInBody'
  /** No response ever arrives. */
  | 'hang'
  /** Status, headers and the first half of the body arrive, then nothing more. */
  | 'stall';

/** A response that was observed in front of the live service. */
export type EmulatorFaultPreset =
  /** `429 {}` without `Retry-After`, to a request that was carried out nevertheless. */
  | 'bare429'
  /** The HTML 404 of a gateway. */
  | 'gateway404'
  /** The login page of a captive portal, with status 200. */
  | 'captivePortal'
  /** A 500 with `{"message":"","details":{}}`. */
  | 'emptyError';

/** A fault, and the requests that it meets. It has at least one of `status`, `error`, `preset` and `latency`. */
export interface Fault {
  /** The method of the requests, in any case. Default: every method. */
  method?: string | undefined;
  /** The path of the requests, without the query; `*` stands for any text. Default: every path. */
  path?: string | undefined;
  /** The number of requests that the fault meets; `'always'` or `Infinity` lasts until `clearFaults()`. Default: 1. */
  times?: number | 'always' | undefined;
  /** The number of matching requests that pass before the fault applies. Default: 0. */
  after?: number | undefined;
  /**
   * Carries the request out before it fails. Always `true` for `resetInBody` and `stall`. Default: `false`.
   */
  takeEffect?: boolean | undefined;
  /** The delay of the response or the failure, in milliseconds. Alone, it only delays. Default: 0. */
  latency?: number | undefined;
  /** The status of the response: 200 to 599. */
  status?: number | undefined;
  /** The headers of that response. */
  headers?: Record<string, string> | undefined;
  /** The body of that response: a string, or a value that is sent as JSON. Default: the service's error shape. */
  body?: unknown;
  /** A failure without a complete response. */
  error?: EmulatorFailure | undefined;
  /** A response that was observed in front of the live service, in place of `status`, `headers` and `body`. */
  preset?: EmulatorFaultPreset | undefined;
}

/** A request that a host passes to the emulator. */
export interface EmulatorRequest {
  method: string;
  /** The whole URL, or its path and query. */
  url: string;
  /** Header values. A repeated header may be an array, as in Node's `IncomingMessage.headers`. */
  headers?: Record<string, string | readonly string[] | undefined> | undefined;
  /** Text or bytes. Bytes of another realm, such as a `Buffer` under jsdom, are accepted. */
  body?: string | ArrayBuffer | ArrayBufferView | null | undefined;
}

/** The outcome of a request: a response or a failure. */
export interface EmulatorOutcome {
  /** The time to wait before the response or the failure, in milliseconds. */
  delay: number;
  /** `'answer'` for a response, else the kind of failure. */
  kind: 'answer' | EmulatorFailure;
  /** The status of the response; 0 if no response is started. */
  status: number;
  /** The headers of the response, with names in lower case. */
  headers: Record<string, string>;
  /** The whole body, also if only its first half is to be sent. */
  body: string;
  /** Why the request was refused, or which fault it met, for a log. It is not part of the response. */
  reason?: string;
}

/** A record of the state, for a host that stores it. */
export interface EmulatorRecord {
  key: string;
  /** JSON. */
  value: string;
}

/** A record that was written, or removed if its value is `null`. */
export interface EmulatorChange {
  key: string;
  value: string | null;
}

/** A request in the log. Credentials are redacted. */
export interface RecordedRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  /** With names in lower case. */
  headers: Record<string, string>;
  /** The parsed JSON, else the text; absent if there was no body. */
  body?: unknown;
  /** The status of the response; 0 if there was none. */
  status: number;
  /** The failure that a fault caused. */
  error?: EmulatorFailure;
  /** Why the request was refused, or which fault it met. */
  reason?: string;
  /** Warnings about redirect entries that the request has written, such as a domain that is a public suffix. */
  warnings?: string[];
}

/** The state of an emulator, as JSON. It contains no secret, only what is needed to recognise one. */
export interface EmulatorState {
  readonly version: number;
}

/** An attempt to post a webhook. */
export interface WebhookAttempt {
  url: string;
  /** The type of the event, such as `wix.headless.v1.o_auth_app_created`. */
  eventType: string;
  /** The number of the attempt; the first one is 1. */
  attempt: number;
  /** When the attempt ended, in milliseconds since 1970 by the emulator's clock. */
  time: number;
  /** `'failed'` is repeated later, and `'dropped'` never. */
  outcome: 'delivered' | 'failed' | 'dropped';
}

/** The webhooks that the emulator posts in the background. */
export interface EmulatorWebhooks {
  /** Returns the public key that verifies webhooks, as PEM. */
  publicKey(): Promise<string>;
  /** Waits until every webhook that is due has been posted; does not wait for later attempts. */
  settled(): Promise<void>;
  /** Ends running attempts and clears the timer of later ones. Pending webhooks stay pending. */
  stop(): void;
  /** The last attempts, oldest first. */
  readonly attempts: readonly WebhookAttempt[];
}

/** An emulator of the OAuth Apps API, in memory. */
export interface Emulator {
  /**
   * A `fetch` that responds by path, whatever the host, and never uses the network. Pass it to a client. It does not follow
   * redirects.
   */
  fetch: Fetch;
  /** The credentials that the emulator accepts by default. */
  credentials: { apiKey: string; siteId: string };
  /** The log of requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** The members who can log in: those of the options, then those who registered. */
  readonly members: readonly EmulatorMember[];
  /** The apps of the option `apps`. */
  readonly initialApps: readonly { id: string; name: string }[];
  /** The webhooks of the option `webhooks`. */
  readonly webhooks: EmulatorWebhooks;
  /**
   * Adds a fault for later requests. If several match a request, the first one applies.
   *
   * @throws TypeError with the name of an invalid member
   */
  fail(fault: Fault): void;
  /** Removes every fault. */
  clearFaults(): void;
  /** Stops the clock at a time: milliseconds since 1970, an ISO 8601 date in UTC, or a `Date`. */
  setTime(time: number | string | Date): void;
  /** Advances the clock by milliseconds. A running clock continues from there. */
  advance(milliseconds: number): void;
  /** Returns the state of the service, without the log, the clock and the faults. */
  snapshot(): EmulatorState;
  /**
   * Restores a state.
   *
   * @throws Error if the state is invalid, in which case nothing changes
   */
  restore(state: EmulatorState): void;
  /**
   * Returns to the start: removes all apps but those of the options, all requests and faults, and resets the clock and the
   * seed to those of the options.
   */
  reset(): void;
  /**
   * Returns the outcome of a request, for a host such as a server; `fetch` performs it. An internal error becomes a 500.
   *
   * @throws TypeError if the value is not a request
   */
  handle(request: EmulatorRequest): EmulatorOutcome;
  /**
   * Returns the records that were written since the last call or since `load`, each once, in the order of their last
   * writes. The first call without a preceding `load` returns all records.
   */
  changes(): EmulatorChange[];
  /**
   * Replaces the state by these records.
   *
   * @throws Error with the key of an invalid record, in which case nothing changes
   */
  load(records: readonly EmulatorRecord[]): void;
}
