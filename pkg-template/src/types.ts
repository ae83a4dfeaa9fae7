/** The types of the public surface. Names and shapes are the API's own. */
import type { OAuthAppsErrorCode } from './error.js';
import type { Secret } from './secret.js';

/** What kind of client an OAuth app stands for. */
export type ApplicationType = 'OAUTH_APP_TYPE_UNSPECIFIED' | 'WEB_APP' | 'MOBILE' | 'OTHER';

/** What a client is built with. */
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

/** Forwards visitors of one domain to another. */
export interface DomainMapping {
  /** Up to 2048 characters. */
  origin?: string;
  /** Up to 2048 characters. */
  destination?: string;
}

/** What a new OAuth app is made of. */
export interface OAuthAppDraft {
  /** 2 to 256 characters, as the dashboard shows it, without control and invisible characters. */
  name: string;
  description?: string | undefined;
  /** An external page on which visitors log in; Wix's own where there is none, or `''`. */
  loginUrl?: string | undefined;
  /** An external URL that Wix calls when a visitor logs out; none where it is `''`. */
  logoutUrl?: string | undefined;
  /** After authentication Wix redirects to exactly these URIs. At most 20. */
  allowedRedirectUris?: string[] | undefined;
  /** After other processes, such as a checkout, Wix redirects to any URL on these domains. At most 20. */
  allowedRedirectDomains?: string[] | undefined;
  /**
   * The older list, which some of the vendor's tools still write.
   *
   * @deprecated Use `allowedRedirectUris` and `allowedRedirectDomains`.
   */
  allowedDomains?: string[] | undefined;
  /** Who made the app, as the vendor's tools write it. Up to 256 characters. */
  origin?: string | undefined;
  allowSecretGeneration?: boolean | undefined;
  applicationType?: ApplicationType | undefined;
  technology?: Technology | undefined;
  /** At most 200. */
  wixPagesDomainsMappings?: DomainMapping[] | undefined;
  /** Up to 1024 characters. */
  redirectUrlWixPages?: string | undefined;
}

/**
 * What an update changes: exactly the fields that are given. `null` clears a field; a list is replaced whole. An app that
 * was read can be sent back with changes: its read-only fields are left out, and so, from the mask, are fields that this
 * library does not know.
 */
export type OAuthAppPatch = {
  [Field in keyof OAuthAppDraft]?: (Field extends 'name' ? string : OAuthAppDraft[Field] | null) | undefined;
};

/** The app that `ensureOAuthApp` makes sure of. `null` clears a field of an app that is there. */
export type WantedOAuthApp = OAuthAppPatch & { name: string; id?: string | undefined };

/**
 * When to look again after a write, for other writers: after a random time between the two, in milliseconds, 500 and 1,500;
 * after a create, `minDelay` later than that.
 */
export interface SettleOptions {
  minDelay?: number | undefined;
  maxDelay?: number | undefined;
}

/** An OAuth app. An answer's fields that this type does not know are there all the same. */
export interface OAuthApp extends OAuthAppDraft {
  /** The app's ID, which is the client ID that its client authenticates with. */
  id: string;
  /** ISO 8601. */
  createdDate: string;
  allowedRedirectUris: string[];
  allowedRedirectDomains: string[];
}

/** A new OAuth app, with its secret where the service gives one: it is shown this once. */
export type CreatedOAuthApp = OAuthApp & { secret?: Secret };

