/** The emulator over its core in WebAssembly. */
import { fetchOver } from './fetch.js';
import { bodyOf, partsOf, withoutNul } from './request.js';
import type {
  Emulator,
  EmulatorMember,
  EmulatorOptions,
  EmulatorOutcome,
  EmulatorState,
  RecordedRequest,
} from './types.js';
import { webhooksOver, type Outbox } from './webhooks.js';

/** The core. Declared here, because the declarations of its bindings require the DOM's types. */
interface Core extends Omit<Emulator, 'fetch' | 'handle' | 'members' | 'requests' | 'snapshot' | 'webhooks'>, Outbox {
  handle(head: string, parts: number, body?: Uint8Array): string | undefined;
  members(): EmulatorMember[];
  requests(): RecordedRequest[];
  snapshot(): object;
}

/** Creates an emulator on the loaded core. */
export async function emulatorOver(
  Core: new (options?: EmulatorOptions) => Core,
  options?: EmulatorOptions,
): Promise<Emulator> {
  const core = new Core(withoutKey(options));
  const { webhooks, deliver, cancel } = await webhooksOver(core, options?.webhookKey);
  const postWebhooks = options?.webhooks?.length ? deliver : () => {};
  const handle: Emulator['handle'] = (request) => {
    const parts = partsOf(request);
    const body = bodyOf(request);
    const respond = (parts: string[]) => core.handle(parts.join('\0'), parts.length, body);
    try {
      // The core does not handle a head with a NUL in a part.
      const text = respond(parts) ?? respond(parts.map(withoutNul))!;
      postWebhooks();
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
    get members() {
      return core.members();
    },
    initialApps: core.initialApps,
    webhooks,
    fail: (fault) => core.fail(fault),
    clearFaults: () => core.clearFaults(),
    setTime: (time) => {
      core.setTime(time);
      postWebhooks();
    },
    advance: (milliseconds) => {
      core.advance(milliseconds);
      postWebhooks();
    },
    snapshot: () => core.snapshot() as EmulatorState,
    restore: (state) => {
      core.restore(state);
      cancel();
      postWebhooks();
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
      postWebhooks();
    },
  };
}

/** Reads the outcome that the core writes in the form of an HTTP response. */
function outcomeOf(text: string): EmulatorOutcome {
  let end = text.indexOf('\n');
  const [delay, kind, status, reason] = JSON.parse(text.slice(0, end));
  const headers: Record<string, string> = {};
  for (let start = end + 1; (end = text.indexOf('\n', start)) > start; start = end + 1) {
    const colon = text.indexOf(':', start);
    headers[text.slice(start, colon)] = text.slice(colon + 1, end);
  }
  const body = text.slice(end + 1);
  return reason === undefined ? { delay, kind, status, headers, body } : { delay, kind, status, headers, body, reason };
}

/** Logs an internal error, and returns the response to its request. */
function internalError(error: unknown): EmulatorOutcome {
  console.error('The emulator failed on a request. Please report it with this error:', error);
  const body = '{"message":"Internal error of the emulator"}';
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  return { delay: 0, kind: 'answer', status: 500, headers, body, reason: 'Internal error of the emulator' };
}

/** Returns the options without the key that signs webhooks, because the core does not sign. */
function withoutKey(options: EmulatorOptions | undefined): EmulatorOptions | undefined {
  if (typeof options !== 'object' || options === null || !('webhookKey' in options)) return options;
  const { webhookKey, ...others } = options;
  return others;
}
