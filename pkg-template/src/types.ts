/** The public types. Field names are those of the OAuth Apps API. */
import type { OAuthAppsErrorCode, Violation } from './error.js';
import type { Secret } from './secret.js';

declare global {
  // Merges with the platform's declaration. Without one, such as the DOM's, the types below still compile.
  interface AbortSignal {}
}

/** The type of the platform's `fetch`, as far as the project declares it. */
export type Fetch = typeof globalThis extends { fetch: infer Declared }
  ? Declared
  : (input: string, init?: object) => Promise<object>;

/** The kind of client that an OAuth app is for. */
export type ApplicationType = 'OAUTH_APP_TYPE_UNSPECIFIED' | 'WEB_APP' | 'MOBILE' | 'OTHER';

/** The technology that the client is built with. */
export type Technology =
  | 'OAUTH_TECHNOLOGY_UNSPECIFIED'
  | 'JAVASCRIPT'
  | 'ANGULAR'
  | 'VUE'
  | 'REACT'
  | 'REACT_NATIVE'
  | 'IOS'
  | 'ANDROID'
  | 'OTHER_TECHNOLOGY';

/** Maps a domain of Wix-managed pages to another domain. */
export interface DomainMapping {
  /** At most 2,048 characters. */
  origin?: string | undefined;
  /** At most 2,048 characters. */
  destination?: string | undefined;
}

/** The fields of a new OAuth app. */
export interface OAuthAppDraft {
  /** The name that the dashboard shows: 2 to 256 characters, without control characters and invisible characters. */
  name: string;
  description?: string | undefined;
  /** The URL of an external login page. Without one, or with `''`, visitors log in at Wix. */
  loginUrl?: string | undefined;
  /** An external URL that Wix calls when a visitor logs out. `''` means that there is none. */
  logoutUrl?: string | undefined;
  /** The URIs to which Wix may redirect after authentication, compared byte for byte. At most 20. */
  allowedRedirectUris?: string[] | undefined;
  /** The domains to which Wix may redirect after other processes, such as a checkout or a logout. At most 20. */
  allowedRedirectDomains?: string[] | undefined;
  /**
   * The predecessor of the two lists above, which some of Wix's own tools still write.
   *
   * @deprecated Use `allowedRedirectUris` and `allowedRedirectDomains`.
   */
  allowedDomains?: string[] | undefined;
  /** The tool that created the app, as Wix's own tools write it. At most 256 characters. */
  origin?: string | undefined;
  /** `true` if a secret can be generated. The service sets it to `false` when one has been generated. */
  allowSecretGeneration?: boolean | undefined;
  applicationType?: ApplicationType | undefined;
  technology?: Technology | undefined;
  /** At most 200. */
  wixPagesDomainsMappings?: DomainMapping[] | undefined;
  /** The base URL of Wix-managed pages, normally the site's https origin. At most 1,024 characters. */
  redirectUrlWixPages?: string | undefined;
}

/**
 * The fields that an update changes; other fields keep their values. `null` clears a field, and a list replaces the stored
 * list. An app that you have read can be passed with changes: its read-only fields are ignored, and fields that this
 * library does not know are not updated.
 */
export type OAuthAppPatch = {
  [Field in keyof OAuthAppDraft]?: (Field extends 'name' ? string : OAuthAppDraft[Field] | null) | undefined;
};

/** The app that `ensureOAuthApp` finds or creates. `null` clears a field of an existing app. */
export type WantedOAuthApp = OAuthAppPatch & { name: string; id?: string | undefined };

/**
 * The delay before the client reads an app again after a write, to detect other writers. The delay is random between the
 * two values; after a create it is `minDelay` longer.
 */
export interface SettleOptions {
  /** Milliseconds. Default: 500. */
  minDelay?: number | undefined;
  /** Milliseconds. Default: 1,500. */
  maxDelay?: number | undefined;
}

/** An OAuth app. Fields that this type does not declare are kept as the service sent them. */
export interface OAuthApp extends OAuthAppDraft {
  /** The app's ID, a GUID. It is the client ID with which the app's client authenticates. */
  id: string;
  /** ISO 8601 date and time. */
  createdDate: string;
  allowedRedirectUris: string[];
  allowedRedirectDomains: string[];
}

/** A new OAuth app, with its secret if the service returned one. The service shows the secret only once. */
export type CreatedOAuthApp = OAuthApp & { secret?: Secret };