/** Which apps, in what order, and which page. Only `id` can be filtered on. */
export interface OAuthAppQuery {
  filter?: { id?: string | { $eq: string } };
  /** At most 3. Without one: by id, descending. */
  sort?: { fieldName: 'createdDate' | 'name'; order?: 'ASC' | 'DESC' }[];
  paging?: { limit?: number; offset?: number };
  /** `limit` up to 100. A cursor holds the filter and the sort it was made with. */
  cursorPaging?: { limit?: number; cursor?: string };
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
 * How to try again after a failed connection, a time-out, or a status of 408, 425, 429, 500, 502, 503 or 504. A create and
 * a secret are asked for again only where the first attempt surely did nothing.
 */
export interface RetryOptions {
  /** How often after the first attempt: 2. */
  maxRetries?: number | undefined;
  /** The first wait is a random time up to so many milliseconds, and each further one up to twice as many: 500. */
  baseDelay?: number | undefined;
  /**
   * The longest wait in milliseconds: 60,000. Where the service asks for a longer one (`Retry-After`), the error comes at
   * once and has it as `retryAfter`.
   */
  maxDelay?: number | undefined;
}

/**
 * What a client is made with. Only own enumerable properties are read: what an object inherits is no option. `undefined`
 * stands for an option that is not given, except for a credential and for the `siteId` of an API key: there it is an
 * environment variable that is not set, and an error.
 */
export interface ClientOptions {
  /** One of these forms. */
  auth:
    | { apiKey: string }
    | { clientId: string; clientSecret: string; instanceId?: string | undefined }
    | { accessToken: string }
    | { getAccessToken: (context: { signal: AbortSignal }) => string | Promise<string> };
  /** The site whose apps they are: a GUID. An API key needs it, or `accountId`. */
  siteId?: string | undefined;
  /** For account-level calls; not together with `siteId`. */
  accountId?: string | undefined;
  /**
   * Where the API lives: `https://www.wixapis.com`. Plain `http` only for a loopback host, or one that
   * `dangerouslyAllowHttp` names.
   */
  baseUrl?: string | undefined;
  /** Called as `fetch(url, init)` in place of the platform's. */
  fetch?: typeof fetch | undefined;
  /** Milliseconds for one attempt: 30,000. */
  timeout?: number | undefined;
  /** 2 retries, first wait up to 500 ms, longest 60,000 ms. `false` for none. */
  retry?: RetryOptions | false | undefined;
  /** So many requests in so many milliseconds: 200 in 60,000. Further ones wait. `false` for no limit. */
  rateLimit?: { requests: number; per: number } | false;
  /**
   * When to look again after a write of a list by `allowRedirects`, `disallowRedirects` or `ensureOAuthApp`, and after a
   * create by `ensureOAuthApp`: what other writers have undone meanwhile is done again. `false` for not at all. Where nothing
   * was written, nothing waits.
   */
  settle?: SettleOptions | false | undefined;
  /** Told what happens; never a credential. What it throws disturbs nothing. */
  onEvent?: ((event: ClientEvent) => void) | undefined;
  /** Allows an API key or a client secret in a page, where every visitor can read it. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /**
   * Names of hosts to which plain `http` is allowed, for a network that only you are on, such as one of containers:
   * `['wix-emulator']`. Everybody on the way can read the credential.
   */
  dangerouslyAllowHttp?: string[] | undefined;
}

/**
 * What happens during a call. `attempt` counts from 1, and is of one request: an operation may be made of several. Times
 * are milliseconds. Further types may be added: let those pass that you do not know.
 */
export type ClientEvent =
  /** A draft, a patch or an entry goes out although something in it is likely not meant. */
  | { type: 'warning'; operation: string; violations: Violation[] }
  /** A request goes out. `path` is below the base URL. */
  | { type: 'request'; operation: string; attempt: number; method: string; path: string }
  /** It was answered, or no answer came: then there is no `status`. `code` says what went wrong, where something did. */
  | {
      type: 'response';
      operation: string;
      attempt: number;
      duration: number;
      status?: number;
      requestId?: string;
      code?: OAuthAppsErrorCode;
    }
  /** An attempt failed, and the request goes out once more after `delay`. */
  | { type: 'retry'; operation: string; attempt: number; delay: number; code: OAuthAppsErrorCode }
  /** The client's `rateLimit` holds a request back for `delay`. */
  | { type: 'wait'; operation: string; attempt: number; delay: number }
  /** The client has got itself an access token, good for `expiresIn` seconds where the service says so. */
  | { type: 'token'; operation: string; expiresIn?: number };

/** What one call is made with; it stands before the client's options. */
export interface RequestOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt. */
  timeout?: number | undefined;
  retry?: RetryOptions | false | undefined;
  /** Sent besides the client's own. */
  headers?: Record<string, string> | undefined;
}

