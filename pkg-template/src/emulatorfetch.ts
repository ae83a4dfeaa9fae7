/** The emulator's answers as a `fetch` gives them: late where they are late, broken where they break. */
import type { Emulator, EmulatorOutcome } from './emulator.js';

/** A `fetch` over what handles a request. It never touches the network. */
export function fetchOver(handle: Emulator['handle']): typeof fetch {
  return async (input, init) => {
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

/** A request on its way, and what it was made of. */
interface Call {
  readonly input: unknown;
  readonly request: Request;
}

async function responseOf(outcome: EmulatorOutcome, call: Call): Promise<Response> {
  const { kind, status, headers, body } = outcome;
  switch (kind) {
    case 'answer':
      // Some statuses have no body, not even an empty one.
      return new Response(body === '' ? null : body, { status, headers });
    case 'refused':
      throw failed('fetch failed', 'ECONNREFUSED', 'connect');
    case 'reset':
      throw failed('fetch failed', 'ECONNRESET', 'read');
    case 'hang':
      return never(call);
    case 'resetInBody':
    case 'stall':
      return new Response(half(body, kind, call), { status, headers });
  }
}

/** The first half of the body; then the connection closes, or nothing more comes until the caller gives up. */
function half(body: string, kind: 'resetInBody' | 'stall', call: Call): ReadableStream<Uint8Array> {
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

/** What `fetch` rejects with where the network fails, as Node has it. */
const failed = (message: string, code: string, syscall: string) =>
  new TypeError(message, { cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall }) });

async function wait(milliseconds: number, call: Call): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await unlessAborted(over, call).finally(() => clearTimeout(timer));
}

/**
 * Rejects with the signal's reason, and never settles without one. Meanwhile it keeps the process up, as an open
 * connection does, for as long as Node's `fetch` waits: the timer of `AbortSignal.timeout` alone does not.
 */
async function never(call: Call): Promise<never> {
  const timer = setTimeout(() => undefined, 300_000);
  return unlessAborted(new Promise<never>(() => undefined), call).finally(() => clearTimeout(timer));
}

/** The calls that wait. A signal follows its caller's only while the request that has it is held by somebody. */
const waiting = new Set<Call>();

/** What the promise gives; the reason of the call's signal as soon as it is aborted. */
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
