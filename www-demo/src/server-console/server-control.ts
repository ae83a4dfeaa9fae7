/** The control interface of an emulator server, under `/_emulator/`. It answers pages of its own origin alone. */
import type { Control, Item, TrafficRecord } from './control';

const BASE = `${location.origin}/_emulator`;

/** Returns the server's control, or undefined if this server has none. */
export async function findServerControl(): Promise<Control | undefined> {
  try {
    const answer = await call('GET', 'requests');
    return Array.isArray(answer.requests) ? serverControl : undefined;
  } catch {
    return undefined;
  }
}

const serverControl: Control = {
  addFault: async (fault) => void (await call('POST', 'faults', fault)),
  clearFaults: async () => void (await call('DELETE', 'faults')),
  setClock: async (now) => void (await call('PUT', 'clock', { now })),
  advanceClock: async (milliseconds) => void (await call('POST', 'clock/advance', { milliseconds })),
  readState: () => call('GET', 'state'),
  restoreState: async (state) => void (await call('PUT', 'state', state)),
  reset: async () => void (await call('POST', 'reset')),
  server: {
    async requests(since) {
      const { requests } = await call('GET', `requests${query(since)}`);
      return Array.isArray(requests) ? (requests as TrafficRecord[]) : [];
    },
    eventsUrl: (since) => `${BASE}/requests${query(since)}`,
    members: async () => items((await call('GET', 'members')).members),
    async webhooks() {
      const lists = Object.entries(await call('GET', 'webhooks')).filter(([, value]) => Array.isArray(value));
      return Object.fromEntries(lists.map(([name, value]) => [name, items(value)]));
    },
  },
};

const query = (since: number | string | undefined) =>
  since === undefined ? '' : `?since=${encodeURIComponent(String(since))}`;

const items = (value: unknown): Item[] =>
  Array.isArray(value) ? value.map((item) => (typeof item === 'object' && item !== null ? item : { value: item })) : [];

async function call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${BASE}/${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(messageOf(text) ?? `The server answers ${response.status}.`);
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
}

function messageOf(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' && message !== '' ? message : undefined;
  } catch {
    return undefined;
  }
}
