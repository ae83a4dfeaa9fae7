// The functions that the core calls. None decides anything, and none throws. Each wait is settled once by
// `settle(slot, outcome)`, unless it is cancelled, and leaves no timer and no listener behind.

// The reasons why there is no response, in place of its status; `host.rs` has the same numbers.
const NETWORK = -1;
const NO_RESPONSE = -2;
const TIMEOUT = -3;
const ABORTED = -4;
const NOT_SENT = -5;
const INTERRUPTED = -6;

/** The response headers that the core reads, in the order of `HEADERS` in `src/api/mod.rs`. */
const WANTED_HEADERS = ['x-wix-request-id', 'x-wix-consistent', 'retry-after'];
/** The longest body that is read, in bytes, or in UTF-16 code units if the response has no stream. */
const MAX_BODY = 2 ** 24;
/** How much of a body that is not JSON is passed to WebAssembly, whose memory never shrinks. */
const MAX_TEXT = 4096;
const TOO_LONG = Symbol();
/** Set if requests have the option `cache`: some runtimes throw for an option that they do not have. */
let hasCache;
/** Decodes bodies that arrive in one piece. Created when it is first needed: test environments have no such class. */
let utf8;

/** The functions that end the waits under way without settling them, by slot. */
const cancellers = new Map();

/**
 * Sends a request once and reads the response, body included. `request` is the method, the URL, the body, which may be empty,
 * and the names and values of the headers, a line each. The outcome is `{ status, headers, value, text }`: `headers` has the
 * values of the wanted ones, a line each, `value` is the parsed body, and `text` the beginning of a body that is not JSON; a
 * body that is too long has neither. Or it is `{ status, value }` with a reason why there is none, and the cause.
 */
export function send(settle, slot, callbacks, request, milliseconds, signal) {
  // The meaning of an error depends on how far the request got.
  let stage = NOT_SENT;
  const work = async (controller) => {
    const [method, url, body, ...lines] = request.split('\n');
    // A redirect is never followed: it would carry the credential to another host. A plain object, as building a `Request`
    // takes longer than the rest of a call.
    const init = { method, headers: {}, redirect: 'manual', signal: controller.signal };
    for (let at = 1; at < lines.length; at += 2) init.headers[lines[at - 1]] = lines[at];
    if (body) init.body = body;
    // Read late: in Node, the first look at `Request` takes 15 ms.
    hasCache ??= 'cache' in (globalThis.Request?.prototype ?? {});
    if (hasCache && method === 'GET') init.cache = 'no-store';
    const { fetch } = callbacks;
    const pending = (fetch ?? globalThis.fetch)(url, init);
    stage = NETWORK;
    const response = await pending;
    stage = INTERRUPTED;
    // After an abort nobody needs the response.
    const head = controller.signal.aborted ? undefined : headOf(response);
    if (head === undefined) return { status: NO_RESPONSE };
    const text = await bodyOf(response, head.length, controller);
    if (text === TOO_LONG) return head;
    if (typeof text !== 'string') return { status: NO_RESPONSE };
    try {
      head.value = JSON.parse(text);
    } catch {
      head.text = text.trimStart().slice(0, MAX_TEXT);
    }
    return head;
  };
  within(settle, slot, milliseconds, signal, work, () => stage);
}

/** Asks the caller's callback for a token. The outcome is `{ status: 0, value }`, or has a reason as status, and the cause. */
export function ask(settle, slot, { getAccessToken }, milliseconds, signal) {
  const work = async (controller) => ({ status: 0, value: await getAccessToken({ signal: controller.signal }) });
  within(settle, slot, milliseconds, signal, work, () => NETWORK);
}

/** Waits, without a time for ever. The outcome is `{ reason }` if the signal ended the wait. */
export function wait(settle, slot, milliseconds, signal) {
  const reason = reasonOf(signal);
  if (reason) return settle(slot, reason);
  const unlisten = listen(signal, (ended) => end(ended));
  const timer = milliseconds === undefined ? undefined : setTimeout(() => end(), milliseconds);
  cancellers.set(slot, () => {
    clearTimeout(timer);
    unlisten();
  });
  function end(ended) {
    cancel(slot);
    settle(slot, ended);
  }
}

/** Ends a `wait` that nobody awaits any more. Returns whether there was one: only then is the slot free again. */
export function cancel(slot) {
  cancellers.get(slot)?.();
  return cancellers.delete(slot);
}

/** Returns a promise, and the functions that settle it. */
export function defer() {
  const deferred = {};
  deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  return deferred;
}

/**
 * Settles a promise. One function settles all of them: the engine keeps the last function that it called, and the result with
 * it, over a garbage collection. With a function for each promise, a page of 100 apps takes 10 µs more (`node bench/calls.mjs`).
 */
export function settleDeferred({ resolve, reject }, isResult, value) {
  (isResult ? resolve : reject)(value);
}