/** A query for apps. The API filters on `id` only. */
export interface OAuthAppQuery {
  filter?: { id?: string | { $eq: string } | undefined } | undefined;
  /** At most 3 fields. Default: `id`, descending. */
  sort?: { fieldName: 'createdDate' | 'name'; order?: 'ASC' | 'DESC' | undefined }[] | undefined;
  paging?: { limit?: number | undefined; offset?: number | undefined } | undefined;
  /** `limit` is at most 100. A cursor contains its filter and sort order, so they must not be passed with it. */
  cursorPaging?: { limit?: number | undefined; cursor?: string | undefined } | undefined;
}

/** One page of apps. */
export interface OAuthAppPage {
  oAuthApps: OAuthApp[];
  pagingMetadata: {
    count?: number;
    offset?: number;
    total?: number;
    tooManyToCount?: boolean;
    cursors?: { next?: string; prev?: string };
    hasNext?: boolean;
  };
}

/**
 * Retries after a failed connection, a timeout, or one of the statuses 408, 425, 429, 500, 502, 503 and 504. A create and
 * `generateOAuthAppSecret` are repeated only if the first attempt was certainly not carried out.
 */
export interface RetryOptions {
  /** The number of attempts after the first one. Default: 2. */
  maxRetries?: number | undefined;
  /**
   * Milliseconds. The first delay is random between 0 and this value; the upper bound doubles with each retry. Default:
   * 500.
   */
  baseDelay?: number | undefined;
  /**
   * The longest delay, in milliseconds. If the service asks for a longer one (`Retry-After`, RFC 9110 §10.2.3), the call
   * fails at once and the error has it as `retryAfter`. Default: 60,000.
   */
  maxDelay?: number | undefined;
}

/**
 * The options of a client. Only own enumerable properties are read; inherited ones are ignored. `undefined` means that an
 * option is not set, except for a credential and for the `siteId` of an API key: there it usually comes from an
 * environment variable that is not set, and is an error.
 */
export interface ClientOptions {
  /**
   * The credential, in one of these forms. `clientId` and `clientSecret` are exchanged for an access token (RFC 6749 §4.4)
   * that the client renews; `getAccessToken` is called before each request.
   */
  auth:
    | { apiKey: string }
    | { clientId: string; clientSecret: string; instanceId?: string | undefined }
    | { accessToken: string }
    | { getAccessToken: (context: { signal: AbortSignal }) => string | Promise<string> };
  /** The GUID of the site, sent as `wix-site-id`. An API key requires it, or `accountId`. */
  siteId?: string | undefined;
  /** The ID of the account, sent as `wix-account-id`. Not together with `siteId`. */
  accountId?: string | undefined;
  /**
   * The base URL of the API. Plain `http` is accepted only for a loopback host and for the hosts in
   * `dangerouslyAllowHttp`. Default: `'https://www.wixapis.com'`.
   */
  baseUrl?: string | undefined;
  /** A function that is called as `fetch(url, init)`. Default: the platform's `fetch`. */
  fetch?: Fetch | undefined;
  /** The time limit of one attempt, including its response body, in milliseconds. Default: 30,000. */
  timeout?: number | undefined;
  /** Retries, or `false` for none. Default: 2 retries after at most 500 ms and 1,000 ms. */
  retry?: RetryOptions | false | undefined;
  /**
   * The largest number of `requests` in any `per` milliseconds; further requests wait. `false` disables the limit.
   * Default: 200 in 60,000 ms, the API's documented limit.
   */
  rateLimit?: { requests: number; per: number } | false | undefined;
  /**
   * When `allowRedirects`, `disallowRedirects` and `ensureOAuthApp` read an app again after they have changed a list or
   * created an app, and repeat a change that another writer has overwritten. `false` disables this.
   */
  settle?: SettleOptions | false | undefined;
  /** Receives events, which never contain a credential. An exception that it throws is ignored. */
  onEvent?: ((event: ClientEvent) => void) | undefined;
  /** Accepts an API key or a client secret in a web page, where every visitor can read it. Default: `false`. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /**
   * Host names for which `baseUrl` may be plain `http`, such as a container in a private network: `['wix-emulator']`.
   * Everybody between the client and the host can read the credential. Default: `[]`.
   */
  dangerouslyAllowHttp?: string[] | undefined;
}

/**
 * An event during a call. `attempt` starts at 1 for each request; an operation may consist of several requests. Times are
 * in milliseconds. Later versions may add types, so ignore a type that you do not know.
 */
