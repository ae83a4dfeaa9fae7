/** The emulator's answers as a `fetch` gives them: late where they are late, broken where they break. */
import type { Emulator, EmulatorOutcome } from './emulator.js';

/** A `fetch` over what handles a request. It never touches the network. */
export function fetchOver(handle: Emulator['handle']): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { method, url, signal } = request;
    const bytes = request.body === null ? undefined : await unlessAborted(request.arrayBuffer(), signal);
    signal.throwIfAborted();
    const body = bytes && { body: new Uint8Array(bytes) };
    const outcome = handle({ method, url, headers: Object.fromEntries(request.headers), ...body });
    if (outcome.delay > 0) await wait(outcome.delay, signal);
    return responseOf(outcome, signal);
  };
}

async function responseOf(outcome: EmulatorOutcome, signal: AbortSignal): Promise<Response> {
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
      return never(signal);
    case 'resetInBody':
    case 'stall':
      return new Response(half(body, kind, signal), { status, headers });
  }
}

/** The first half of the body; then the connection closes, or nothing more comes until the caller gives up. */
function half(body: string, kind: 'resetInBody' | 'stall', signal: AbortSignal): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(body);
  const chunks = [bytes.subarray(0, bytes.length / 2)];
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = chunks.shift();
      if (chunk) return controller.enqueue(chunk);
      if (kind === 'resetInBody') throw failed('terminated', 'ECONNRESET', 'read');
      await never(signal);
    },
  });
}

/** What `fetch` rejects with where the network fails, as Node has it. */
const failed = (message: string, code: string, syscall: string) =>
  new TypeError(message, { cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall }) });

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await unlessAborted(over, signal).finally(() => clearTimeout(timer));
}

/**
 * Rejects with the signal's reason, and never settles without one. Meanwhile it keeps the process up, as an open
 * connection does, for as long as Node's `fetch` waits: the timer of `AbortSignal.timeout` alone does not.
 */
async function never(signal: AbortSignal): Promise<never> {
  const timer = setTimeout(() => undefined, 300_000);
  return unlessAborted(new Promise<never>(() => undefined), signal).finally(() => clearTimeout(timer));
}

/** What the promise gives; the signal's reason as soon as it is aborted. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    const done = () => signal.removeEventListener('abort', abort);
    promise.then(resolve, reject).then(done);
  });
}
