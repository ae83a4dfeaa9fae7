// Records the errors of `fetch` in each runtime, for `tests/network-errors.json`, which the core's tests read:
//   node tests/package/support/record-network-errors.mjs 'Node 20=node' 'Deno 2.9=/path/deno run -A' 'Bun 1.4=/path/bun'
// For Node before 24, `UNDICI` names the module `undici`, which supports a proxy.
import { NETWORK_FAULTS, probe } from './network.mjs';

const port = /\b\d{5}\b/g;
for (const fault of NETWORK_FAULTS.filter(({ how }) => !how)) {
  for (const runtime of process.argv.slice(2)) {
    const [name, command] = runtime.split('=');
    const place = await fault.start();
    const own = new URL(place.url).port;
    const { error } = await probe(command.split(' '), place);
    await place.close();
    const text = JSON.stringify(error).replace(port, (given) => (given === own ? '9' : '50000'));
    const { isSent, isLasting = false } = fault;
    const baseUrl = place.url.replace(/:\d+$/, ':9');
    console.log(
      JSON.stringify({ fault: fault.what, runtime: name, isSent, isLasting, baseUrl, error: JSON.parse(text) }),
    );
  }
}