export type ClientEvent =
  /** A draft, a patch or an entry is sent although something in it looks unintended. */
  | { type: 'warning'; operation: string; violations: Violation[] }
  /** A request is sent. `path` is relative to the base URL. */
  | { type: 'request'; operation: string; attempt: number; method: string; path: string }
  /** A request has ended. `status` is absent if there was no response; `code` is present if the attempt failed. */
  | {
      type: 'response';
      operation: string;
      attempt: number;
      duration: number;
      status?: number;
      requestId?: string;
      code?: OAuthAppsErrorCode;
    }
  /** An attempt failed, and the request is repeated after `delay`. */
  | { type: 'retry'; operation: string; attempt: number; delay: number; code: OAuthAppsErrorCode }
  /** The client's `rateLimit` delays a request by `delay`. */
  | { type: 'wait'; operation: string; attempt: number; delay: number }
  /** The client has obtained an access token. It is valid for `expiresIn` seconds, if the service says so. */
  | { type: 'token'; operation: string; expiresIn?: number };

/** The options of one call. They override the client's options. */
export interface RequestOptions {
  /** Aborts the call. The error has the code `ABORTED`, and the signal's reason as its `cause`. */
  signal?: AbortSignal | undefined;
  /** The time limit of one attempt, in milliseconds. */
  timeout?: number | undefined;
  retry?: RetryOptions | false | undefined;
  /** Headers that are sent in addition to the client's own. */
  headers?: Record<string, string> | undefined;
}

/** The options of a call that changes redirect lists. */
export interface ChangeOptions extends RequestOptions {
  /** Overrides the client's `settle` for this call. */
  settle?: SettleOptions | false | undefined;
}

/** The options of `ensureOAuthApp`. */
export interface EnsureOptions extends ChangeOptions {
  /**
   * `'include'` adds the given entries to the lists and keeps the others. `'exact'` makes a given list the whole list; a
   * list that is not given is left alone. Default: `'include'`.
   */
  redirects?: 'include' | 'exact' | undefined;
  /**
   * Reports what would be done and writes nothing. `oAuthApp` is then the app as it is now or, if none was found, the
   * draft without `id` and `createdDate`. Default: `false`.
   */
  dryRun?: boolean | undefined;
}

/** Entries of an app's redirect lists. */
export interface RedirectEntries {
  /** Entries of `allowedRedirectUris`. */
  uris?: string[] | undefined;
  /** Entries of `allowedRedirectDomains`. */
  domains?: string[] | undefined;
}

/** An app after a change of its redirect lists, and the entries that were actually added and removed. */
export interface RedirectChange {
  oAuthApp: OAuthApp;
  added: { uris: string[]; domains: string[] };
  removed: { uris: string[]; domains: string[] };
}

/** The result of `ensureOAuthApp`. */
export interface EnsuredOAuthApp {
  oAuthApp: CreatedOAuthApp;
  /** `true` if this call has created the app. */
  created: boolean;
  /** The names of the fields that were changed on an existing app. */
  changed: string[];
  /** How an existing app was found; absent if the app was created. An app found by a redirect entry keeps its name. */
  matchedBy?: 'id' | 'name' | 'redirect';
}

