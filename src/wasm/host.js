// What the core has its host do. Nothing here decides: what came is told as it came, once, by `settle(number, turn, …)`,
// and no timer and no listener is left behind.

// Why there is no answer; `host.rs` has the same numbers.
const NETWORK = 1;
const NO_RESPONSE = 2;
const TIMEOUT = 3;
const ABORTED = 4;

/**
 * One attempt, body included: `{ status, headers, json, text }`, where `headers` holds the values of the `wanted` ones,
 * a line each, and `text` is what is no JSON; or `{ failure, cause }`. `headers` are names and values, a line each.
 */
export function send(settle, number, turn, fetch, url, method, headers, body, wanted, milliseconds, signal) {
  const told = (outcome) => settle(number, turn, outcome);
  within(told, milliseconds, signal, async (inner) => {
    // A redirect is never followed: it would carry the credential to a place nobody named. A plain object, as building a
    // `Request` costs more than the rest of a call.
    const init = { method, headers: {}, redirect: 'manual', signal: inner };
    const lines = headers.split('\n');
    for (let at = 1; at < lines.length; at += 2) init.headers[lines[at - 1]] = lines[at];
    if (body !== undefined) init.body = body;
    const response = await (fetch ?? globalThis.fetch)(url, init);
    // Nobody waits any more where the signal has been given.
    const head = inner.aborted ? undefined : headOf(response, wanted);
    if (head === undefined) return { failure: NO_RESPONSE };
    const text = await response.text();
    if (typeof text !== 'string') return { failure: NO_RESPONSE };
    try {
      head.json = JSON.parse(text);
    } catch {
      head.text = text;
    }
    return head;
  });
}

/** What the caller's callback gives, as `{ value }`, or `{ failure, cause }`. */
export function ask(settle, number, turn, callback, milliseconds, signal) {
  const told = (outcome) => settle(number, turn, outcome);
  within(told, milliseconds, signal, async (inner) => ({ value: await callback({ signal: inner }) }));
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

/** Tells what the work gives, or why it gave nothing in time; the work is given a signal that says when nobody waits. */
function within(told, milliseconds, signal, work) {
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
  work(controller.signal).then(end, (thrown) => {
    // By the signal, not by the error's name: anything may be thrown.
    const ended = reasonOf(signal);
    if (ended) giveUp(ABORTED, ended[0]);
    else giveUp(NETWORK, thrown);
  });
}

/** Listens to a signal, perhaps of another realm or a polyfill; gives what stops it. */
function listen(signal, told) {
  if (signal === undefined) return () => {};
  const tell = () => told(reasonOf(signal)?.[0]);
  try {
    signal.addEventListener('abort', tell);
  } catch {
    // It is looked at when the work is done.
  }
  return () => {
    try {
      signal.removeEventListener('abort', tell);
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
    return { status, headers: values.join('\n') };
  } catch {
    return undefined;
  }
}