/** Calls the caller's listener. What it throws, or what a promise of its rejects with, is not the client's concern. */
export function emit({ onEvent }, event) {
  try {
    const result = onEvent?.(JSON.parse(event));
    if (typeof result === 'object') Promise.race([undefined, result]);
  } catch {
    // The call goes on.
  }
}

/** Returns `{ reason }` of a signal that is aborted. */
export function reasonOf(signal) {
  try {
    if (!signal?.aborted) return undefined;
  } catch {
    return undefined;
  }
  try {
    return { reason: signal.reason };
  } catch {
    return { reason: undefined };
  }
}

/**
 * Settles with the result of `work`, or with the reason why there is none in time. `work` gets a controller, whose signal
 * is aborted when nobody waits any more; `stage()` is the failure that an error of `work` stands for.
 */
function within(settle, slot, milliseconds, signal, work, stage) {
  const ended = reasonOf(signal);
  if (ended) return settle(slot, { status: ABORTED, value: ended.reason });
  const controller = new AbortController();
  let isOver = false;
  const unlisten = listen(signal, ({ reason }) => giveUp(ABORTED, reason));
  const timer = setTimeout(giveUp, milliseconds, TIMEOUT);
  function end(outcome) {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    unlisten();
    settle(slot, outcome);
  }
  function giveUp(status, value) {
    end({ status, value });
    controller.abort();
  }
  work(controller).then(end, (thrown) => {
    // By the signal, not by the error's name: anything may be thrown.
    const ended = reasonOf(signal);
    if (ended) giveUp(ABORTED, ended.reason);
    else giveUp(stage(), thrown);
  });
}

/** The callbacks that wait for a signal, by the signal. They share one listener: Node warns of more than ten. */
const listeners = new WeakMap();

/** Listens to a signal, perhaps of another realm or a polyfill. Returns the function that stops it. */
function listen(signal, callback) {
  if (signal === undefined) return () => {};
  let entry = listeners.get(signal);
  if (!entry) {
    const callbacks = new Set();
    const onAbort = () => {
      const reason = reasonOf(signal) ?? { reason: undefined };
      for (const waiting of [...callbacks]) if (callbacks.has(waiting)) waiting(reason);
    };
    entry = { callbacks, onAbort };
    listeners.set(signal, entry);
    try {
      signal.addEventListener('abort', onAbort);
    } catch {
      // The signal is checked again when the work is done.
    }
  }
  entry.callbacks.add(callback);
  return () => {
    if (!entry.callbacks.delete(callback) || entry.callbacks.size > 0) return;
    listeners.delete(signal);
    try {
      signal.removeEventListener('abort', entry.onAbort);
    } catch {
      // Without callbacks the listener does nothing.
    }
  };
}

/** Returns status and headers of a response, known by its members: `instanceof` fails across realms. Reads each once. */
function headOf(response) {
  try {
    const { status, headers } = response;
    if (typeof status !== 'number' || !(status >= 0 && status <= 999) || typeof response.text !== 'function') {
      return undefined;
    }
    const values = WANTED_HEADERS.map((name) => headers.get(name) ?? '');
    if (!values.every((value) => typeof value === 'string')) return undefined;
    return { status, headers: values.join('\n'), length: Number(headers.get('content-length')) };
  } catch {
    return undefined;
  }
}

/** Returns the body's text; or `TOO_LONG`, and then the rest is not read. */
async function bodyOf(response, declared, controller) {
  const { body } = response;
  const stop = (canceller) => {
    // A stream that ignores the signal is ended by `cancel`, which may throw or reject.
    Promise.resolve(canceller)
      .then((one) => one?.cancel())
      .catch(() => {});
    controller.abort();
    return TOO_LONG;
  };
  if (declared > MAX_BODY) return stop(body);
  if (typeof body?.getReader !== 'function') {
    const text = await response.text();
    return text?.length > MAX_BODY ? TOO_LONG : text;
  }
  const reader = body.getReader();
  utf8 ??= new TextDecoder();
  // The last chunk is decoded without `stream`: a page of 46 KB, which is one chunk, then takes 145 µs in place of 171 µs on
  // Node 20 (`node bench/calls.mjs`).
  let [text, decoder, last] = ['', utf8];
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode(last);
    length += value.byteLength;
    if (length > MAX_BODY || controller.signal.aborted) return stop(reader);
    if (last) {
      if (decoder === utf8) decoder = new TextDecoder();
      text += decoder.decode(last, { stream: true });
    }
    last = value;
  }
}

export const parseJson = (text) => JSON.parse(text);

/** Returns the host as the platform's URL parser writes it. */
export function toAscii(host) {
  try {
    return new URL(`https://${host}`).hostname || undefined;
  } catch {
    return undefined;
  }
}

export const normalize = (text) => text.normalize('NFC');
