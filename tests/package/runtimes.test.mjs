// Real connection failures in each installed runtime: a create that was certainly not sent is NETWORK, any other one
// OUTCOME_UNKNOWN. `DENO`, `BUN` and `NODES` (separated by `:`) name programs that are not in the PATH.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { NETWORK_FAULTS, probe } from './support/network.mjs';

const { DENO = 'deno', BUN = 'bun', NODES = '' } = process.env;
const nodes = [process.execPath, ...NODES.split(':').filter(Boolean)];
const RUNTIMES = [
  ...nodes.map((node) => ({ name: `Node (${node})`, command: [node] })),
  { name: 'Deno', command: [DENO, 'run', '-A', '--node-modules-dir=manual'] },
  { name: 'Bun', command: [BUN] },
];

/** Faults that a runtime does not distinguish from those of a request that was sent. */
const UNTOLD = {
  Node: ['connection reset in the TLS handshake', 'client certificate required'],
  Deno: ['client certificate required'],
  Bun: ['connection reset in the TLS handshake', 'connection closed in the TLS handshake'],
};

function absence([program]) {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${program} is not installed`;
  }
}

for (const { name, command } of RUNTIMES) {
  const missing = absence(command);
  const kind = name.split(' ')[0];
  // Node before 24 does not support a proxy by itself.
  const hasProxy = !missing && (kind !== 'Node' || nodeVersion(command) >= 24);
  describe(name, { skip: missing }, () => {
    for (const fault of NETWORK_FAULTS.filter(({ how }) => !how)) {
      const isUnknown = fault.isSent || UNTOLD[kind].includes(fault.what);
      const isProxied = /proxy/i.test(fault.what);
      const skip = isProxied && !hasProxy && 'this runtime takes no proxy from its environment';
      test(`${fault.what}: ${isUnknown ? 'OUTCOME_UNKNOWN' : 'NETWORK'}`, { skip }, async () => {
        const place = await fault.start();
        const { error } = await probe(command, place, '', 'client-probe.mjs');
        await place.close();
        assert.equal(error.code, isUnknown ? 'OUTCOME_UNKNOWN' : 'NETWORK', error.message);
        // Bun does not block ports.
        const isLasting = fault.isLasting && !(kind === 'Bun' && /port blocked/.test(fault.what));
        assert.equal(error.attempts, isUnknown || isLasting ? 1 : 2, error.message);
        if (!isUnknown) assert.match(error.message, / \(.+\)$/);
        assert.match(
          error.message,
          isProxied ? /127\.0\.0\.1|service\.example/ : new RegExp(new URL(place.url).hostname),
        );
      });
    }
  });
}

function nodeVersion([node]) {
  return Number(execFileSync(node, ['-p', 'parseInt(process.versions.node)']));
}
