// Prints, as JSON, the error with which the `fetch` of this runtime fails for a URL. Runs in Node, Deno and Bun.
//   <runtime> probe.mjs <url> [abort | timeout]
const argv = globalThis.process?.argv ?? ['', '', ...globalThis.Deno.args];
const [, , url, how = ''] = argv;

/** Returns the members of an error that the core reads: name, code, message, and those of its causes. */
export function describe(error, depth = 0) {
  if (typeof error !== 'object' || error === null) return error;
  const described = { name: error.name, message: error.message };
  for (const name of ['code', 'errno', 'syscall', 'hostname', 'address', 'port']) {
    if (error[name] !== undefined) described[name] = error[name];
  }
  if (error.cause !== undefined && depth < 6) described.cause = describe(error.cause, depth + 1);
  if (Array.isArray(error.errors) && depth < 6) described.errors = error.errors.map((one) => describe(one, depth + 1));
  return described;
}

const init = { method: 'POST', body: '{}', redirect: 'manual', headers: { 'content-type': 'application/json' } };
if (how === 'abort') {
  const controller = new AbortController();
  init.signal = controller.signal;
  setTimeout(() => controller.abort(), 50);
}
if (how === 'timeout') init.signal = AbortSignal.timeout(50);
const { HTTPS_PROXY, UNDICI } = globalThis.process?.env ?? {};
if (HTTPS_PROXY && UNDICI && !globalThis.Deno && !globalThis.Bun) {
  const { ProxyAgent } = await import(UNDICI);
  init.dispatcher = new ProxyAgent(HTTPS_PROXY);
}
let outcome;
try {
  const response = await fetch(url, init);
  const text = await response.text();
  outcome = { status: response.status, text: text.slice(0, 200) };
} catch (error) {
  outcome = { error: describe(error) };
}
console.log(JSON.stringify(outcome));