/** What a change of redirect lists is made with. */
export interface ChangeOptions extends RequestOptions {
  /** As in the client's options, for this call. */
  settle?: SettleOptions | false | undefined;
}

/** What `ensureOAuthApp` is made with. */
export interface EnsureOptions extends ChangeOptions {
  /**
   * `'include'`: the lists hold the entries that are given, and others that are there stay. `'exact'`: a list that is given
   * holds nothing else; one that is not given is left alone.
   */
  redirects?: 'include' | 'exact' | undefined;
  /**
   * Says what would be done, and writes nothing. `oAuthApp` is then the app as it is now; where one would be created, it is
   * the draft, without `id` and `createdDate`.
   */
  dryRun?: boolean | undefined;
}

/** Entries of an app's redirect lists. */
export interface RedirectEntries {
  /** Of `allowedRedirectUris`. */
  uris?: string[] | undefined;
  /** Of `allowedRedirectDomains`. */
  domains?: string[] | undefined;
}

/** An app after a change of its redirect lists, and what that did: entries that were there already are not in it. */
export interface RedirectChange {
  oAuthApp: OAuthApp;
  added: { uris: string[]; domains: string[] };
  removed: { uris: string[]; domains: string[] };
}

/** The app that was made sure of. */
export interface EnsuredOAuthApp {
  oAuthApp: CreatedOAuthApp;
  /** Whether there was none before. */
  created: boolean;
  /** The names of the fields that were changed on one that was there. */
  changed: string[];
  /** By what one that was there was found; absent where it was created. One found by an entry keeps its name. */
  matchedBy?: 'id' | 'name' | 'redirect';
}

/** Creates, finds, updates and deletes OAuth apps. Every failure is an `OAuthAppsError`. */
export interface OAuthAppsClient {
  /** Creates an app. `OUTCOME_UNKNOWN` where nobody can say whether it was: look before you create it again. */
  createOAuthApp(draft: OAuthAppDraft, options?: RequestOptions): Promise<CreatedOAuthApp>;
  /** Gets an app; `NOT_FOUND` where the site has none of this ID. */
  getOAuthApp(id: string, options?: RequestOptions): Promise<OAuthApp>;
  /** Changes exactly the patch's fields; the answer is the app as it is then. A list is replaced whole. */
  updateOAuthApp(id: string, patch: OAuthAppPatch, options?: RequestOptions): Promise<OAuthApp>;
  /** Deletes an app: from then on its ID authenticates nobody. */
  deleteOAuthApp(id: string, options?: RequestOptions): Promise<void>;
  /** One page of apps. */
  queryOAuthApps(query?: OAuthAppQuery, options?: RequestOptions): Promise<OAuthAppPage>;
  /**
   * Every app that the query finds, over all pages, each fetched when it is needed. An app that stays is given once,
   * whatever is created and deleted meanwhile.
   */
  listOAuthApps(query?: OAuthAppQuery, options?: RequestOptions): AsyncIterableIterator<OAuthApp>;
  /** Generates the app's secret, which the service shows this once; `OUTCOME_UNKNOWN` as with a create. */
  generateOAuthAppSecret(id: string, options?: RequestOptions): Promise<Secret>;
  /**
   * Adds entries to an app's redirect lists without losing the others. Nothing is sent where nothing changes; what is
   * written is read back, looked at again after about a second (see `settle`), and written again where another writer has
   * undone it. Calls on the same app from one client run one after the other, and the later one decides. The API has no
   * revision: an entry that a writer of another kind, which does not look again, adds between our get and our update is
   * lost. That is an instant, unless the rate limit or `getAccessToken` holds the update back.
   *
   * `INVALID_ARGUMENT` where a list would hold more than 20, `CONFLICT` where another writer keeps replacing it, `ABORTED`
   * where the signal ends the wait for the second look; its message says that the entries were written.
   */
  allowRedirects(id: string, entries: RedirectEntries, options?: ChangeOptions): Promise<RedirectChange>;
  /**
   * Removes entries from an app's redirect lists, with the same care, in whatever form the service holds them. Entries that
   * are not there are ignored.
   */
  disallowRedirects(id: string, entries: RedirectEntries, options?: ChangeOptions): Promise<RedirectChange>;
  /**
   * One app, however often and by however many it is called: found by `id`, else by its exact name (among several of that
   * name, by a redirect entry in common), else by a redirect entry in common that is neither loopback nor a wildcard;
   * created only where none is found. On one that is found, the redirect lists are merged and the other fields that are
   * given are set where they differ; `null` clears a field. An app that was found by an entry keeps its name.
   *
   * Calls from one client run one after the other. Where several clients create the app at once, the oldest stays, and each
   * of the others deletes its own and takes that one (see `settle`).
   *
   * `CONFLICT` where several apps match; it says which is the oldest and what each lists. Pass the `id` of one then.
   */
  ensureOAuthApp(wanted: WantedOAuthApp, options?: EnsureOptions): Promise<EnsuredOAuthApp>;
  /**
   * Whether a client ID still authenticates: asks for an anonymous visitor token, as the client itself does. No
   * credential of yours is sent, and the token is dropped. `false` only where the service says that it does not know the
   * client; whatever else goes wrong is an error.
   */
  isClientActive(clientId: string, options?: RequestOptions): Promise<boolean>;
  /**
   * A client for another site, with this one's credential, access token, rate limit and options. It replaces a `siteId`
   * or `accountId`.
   *
   * @throws OAuthAppsError `CONFIG` where the ID is no GUID
   */
  forSite(siteId: string): OAuthAppsClient;
}

