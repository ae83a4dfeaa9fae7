/** The requests of `probe`. They are not the client's, which would correct or refuse what the questions have to send. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientOptions } from 'wix-oauth-apps';
import { CommandError, EXIT } from '../../errors.js';
import type { RunContext } from '../../run/context.js';

export const APPS = '/oauth-app/v1/oauth-apps';
export const TOKEN = '/oauth2/token';

const DEFAULT_BASE_URL = 'https://www.wixapis.com';
const DEFAULT_TIMEOUT = 30_000;
const DEFAULT_RETRIES = 2;
const RETRY_DELAY = 250;
/** How long a request waits for a rate limit, in milliseconds. */
const MAX_LIMIT_WAIT = 120_000;

/** When a request was sent and answered, in milliseconds on the monotonic clock. */
export interface Timing {
  sent: number;
  received: number;
}

/** A response. */
export interface Reply extends Timing {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; undefined if it is none. */
  body: Record<string, unknown> | undefined;
}

export interface ProbeRequest {
  method: string;
  /** A path of the API, or the URL of a page. */
  target: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** The caller: the owner of the credential, a visitor with this access token, or nobody. */
  as?: 'admin' | 'nobody' | { visitor: string };
  /** Ends the request; Ctrl-C unless given. `null` for a request that has to be made all the same. */
  signal?: AbortSignal | null;
  /** Set if the response is a page, so that its body need not be JSON. */
  isPage?: boolean;
}

export class ProbeApi {
  readonly #run: RunContext;
  readonly #options: ClientOptions;
  readonly #baseUrl: string;
  #token: string | undefined;
  /** The calls of the Apps API that a rate limit has let through, oldest first. */
  readonly admitted: Timing[] = [];

  constructor(run: RunContext, options: ClientOptions) {
    this.#run = run;
    this.#options = options;
    this.#baseUrl = (options.baseUrl ?? DEFAULT_BASE_URL).replace(/\/+$/, '');
  }

  /** Sends a request; repeats it after a failure of the network or the server, and waits for a rate limit. */
  async send(request: ProbeRequest): Promise<Reply> {
    const retries = this.#run.options.retries ?? DEFAULT_RETRIES;
    const signal = this.#signal(request);
    const start = performance.now();
    for (let attempt = 0, waits = 0; ;) {
      let failure: CommandError;
      try {
        const reply = await this.sendOnce(request);
        if (reply.status === 429 && performance.now() - start < MAX_LIMIT_WAIT) {
          await pause(limitDelay(reply, waits), signal);
          waits += 1;
          continue;
        }
        const fault = faultOf(request, reply);
        if (!fault) return reply;
        failure = fault;
      } catch (error) {
        if (!(error instanceof CommandError) || signal?.aborted) throw error;
        failure = error;
      }
      if (attempt >= retries) throw failure;
      await pause(RETRY_DELAY * 2 ** attempt, signal);
      attempt += 1;
    }
  }

