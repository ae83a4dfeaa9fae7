/** Follows the requests that an emulator server answers, from any client, while a view shows them. */
import { signal } from '@preact/signals';
import type { ServerControl, TrafficRecord } from './control';

/** How many requests are shown. */
const KEPT = 500;
/** Milliseconds between two looks, where the server sends no events. */
const INTERVAL = 2_000;

/** The last requests, newest first. */
export const traffic = signal<TrafficRecord[]>([]);
export const isLive = signal(false);

/** Starts to follow. Returns a function that stops it. */
export function follow(server: ServerControl): () => void {
  const known = new Set<string>();
  let isStopped = false;
  let events: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  traffic.value = [];

  function add(found: TrafficRecord[]): void {
    // A request at the time that was asked for may come again. The page's own calls of the control are no traffic.
    const fresh = found
      .map((record) => ({ record, text: JSON.stringify(record) }))
      .filter(({ record, text }) => !known.has(text) && !record.path.startsWith('/_emulator/'));
    if (fresh.length === 0) return;
    fresh.forEach(({ text }) => known.add(text));
    traffic.value = [...fresh.map(({ record }) => record).reverse(), ...traffic.value].slice(0, KEPT);
  }

  async function look(): Promise<void> {
    try {
      add(await server.requests(traffic.value[0]?.at));
      isLive.value = true;
    } catch {
      isLive.value = false;
    }
  }

  async function poll(): Promise<void> {
    await look();
    if (!isStopped) timer = setTimeout(() => void poll(), INTERVAL);
  }

  function listen(): void {
    events = new EventSource(server.eventsUrl(traffic.value[0]?.at));
    events.onopen = () => (isLive.value = true);
    events.onmessage = ({ data }) => add(recordsOf(data));
    events.onerror = () => {
      isLive.value = false;
      // A browser connects again by itself, unless the server answered with something else than events.
      if (events?.readyState === EventSource.CLOSED && !isStopped) void poll();
    };
  }

  void look().then(() => {
    if (!isStopped) listen();
  });
  return () => {
    isStopped = true;
    isLive.value = false;
    events?.close();
    clearTimeout(timer);
  };
}

/** An event holds one request, or several as the list does. */
function recordsOf(data: unknown): TrafficRecord[] {
  try {
    const parsed = JSON.parse(String(data)) as TrafficRecord | { requests?: TrafficRecord[] };
    if ('method' in parsed) return [parsed];
    return Array.isArray(parsed.requests) ? parsed.requests : [];
  } catch {
    return [];
  }
}