/** What is wrong, or doubtful, with one field. */
export interface Violation {
  /** Its path in what was given: `allowedRedirectUris[3]`; empty for the whole. */
  field: string;
  /** A stable code such as `FORMAT` or `OUT_OF_RANGE`. */
  rule: string;
  /** An error stops a write; a warning lets it pass. */
  severity: 'error' | 'warning';
  /** What is wrong and what to do. */
  message: string;
  /** A value that would be right. */
  suggestion?: string;
}

/** Whether Wix would send a visitor to a URL, and if not, why. */
export interface RedirectVerdict {
  allowed: boolean;
  /** The entry that allows it. */
  matched?: string;
  /**
   * A stable code that says why the URL is refused: `NOT_LISTED`, `SCHEME_DIFFERS`, `HOST_DIFFERS`, `PORT_DIFFERS`,
   * `PATH_DIFFERS`, `TRAILING_SLASH`, `QUERY_DIFFERS`, `CASE_DIFFERS`, `SUBDOMAIN`, `NOT_CANONICAL`, `EMBEDDED_URL` or
   * `INVALID`. More may be added.
   */
  reason?: string;
  /** Which entry comes nearest, how it differs and what to do. */
  message: string;
  /** The entry that comes nearest, and the index of the first character of the URL that differs from it. */
  nearest?: { entry: string; at: number };
  /**
   * The argument for `allowRedirects` that allows the URL. Present only if that call is accepted, the list has room, and
   * nothing suggests that the URL is not meant as an entry; otherwise `message` says what to do instead.
   *
   * Never apply it to a URL that came from a request: whoever sent the request would choose where visitors, and the codes
   * of their logins, are sent.
   */
  fix?: RedirectEntries;
}

/** The redirect lists of one app, read once. Made by `createRedirectChecker`. */
export interface RedirectChecker {
  /** Returns the verdict of `checkRedirect` on the app as it was when the checker was made. */
  check(url: string, after: 'authentication' | 'other'): RedirectVerdict;
}
