/** The emulator's `fetch`, which performs outcomes: responses, delays and failures. */
import type { Emulator, EmulatorOutcome } from './types.js';

/** Jest's jsdom has no `fetch` with its classes. */
const NO_REQUEST =
  "the emulator's fetch needs the global Request, which this environment does not have; in Jest, add the comment " +
  '`@jest-environment node` to the file, or set testEnvironment to jest-fixed-jsdom';

/** Returns a `fetch` that performs the outcomes of `handle`. It never uses the network. */
export function fetchOver(handle: Emulator['handle']): typeof fetch {
  return async (input, init) => {
    if (typeof Request === 'undefined') throw new TypeError(NO_REQUEST);
    const request = new Request(input, init);
    const call = { input, request };
    const bytes = request.body === null ? undefined : await unlessAborted(request.arrayBuffer(), call);
    request.signal.throwIfAborted();
    const { method, url, headers } = request;
    const body = bytes && { body: new Uint8Array(bytes) };
    const outcome = handle({ method, url, headers: Object.fromEntries(headers), ...body });
    if (outcome.delay > 0) await wait(outcome.delay, call);
    return responseOf(outcome, call);
  };
}

/** A pending request, and the argument that it was created from. */
interface Call {
  readonly input: unknown;
  readonly request: Request;
}

async function responseOf(outcome: EmulatorOutcome, call: Call): Promise<Response> {
  const { kind, status, headers, body } = outcome;
  switch (kind) {
    case 'answer':
      // Some statuses must not have a body, not even an empty one.
      return new Response(body === '' ? null : body, { status, headers });
    case 'refused':
      throw failed('fetch failed', 'ECONNREFUSED', 'connect');
    case 'reset':
      throw failed('fetch failed', 'ECONNRESET', 'read');
    case 'hang':
      return never(call);
    case 'resetInBody':
    case 'stall':
      return new Response(firstHalf(body, kind, call), { status, headers });
  }
}

/** Returns a body whose first half arrives; then it fails, or stalls until the caller aborts. */
function firstHalf(body: string, kind: 'resetInBody' | 'stall', call: Call): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(body);
  const chunks = [bytes.subarray(0, bytes.length / 2)];
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = chunks.shift();
      if (chunk) return controller.enqueue(chunk);
      if (kind === 'resetInBody') throw failed('terminated', 'ECONNRESET', 'read');
      await never(call);
    },
  });
}

/** Returns the error of a failed connection, in the form of Node's `fetch`. */
const failed = (message: string, code: string, syscall: string) =>
  new TypeError(message, { cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall }) });

async function wait(milliseconds: number, call: Call): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await unlessAborted(over, call).finally(() => clearTimeout(timer));
}

/**
 * Stays pending until the signal is aborted. Keeps the process alive meanwhile, like an open connection, for the 300 seconds
 * for which Node's `fetch` waits: the timer of `AbortSignal.timeout` does not.
 */
async function never(call: Call): Promise<never> {
  const timer = setTimeout(() => undefined, 300_000);
  return unlessAborted(new Promise<never>(() => undefined), call).finally(() => clearTimeout(timer));
}

/** The pending calls. A Request must be referenced, or its signal no longer follows the caller's signal. */
const waiting = new Set<Call>();

/** Awaits a promise, and rejects with the signal's reason as soon as the call is aborted. */
function unlessAborted<T>(promise: Promise<T>, call: Call): Promise<T> {
  const { signal } = call.request;
  return new Promise<T>((resolve, reject) => {
    const abort = () => end(() => reject(signal.reason));
    const end = (settle: () => void) => {
      waiting.delete(call);
      signal.removeEventListener('abort', abort);
      settle();
    };
    waiting.add(call);
    signal.addEventListener('abort', abort);
    promise.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error)),
    );
    if (signal.aborted) abort();
  });
}
