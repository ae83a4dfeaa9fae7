/** The controls of an emulator: faults, the clock, its state. The page's own emulator and a server share them. */
import type { Fault } from 'wix-oauth-apps/emulator';

/** A request that an emulator server has answered, as `GET /_emulator/requests` gives it. */
export interface TrafficRecord {
  /** Milliseconds since 1970, or an ISO 8601 date. */
  at: number | string;
  method: string;
  path: string;
  status: number;
  /** Milliseconds. */
  duration: number;
  /** Why the request was refused, or which fault it met. */
  reason?: string;
}

export interface Control {
  addFault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Stops the clock at a time: milliseconds since 1970, or an ISO 8601 date. */
  setClock(now: string): Promise<void>;
  advanceClock(milliseconds: number): Promise<void>;
  readState(): Promise<unknown>;
  restoreState(state: unknown): Promise<void>;
  /** Back to the start. */
  reset(): Promise<void>;
  /** The controls that only a server has. */
  server?: ServerControl;
}

export interface ServerControl {
  /** The requests since a time, oldest first. */
  requests(since?: number | string): Promise<TrafficRecord[]>;
  /** The address of the requests as server-sent events. */
  eventsUrl(since?: number | string): string;
  /** The members who can log in. */
  members(): Promise<Item[]>;
  /** The receivers of webhooks, the attempts to deliver them, and what else the server says of them. */
  webhooks(): Promise<Record<string, Item[]>>;
}

/** One row of what a server lists. Its members may grow, so the page shows whatever there is. */
export type Item = Record<string, unknown>;
