/**
 * The control interface: what a test controls in JavaScript, over HTTP for every language. The emulator checks the values;
 * its messages are sent as they are.
 */
import type { Emulator, EmulatorOptions, EmulatorState, Fault } from 'wix-oauth-apps/emulator';
import { CONSOLE } from './console.js';
import { HttpError } from './http-error.js';
import { readTime, toJson, type RequestLog } from './request-log.js';

/** The largest body, in bytes: a state has no other limit. */
export const MAX_STATE = 64 * 1_048_576;

/** A request of the control interface. */
export interface ControlRequest {
  method: string;
  path: string;
  /** The part of the URL after the question mark. */
  query: string;
  body: Uint8Array | undefined;
}

type Endpoint = (request: ControlRequest) => unknown;

/** The events that a receiver of webhooks gets unless its option says otherwise. */
const EVENTS = ['created', 'updated', 'deleted'] as const;

export class Control {
  readonly #endpoints: Record<string, Record<string, Endpoint>>;

  constructor(emulator: Emulator, requests: RequestLog, webhooks: EmulatorOptions['webhooks'] = []) {
    this.#endpoints = {
      requests: { GET: ({ query }) => ({ requests: requests.after(sinceOf(query)).map(toJson) }) },
      reset: {
        POST: () => {
          emulator.reset();
          requests.clear();
        },
      },
      state: {
        GET: () => emulator.snapshot(),
        PUT: (request) => emulator.restore(objectOf(request) as unknown as EmulatorState),
      },
      faults: {
        POST: (request) => emulator.fail(objectOf(request) as Fault),
        DELETE: () => emulator.clearFaults(),
      },
      clock: {
        PUT: (request) => setClock(emulator, memberOf(request, 'now', 'a date such as "2026-03-01T09:05:00Z"')),
      },
      'clock/advance': {
        POST: (request) => emulator.advance(memberOf(request, 'milliseconds', 'a number such as 60000') as number),
      },
      webhooks: {
        GET: () => ({
          webhooks: webhooks.map(({ url, events = [...EVENTS] }) => ({ url, events })),
          attempts: emulator.webhooks.attempts,
        }),
      },
      // The console needs them to manage apps.
      credentials: { GET: () => emulator.credentials },
      members: { GET: () => ({ members: emulator.members }) },
    };
  }

  /** Checks whether the path is one of the interface. */
  serves(path: string): boolean {
    return path.startsWith(CONSOLE) && Object.hasOwn(this.#endpoints, path.slice(CONSOLE.length));
  }

  /** Executes a request and returns the body of the response. Throws an `HttpError` for a request that cannot be used. */
  execute(request: ControlRequest): string {
    const methods = this.#endpoints[request.path.slice(CONSOLE.length)] ?? {};
    const endpoint = methods[request.method === 'HEAD' ? 'GET' : request.method];
    if (endpoint === undefined) {
      const allowed = Object.keys(methods).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
      const message = `The method ${request.method} is not allowed for ${request.path}; use ${allowed.join(' or ')}`;
      throw new HttpError(405, message, { allow: allowed.join(', ') });
    }
    if (request.body !== undefined && request.body.length > MAX_STATE) {
      throw new HttpError(413, `The body is larger than ${MAX_STATE} bytes`);
    }
    try {
      return JSON.stringify(endpoint(request) ?? {});
    } catch (error) {
      // A trap of the module is a bug; every other error is about the value that was sent.
      if (error instanceof HttpError || (error as Error).name === 'RuntimeError') throw error;
      throw new HttpError(400, (error as Error).message);
    }
  }
}

/** Returns the time of the parameter `since`, in microseconds. */
export function sinceOf(query: string): number {
  const since = new URLSearchParams(query).get('since');
  if (since === null || since === '') return 0;
  const time = readTime(since);
  if (time !== undefined) return time;
  const remedy = 'give the "at" of a request, a date in UTC such as 2026-03-01T09:05:00Z, or milliseconds since 1970';
  throw new HttpError(400, `since: ${JSON.stringify(since)} is no time; ${remedy}`);
}

function setClock(emulator: Emulator, now: unknown): void {
  try {
    emulator.setTime(now as string);
  } catch (error) {
    throw new HttpError(400, (error as Error).message.replace(/^time:/, 'now:'));
  }
}

/** Returns the value of the only member of the body. */
function memberOf(request: ControlRequest, name: string, example: string): unknown {
  const body = objectOf(request);
  const other = Object.keys(body).find((key) => key !== name);
  if (other !== undefined) throw new HttpError(400, `${other}: there is no such member; the body has only ${name}`);
  if (body[name] === undefined || body[name] === null) throw new HttpError(400, `${name}: is missing; give ${example}`);
  return body[name];
}

/** Returns the JSON object in the body. */
function objectOf({ path, body }: ControlRequest): Record<string, unknown> {
  const text = body === undefined ? '' : new TextDecoder().decode(body);
  if (text.trim() === '') throw new HttpError(400, `The body is missing; ${path} needs a JSON object`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HttpError(400, `The body is not JSON: ${(error as Error).message}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new HttpError(400, `The body is JSON, but ${path} needs an object`);
}
