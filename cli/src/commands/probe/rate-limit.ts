/** The question about the rate limit: how many requests in which time. It is the last one, when the app is gone. */
import { APPS, limitDelay, pause, retryAfter, type ProbeApi, type Reply, type Timing } from './api.js';
import { roundest } from './measure.js';

/** The number of requests in a row after which there is no limit. The documented limit is 200 a minute. */
const MAX_REQUESTS = 250;
const MAX_BURST_TIME = 60_000;
const CONCURRENCY = 10;
/** A pause before a burst is not longer, in milliseconds. */
const MAX_QUIET = 75_000;
const MIN_POLL = 20;

export interface RateLimit {
  requests: number;
  per: number;
  retryAfter: boolean;
}

/** Requests in a row until the first refusal. */
interface Burst {
  admitted: Timing[];
  first: Timing;
  refusal: Reply;
}

const QUERY = { method: 'POST', target: `${APPS}/query`, body: { query: { paging: { limit: 1 } } } };

/** Measures the rate limit of a caller. Returns false if there is none. */
export async function measureRateLimit(api: ProbeApi): Promise<RateLimit | false> {
  const first = api.admitted[0];
  const burst = await sendUntilRefused(api);
  if (!burst || !first) return false;
  const total = api.admitted.length;
  const seconds = retryAfter(burst.refusal);
  const hasRetryAfter = seconds !== undefined;
  const age = burst.refusal.received - first.sent;
  // If the wait is longer than the whole run, every request of the run counts, and the oldest one opens the window.
  const isWholeRun = (leastWait: number) => leastWait > age;
  if (seconds !== undefined && seconds > 10 && isWholeRun((seconds - 1) * 1_000)) {
    const lower = (seconds - 1) * 1_000 + burst.refusal.sent - first.received;
    const upper = seconds * 1_000 + age;
    return { requests: total, per: roundest(lower, upper), retryAfter: hasRetryAfter };
  }
  const { lastRefusal, admission } = await waitForAdmission(api, burst.refusal);
  if (isWholeRun(lastRefusal.sent - burst.refusal.received)) {
    const per = roundest(lastRefusal.sent - first.received, admission.received - first.sent);
    return { requests: total, per, retryAfter: hasRetryAfter };
  }
  // Earlier requests were in the window. After a pause that is longer than it, there are none.
  await pause(Math.min(MAX_QUIET, admission.received - first.sent), api.signal);
  const clean = await sendUntilRefused(api);
  if (!clean) return false;
  const next = await waitForAdmission(api, clean.refusal);
  const per = roundest(next.lastRefusal.sent - clean.first.received, next.admission.received - clean.first.sent);
  // While a slow burst lasts, its first requests leave the window.
  const start = Math.max(clean.first.sent, clean.refusal.received - per);
  const requests = clean.admitted.filter(({ received }) => received >= start).length;
  return { requests, per, retryAfter: hasRetryAfter };
}

/** Sends queries until one is refused. Returns undefined if none is. */
async function sendUntilRefused(api: ProbeApi): Promise<Burst | undefined> {
  const start = performance.now();
  const admitted: Timing[] = [];
  while (admitted.length < MAX_REQUESTS && performance.now() - start < MAX_BURST_TIME) {
    const replies = await Promise.all(Array.from({ length: CONCURRENCY }, () => sendQuery(api)));
    const accepted = replies.filter(({ status }) => status !== 429);
    admitted.push(...accepted);
    const refusal = replies.find(({ status }) => status === 429);
    if (refusal) return { admitted, first: admitted[0] ?? refusal, refusal };
  }
  return undefined;
}

/** Sends a query; repeats it after a failure, but does not wait for the rate limit. */
async function sendQuery(api: ProbeApi): Promise<Reply> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const reply = await api.sendOnce(QUERY);
      if (reply.status < 500 || attempt >= 2) return reply;
    } catch (error) {
      if (attempt >= 2 || api.signal.aborted) throw error;
    }
    await pause(250, api.signal);
  }
}

/** Sends queries until one is accepted. */
async function waitForAdmission(api: ProbeApi, refusal: Reply): Promise<{ lastRefusal: Timing; admission: Timing }> {
  let lastRefusal: Reply = refusal;
  // `Retry-After` is rounded up to seconds.
  const seconds = retryAfter(refusal);
  if (seconds !== undefined && seconds > 1) await pause(limitDelay(refusal, 0) - 1_000, api.signal);
  for (;;) {
    const reply = await sendQuery(api);
    if (reply.status !== 429) return { lastRefusal, admission: reply };
    lastRefusal = reply;
    await pause(Math.max(MIN_POLL, (reply.received - refusal.sent) * 0.02), api.signal);
  }
}
