// What the core has its host do. Nothing here decides: what came is told as it came, once, by `settle(number, turn, …)`,
// and no timer and no listener is left behind.

// Why there is no response; `host.rs` has the same numbers.
const NETWORK = 1;
const NO_RESPONSE = 2;
const TIMEOUT = 3;
const ABORTED = 4;
const NOT_SENT = 5;
const INTERRUPTED = 6;

/** The longest body that is read, in bytes, and in UTF-16 code units where the response has no stream. */
const MAX_BODY = 2 ** 24;
/** How much of a body that is not JSON crosses into WebAssembly, whose memory never shrinks. */
const MAX_TEXT = 4096;
const TOO_LONG = Symbol();
/** Some runtimes throw for a request option that they do not have. */
const HAS_CACHE = 'cache' in (globalThis.Request?.prototype ?? {});

/**
 * One attempt, body included: `{ status, headers, json, text }`, where `headers` holds the values of the `wanted` ones,
 * a line each, `text` is the beginning of a body that is not JSON, and a body that is too long has neither; or
 * `{ failure, cause }`. `headers` are names and values, a line each.
 */
export function send(settle, number, turn, fetch, url, method, headers, body, wanted, milliseconds, signal) {
  const told = (outcome) => settle(number, turn, outcome);
  // What an error means depends on how far the request got.
  let stage = NOT_SENT;
  const work = async (controller) => {
    // A redirect is never followed: it would carry the credential to a place nobody named. A plain object, as building a
    // `Request` costs more than the rest of a call.
    const init = { method, headers: {}, redirect: 'manual', signal: controller.signal };
    const lines = headers.split('\n');
    for (let at = 1; at < lines.length; at += 2) init.headers[lines[at - 1]] = lines[at];
    if (body !== undefined) init.body = body;
    if (HAS_CACHE && method === 'GET') init.cache = 'no-store';
    const pending = (fetch ?? globalThis.fetch)(url, init);
    stage = NETWORK;
    const response = await pending;
    stage = INTERRUPTED;
    // Nobody waits any more where the signal has been given.
    const head = controller.signal.aborted ? undefined : headOf(response, wanted);
    if (head === undefined) return { failure: NO_RESPONSE };
    const text = await textOf(response, head.length, controller);
    if (text === TOO_LONG) return head;
    if (typeof text !== 'string') return { failure: NO_RESPONSE };
    try {
      head.json = JSON.parse(text);
    } catch {
      head.text = text.trimStart().slice(0, MAX_TEXT);
    }
    return head;
  };
  within(told, milliseconds, signal, work, () => stage);
}

/** What the caller's callback gives, as `{ value }`, or `{ failure, cause }`. */
export function ask(settle, number, turn, callback, milliseconds, signal) {
  const told = (outcome) => settle(number, turn, outcome);
  within(told, milliseconds, signal, async (controller) => ({ value: await callback({ signal: controller.signal }) }));
}

/**
 * Waits; tells the reason of the signal, in a list, where that ended it. Without a time, until the signal. Gives what
 * stops it.
 */
export function wait(settle, number, turn, milliseconds, signal) {
  const given = reasonOf(signal);
  if (given) return settle(number, turn, given);
  const unlisten = listen(signal, (reason) => end([reason]));
  const timer = milliseconds === undefined ? undefined : setTimeout(() => end(), milliseconds);
  const stop = () => {
    clearTimeout(timer);
    unlisten();
  };
  function end(ended) {
    stop();
    settle(number, turn, ended);
  }
  return stop;
}

/** The reason, in a list, of a signal that has been given. */
export function reasonOf(signal) {
  try {
    if (!signal?.aborted) return undefined;
  } catch {
    return undefined;
  }
  try {
    return [signal.reason];
  } catch {
    return [undefined];
  }
}

/**
 * Tells what the work gives, or why it gave nothing in time. The work is given a controller, whose signal is aborted once
 * nobody waits any more; `stage()` is the failure that an error of the work stands for.
 */
function within(told, milliseconds, signal, work, stage = () => NETWORK) {
  const given = reasonOf(signal);
  if (given) return told({ failure: ABORTED, cause: given[0] });
  const controller = new AbortController();
  let isOver = false;
  const unlisten = listen(signal, (reason) => giveUp(ABORTED, reason));
  const timer = setTimeout(giveUp, milliseconds, TIMEOUT);
  function end(outcome) {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    unlisten();
    told(outcome);
  }
  function giveUp(failure, cause) {
    end({ failure, cause });
    controller.abort();
  }
  work(controller).then(end, (thrown) => {
    // By the signal, not by the error's name: anything may be thrown.
    const ended = reasonOf(signal);
    if (ended) giveUp(ABORTED, ended[0]);
    else giveUp(stage(), thrown);
  });
}

/** Who waits for a signal, by the signal. One listener serves them all: Node warns of more than ten. */
const waiting = new WeakMap();

/** Listens to a signal, perhaps of another realm or a polyfill; gives what stops it. */
function listen(signal, told) {
  if (signal === undefined) return () => {};
  let entry = waiting.get(signal);
  if (!entry) {
    const callbacks = new Set();
    const tell = () => {
      const reason = reasonOf(signal)?.[0];
      for (const callback of [...callbacks]) if (callbacks.has(callback)) callback(reason);
    };
    entry = { callbacks, tell };
    waiting.set(signal, entry);
    try {
      signal.addEventListener('abort', tell);
    } catch {
      // It is looked at when the work is done.
    }
  }
  entry.callbacks.add(told);
  return () => {
    if (!entry.callbacks.delete(told) || entry.callbacks.size > 0) return;
    waiting.delete(signal);
    try {
      signal.removeEventListener('abort', entry.tell);
    } catch {
      // Nobody is told twice.
    }
  };
}

/** Status and headers, where it is a response by what it can do: `instanceof` fails across realms. Each is read once. */
function headOf(response, wanted) {
  try {
    const { status, headers } = response;
    if (typeof status !== 'number' || !(status >= 0 && status <= 999) || typeof response.text !== 'function') {
      return undefined;
    }
    const values = wanted.split('\n').map((name) => headers.get(name) ?? '');
    if (!values.every((value) => typeof value === 'string')) return undefined;
    return { status, headers: values.join('\n'), length: Number(headers.get('content-length')) };
  } catch {
    return undefined;
  }
}

/** The body's text; `TOO_LONG` where it is, and then no more of it is read. */
async function textOf(response, declared, controller) {
  const { body } = response;
  const stop = (canceller) => {
    // Where the stream does not know the signal, `cancel` ends it; it may throw or reject.
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
  const decoder = new TextDecoder();
  let text = '';
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.byteLength;
    if (length > MAX_BODY || controller.signal.aborted) return stop(reader);
    text += decoder.decode(value, { stream: true });
  }
}
