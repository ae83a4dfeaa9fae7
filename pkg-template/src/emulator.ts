/** The emulator of the OAuth Apps API: a `fetch` that answers as the service would, from memory. */

/** How the emulator answers. Every option has the service's most likely behaviour as its default. */
export interface EmulatorOptions {
  /** The API key that it accepts. */
  apiKey?: string;
  /** The sites that exist, as GUIDs. The first is the one in `credentials`. */
  siteIds?: string[];
  /** What the API key may do: everything, unless given. */
  permissions?: ('SCOPE.OAUTH_APP.READ' | 'SCOPE.OAUTH_APP.MANAGE' | 'SCOPE.HEADLESS.MANAGE')[];
  /** The largest `query.paging.limit`: 100. */
  maxPageLimit?: number;
  /** Whether creating an app generates its secret and answers it: `false`. */
  secretOnCreate?: boolean;
  /** Whether redirect entries are stored in normal form rather than byte for byte: `false`. */
  normalizeRedirects?: boolean;
  /** What becomes of a redirect entry that its list holds already: `keep`. */
  duplicateRedirects?: 'keep' | 'drop' | 'refuse';
  /** How many of the last requests `requests` gives: 10,000. */
  requestLogSize?: number;
  /** The status of a token request whose client there is not, or no more: 400. */
  unknownClientStatus?: 400 | 401 | 404;
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
  /** What it was answered with. */
  status: number;
}

/** Everything the emulator remembers, as plain JSON. Secrets are not in it, only what recognises them. */
export interface EmulatorState {
  readonly version: number;
}

/** The service's side, in memory. */
export interface Emulator {
  /** Answers by path, whatever the host; never touches the network. Give it to a client as its `fetch`. */
  fetch: typeof fetch;
  /** What it accepts unless told otherwise. */
  credentials: { apiKey: string; siteId: string };
  /** Every request so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** The state, to come back to. */
  snapshot(): EmulatorState;
  /** Back to a state; one that is not of a snapshot is refused, and nothing changes. */
  restore(state: EmulatorState): void;
  /** Forgets every app and every request. */
  reset(): void;
}

/** What the core gives. Described rather than imported: the declarations of the bindings need the DOM's types. */
interface Core {
  readonly credentials: { apiKey: string; siteId: string };
  handle(request: { method: string; url: string; headers: Record<string, string>; body?: string }): {
    status: number;
    headers: Record<string, string>;
    body: string;
  };
  requests(): RecordedRequest[];
  snapshot(): object;
  restore(state: object): void;
  reset(): void;
}

/** An emulator over the loaded core. */
export function emulatorOver(core: Core): Emulator {
  return {
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const body = request.body === null ? {} : { body: await request.text() };
      request.signal.throwIfAborted();
      const headers = Object.fromEntries(request.headers);
      const answer = core.handle({ method: request.method, url: request.url, headers, ...body });
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    },
    credentials: core.credentials,
    get requests() {
      return core.requests();
    },
    snapshot: () => core.snapshot() as EmulatorState,
    restore: (state) => core.restore(state),
    reset: () => core.reset(),
  };
}