  /** Sends a request once. Throws a `CommandError` if there is no response. */
  async sendOnce(request: ProbeRequest): Promise<Reply> {
    const signal = this.#signal(request);
    signal?.throwIfAborted();
    const { method, target, body, as = 'admin' } = request;
    const headers = { ...(as === 'nobody' ? {} : await this.#authorize(as, signal)), ...request.headers };
    const timeout = AbortSignal.timeout(this.#run.options.timeout ?? DEFAULT_TIMEOUT);
    const { output } = this.#run;
    this.#run.requests += 1;
    const path = target.startsWith('/') ? target : new URL(target).pathname;
    output.trace(`> ${method} ${path}`);
    const sent = performance.now();
    try {
      const response = await fetch(target.startsWith('/') ? this.#baseUrl + target : target, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // A credential is for this address alone.
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const text = await response.text();
      const received = performance.now();
      output.trace(`< ${response.status} (${Math.round(received - sent)} ms)`);
      if (target.startsWith(APPS) && response.status !== 429) this.admitted.push({ sent, received });
      return { status: response.status, headers: response.headers, text, body: toJson(text), sent, received };
    } catch (error) {
      signal?.throwIfAborted();
      if (timeout.aborted) {
        const seconds = (this.#run.options.timeout ?? DEFAULT_TIMEOUT) / 1_000;
        throw failed('TIMEOUT', `${method} ${path} was not answered within ${seconds} s`);
      }
      const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
      throw failed('NETWORK', `${method} ${path} failed: ${cause?.code ?? cause?.message ?? message}`);
    }
  }

  /** Aborted by Ctrl-C. */
  get signal(): AbortSignal {
    return this.#run.signal;
  }

  /** The account of the environment, if any. */
  get accountId(): string | undefined {
    return this.#run.variables['WIX_ACCOUNT_ID'];
  }

  #signal({ signal }: ProbeRequest): AbortSignal | undefined {
    return signal === null ? undefined : (signal ?? this.#run.signal);
  }

  async #authorize(as: 'admin' | { visitor: string }, signal: AbortSignal | undefined) {
    if (as !== 'admin') return { authorization: as.visitor };
    const { auth, siteId } = this.#options;
    if ('apiKey' in auth) return { authorization: auth.apiKey, 'wix-site-id': siteId ?? '' };
    if ('accessToken' in auth) return { authorization: auth.accessToken };
    if ('clientSecret' in auth) return { authorization: (this.#token ??= await this.#grant(auth, signal)) };
    throw new CommandError('CONFIG', 'probe needs a credential from the environment', EXIT.usage);
  }

  /** Obtains an access token for a client ID and its secret. */
  async #grant(
    auth: { clientId: string; clientSecret: string; instanceId?: string | undefined },
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const reply = await this.send({
      method: 'POST',
      target: TOKEN,
      as: 'nobody',
      signal: signal ?? null,
      body: {
        grant_type: 'client_credentials',
        client_id: auth.clientId,
        client_secret: auth.clientSecret,
        ...(auth.instanceId && { instance_id: auth.instanceId }),
      },
    });
    const token = reply.body?.['access_token'];
    if (reply.status === 200 && typeof token === 'string') return token;
    throw failed('UNAUTHENTICATED', 'the client ID and its secret were refused', reply);
  }
}

/** Returns the error of a response that answers no question: the server's failure, or a page in front of it. */
function faultOf({ method, target, isPage }: ProbeRequest, reply: Reply): CommandError | undefined {
  const name = `${method} ${target.startsWith('/') ? target : new URL(target).pathname}`;
  if (reply.status >= 500 || reply.status === 408) {
    return failed('SERVER_ERROR', `${name} was answered with status ${reply.status}`, reply);
  }
  if (reply.status === 429) return failed('RATE_LIMITED', `${name} was refused by a rate limit`, reply);
  if (isPage || reply.body) return undefined;
  return failed('BAD_RESPONSE', `${name} was answered with status ${reply.status} and no JSON`, reply);
}

/** Returns an error of the service, with the response that reports it. */
export function failed(code: string, message: string, reply?: Reply): CommandError {
  return new CommandError(code, message, EXIT.failed, {
    operation: 'probe',
    status: reply?.status ?? null,
    requestId: reply?.headers.get('x-wix-request-id') ?? null,
  });
}

/** Returns the error of a refused request, by its status. */
export function refused(what: string, reply: Reply): CommandError {
  const codes: Record<number, string> = { 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND' };
  const message = reply.body?.['message'];
  const reason = typeof message === 'string' && message !== '' ? `: ${message}` : '';
  return failed(
    codes[reply.status] ?? 'BAD_RESPONSE',
    `${what} was refused with status ${reply.status}${reason}`,
    reply,
  );
}

/** Returns the seconds of `Retry-After`; undefined without it. */
export function retryAfter({ headers }: Reply): number | undefined {
  const text = headers.get('retry-after');
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Returns how long to wait after a 429: as long as it says, else longer each time. */
export const limitDelay = (reply: Reply, waits: number): number =>
  (retryAfter(reply) ?? Math.min(5, 0.1 * 2 ** waits)) * 1_000;

/** Waits. Throws the reason of the signal if it is aborted. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
  signal?.throwIfAborted();
}

function toJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
