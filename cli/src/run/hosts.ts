/** Looks up hosts, to find those that no longer exist. */
import dns from 'node:dns/promises';

/** How many look-ups run at once. */
const CONCURRENCY = 16;

/** The hosts that do not exist, and those of which that is not known. */
export interface HostReport {
  gone: string[];
  unknown: string[];
}

/** Looks up each host. A host is gone only if the domain name system says that it has no address. */
export async function findGoneHosts(hosts: readonly string[], signal: AbortSignal): Promise<HostReport> {
  const states = new Map<string, 'gone' | 'there' | 'unknown'>();
  const queue = hosts[Symbol.iterator]();
  const work = async () => {
    for (const host of queue) {
      signal.throwIfAborted();
      states.set(host, await stateOf(host));
    }
  };
  // A look-up cannot be aborted, and may take as long as the resolver likes.
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  await Promise.race([Promise.all(Array.from({ length: CONCURRENCY }, work)), aborted]);
  const withState = (wanted: string) => hosts.filter((host) => states.get(host) === wanted);
  return { gone: withState('gone'), unknown: withState('unknown') };
}

async function stateOf(host: string): Promise<'gone' | 'there' | 'unknown'> {
  // No name below `invalid` exists (RFC 6761 §6.4), and not every resolver knows that.
  if (host === 'invalid' || host.endsWith('.invalid')) return 'gone';
  try {
    await dns.lookup(host);
    return 'there';
  } catch (error) {
    // EAI_AGAIN, ESERVFAIL and the like mean that the resolver did not answer.
    return (error as NodeJS.ErrnoException).code === 'ENOTFOUND' ? 'gone' : 'unknown';
  }
}
