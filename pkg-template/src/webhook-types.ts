/** The public types of webhooks. */
import type { OAuthApp } from './types.js';

/** A `CryptoKey` for `{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }` and the usage `verify`. */
export interface WebhookKey {
  readonly type: string;
  readonly algorithm: { readonly name: string };
  readonly usages: readonly string[];
}

export interface ReadWebhookOptions {
  /**
   * The public key of the app's webhooks: PEM text, of SPKI or PKCS #1, with line breaks, without, or with `\n` in their
   * place, as environment variables have them; or a `CryptoKey`.
   */
  publicKey: string | WebhookKey;
  /**
   * The greatest age of a webhook, in milliseconds. The service repeats a delivery with the same body, so a low tolerance
   * refuses late repetitions. Default: 3_600_000, an hour.
   */
  tolerance?: number | undefined;
  /** The time, as a `Date` or in milliseconds since 1970, or a function that returns it. Default: `Date.now`. */
  now?: number | Date | (() => number | Date) | undefined;
}

/** An event that the service has signed. */
export interface WebhookEvent {
  /** The ID of the event, which repeated deliveries share. */
  id: string;
  type: 'created' | 'updated' | 'deleted';
  /** The ID of the app: its client ID. */
  appId: string;
  /** The app after the event; absent if it was deleted. */
  oAuthApp?: OAuthApp;
  /** When it happened, in ISO 8601. */
  time: string;
  /** The event's place in the order of the app's events: a whole number of up to 64 bits, as text. */
  sequence: string;
  /** The instance of the subscribed app on the site. */
  instanceId: string;
  /** The ID of the site, if the service sends it. */
  siteId?: string;
  /** Everything that the service has signed. */
  raw: RawWebhook;
}

/** The envelope of an event; in place of the JSON text of the event, `data` is the event. */
export interface RawWebhook {
  eventType: string;
  instanceId: string;
  /** The caller that caused the event, as JSON text. */
  identity?: string;
  accountInfo?: { siteId?: string; [field: string]: unknown };
  data: {
    id: string;
    entityFqdn: string;
    slug: 'created' | 'updated' | 'deleted';
    entityId: string;
    eventTime: string;
    entityEventSequence: string;
    createdEvent?: { entity: OAuthApp };
    updatedEvent?: { currentEntity: OAuthApp };
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** The IDs of the events that were delivered. A `Set` is one. */
export interface SeenWebhooks {
  has(id: string): boolean | Promise<boolean>;
  /** Called after the handler of the event has finished. */
  add(id: string): unknown;
}

export interface WebhookHandlerOptions extends ReadWebhookOptions {
  /** Called with the event of a created app. If it throws or rejects, the service sends the event again. */
  onCreated?: ((event: WebhookEvent & { oAuthApp: OAuthApp }) => unknown) | undefined;
  /** Called with the event of an updated app. */
  onUpdated?: ((event: WebhookEvent & { oAuthApp: OAuthApp }) => unknown) | undefined;
  /** Called with the event of a deleted app. */
  onDeleted?: ((event: WebhookEvent) => unknown) | undefined;
  /**
   * Called with every fault: an `OAuthAppsError` for a refused request or a wrong option, else what a handler or `seen` has
   * thrown. The response does not contain it.
   */
  onError?: ((fault: unknown) => unknown) | undefined;
  /** The delivered events. Default: the last 10,000, in the memory of this process. */
  seen?: SeenWebhooks | undefined;
}

/** A function from a `Request` to its `Response`; of any types in a project that declares neither. */
export type WebhookHandler = typeof globalThis extends {
  Request: { prototype: infer Incoming };
  Response: { prototype: infer Outgoing };
}
  ? (request: Incoming) => Promise<Outgoing>
  : (request: any) => Promise<any>;