/** A client of the OAuth Apps API. Every failure is an `OAuthAppsError`. */
export interface OAuthAppsClient {
  /**
   * Creates an app.
   *
   * @throws OAuthAppsError `OUTCOME_UNKNOWN` if the app may or may not have been created: list the apps before you call
   *   it again, or use `ensureOAuthApp`
   */
  createOAuthApp(draft: OAuthAppDraft, options?: RequestOptions): Promise<CreatedOAuthApp>;
  /**
   * Returns the app with this ID.
   *
   * @throws OAuthAppsError `NOT_FOUND` if the site has no app with this ID
   */
  getOAuthApp(id: string, options?: RequestOptions): Promise<OAuthApp>;
  /** Updates the fields of the patch, and returns the updated app. A list in the patch replaces the stored list. */
  updateOAuthApp(id: string, patch: OAuthAppPatch, options?: RequestOptions): Promise<OAuthApp>;
  /** Deletes an app. Nobody can authenticate with its ID any more. */
  deleteOAuthApp(id: string, options?: RequestOptions): Promise<void>;
  /** Returns one page of apps. */
  queryOAuthApps(query?: OAuthAppQuery, options?: RequestOptions): Promise<OAuthAppPage>;
  /**
   * Iterates over every app that the query finds, on all pages. Each page is fetched when it is needed. An app that exists
   * throughout is returned once, whatever is created and deleted meanwhile.
   */
  listOAuthApps(query?: OAuthAppQuery, options?: RequestOptions): AsyncIterableIterator<OAuthApp>;
  /**
   * Generates the app's client secret, which the service shows only once.
   *
   * @throws OAuthAppsError `OUTCOME_UNKNOWN` if a secret may or may not have been generated; `CONFLICT` if the app already
   *   has one and `allowSecretGeneration` is false
   */
  generateOAuthAppSecret(id: string, options?: RequestOptions): Promise<Secret>;
  /**
   * Adds entries to an app's redirect lists and keeps the others. Sends no update if nothing changes. Reads the app back
   * after a write, reads it again after about a second (see `settle`), and repeats the write if another writer has
   * overwritten it. Calls on the same app from one client run one after the other.
   *
   * The API has no revisions: an entry that a writer without such a check adds between the read and the update is lost.
   *
   * @throws OAuthAppsError `INVALID_ARGUMENT` if a list would have more than 20 entries; `CONFLICT` if another writer keeps
   *   replacing the list; `ABORTED` if the signal ends the wait before the second read, in which case the entries have been
   *   written
   */
  allowRedirects(id: string, entries: RedirectEntries, options?: ChangeOptions): Promise<RedirectChange>;
  /**
   * Removes entries from an app's redirect lists, with the same checks, in whatever form the service stores them. Entries
   * that are not in a list are ignored.
   */
  disallowRedirects(id: string, entries: RedirectEntries, options?: ChangeOptions): Promise<RedirectChange>;
  /**
   * Finds or creates one app, however often and from however many processes it is called. It looks for the app by `id`,
   * else by exact name (among several with that name, by a common redirect entry), else by a common redirect entry that is
   * neither a loopback address nor a wildcard. It merges the redirect lists of an existing app and sets the other given
   * fields that differ; `null` clears a field. An app found by a redirect entry keeps its name.
   *
   * Calls from one client run one after the other. If several clients create the app at once, the oldest app stays; the
   * other clients delete theirs and return that one (see `settle`).
   *
   * @throws OAuthAppsError `CONFLICT` if several apps match. The message lists them; pass the `id` of one.
   */
  ensureOAuthApp(wanted: WantedOAuthApp, options?: EnsureOptions): Promise<EnsuredOAuthApp>;
  /**
   * Checks whether a client ID still authenticates, by requesting an anonymous visitor token with it. The request contains
   * none of your credentials, and the token is discarded. Returns `false` only if the service says that it does not know
   * the client; every other failure is an error.
   */
  isClientActive(clientId: string, options?: RequestOptions): Promise<boolean>;
  /**
   * Returns a client for another site, with the same credentials, access token, rate limiter and options. The site replaces
   * `siteId` or `accountId`.
   *
   * @throws OAuthAppsError `CONFIG` if the ID is not a GUID
   */
  forSite(siteId: string): OAuthAppsClient;
}

/** The answer to the question whether Wix would redirect a visitor to a URL. */
export interface RedirectVerdict {
  allowed: boolean;
  /** The entry that allows the URL. */
  matched?: string;
  /**
   * A stable code for the reason why the URL is refused: `NOT_LISTED`, `SCHEME_DIFFERS`, `HOST_DIFFERS`, `PORT_DIFFERS`,
   * `PATH_DIFFERS`, `TRAILING_SLASH`, `QUERY_DIFFERS`, `CASE_DIFFERS`, `SUBDOMAIN`, `NOT_CANONICAL`, `EMBEDDED_URL` or
   * `INVALID`. Later versions may add codes.
   */
  reason?: string;
  /** The nearest entry, how it differs, and the remedy. */
  message: string;
  /** The nearest entry, and the index of the first character of the URL that differs from it, in UTF-16 code units. */
  nearest?: { entry: string; at: number };
  /**
   * The argument for `allowRedirects` that allows the URL. Present only if that call is accepted, the list has room, and
   * nothing suggests that the URL is not meant as an entry; otherwise `message` says what to do instead.
   *
   * Never apply it to a URL that came from a request: its sender would choose where visitors and their authorization codes
   * are sent.
   */
  fix?: RedirectEntries;
}

/** A checker for many URLs of one app, made by `createRedirectChecker`. */
export interface RedirectChecker {
  /** Returns the verdict of `checkRedirect` on the app as it was when the checker was made. */
  check(url: string, after: 'authentication' | 'other'): RedirectVerdict;
}

/**
 * WebAssembly, or its location: a compiled `WebAssembly.Module`, an `ArrayBuffer` or a view of one, a `Response`, a `URL`, the
 * text of a URL, or a promise of one of them. `object` stands for all but the text, because a project may compile without the
 * DOM's types.
 */
export type WasmSource = string | object;
