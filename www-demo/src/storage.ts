/**
 * The state that the page keeps in the browser. Drafts, the view and redacted requests belong to the tab (`sessionStorage`), the
 * emulator's state and the connection to the origin (`localStorage`). No secret, API key or access token is stored.
 */
import { effect, signal, type Signal } from '@preact/signals';

const PREFIX = 'wix-oauth-apps/';

/** Why the browser did not keep something; undefined while everything is kept. */
export const storageFault = signal<string | undefined>();

/** A place for values that outlive a reload. */
export interface Store {
  read(key: string): unknown;
  write(key: string, value: unknown): void;
  remove(key: string): void;
}

function storeOver(area: () => Storage): Store {
  return {
    read(key) {
      try {
        const text = area().getItem(PREFIX + key);
        return text === null ? undefined : JSON.parse(text);
      } catch {
        return undefined; // Storage is switched off, or another version of the page wrote the entry.
      }
    },
    write(key, value) {
      try {
        area().setItem(PREFIX + key, JSON.stringify(value));
        storageFault.value = undefined;
      } catch (error) {
        storageFault.value = faultOf(error);
      }
    },
    remove(key) {
      try {
        area().removeItem(PREFIX + key);
      } catch (error) {
        storageFault.value = faultOf(error);
      }
    },
  };
}

export const originStore = storeOver(() => localStorage);
export const tabStore = storeOver(() => sessionStorage);

const faultOf = (error: unknown): string =>
  error instanceof DOMException && error.name === 'QuotaExceededError'
    ? "The browser's storage for this page is full. A reload loses what you changed since."
    : 'The browser does not let this page store anything. A reload loses what you do here.';

/** Calls `changed` when another tab of this origin writes the entry. */
export function onOtherTab(key: string, changed: (value: unknown) => void): void {
  addEventListener('storage', (event) => {
    if (event.storageArea !== localStorage || event.key !== PREFIX + key || event.newValue === null) return;
    try {
      changed(JSON.parse(event.newValue));
    } catch {
      // Not an entry of this version of the page.
    }
  });
}

const persisted = new Map<string, Signal<unknown>>();

/** Returns the signal of an entry of the tab. It starts with what the tab has stored, if that has the initial's shape. */
export function tabSignal<Value>(key: string, initial: Value): Signal<Value> {
  const known = persisted.get(key);
  if (known) return known as Signal<Value>;
  const stored = tabStore.read(key);
  const created = signal(hasShapeOf(initial, stored) ? (stored as Value) : initial);
  persisted.set(key, created as Signal<unknown>);
  let first = true;
  effect(() => {
    const { value } = created;
    if (!first) tabStore.write(key, value);
    first = false;
  });
  return created;
}

function hasShapeOf(initial: unknown, stored: unknown): boolean {
  if (stored === undefined || typeof stored !== typeof initial) return false;
  if (typeof initial !== 'object' || initial === null) return true;
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored) !== Array.isArray(initial)) return false;
  return Object.entries(initial).every(([key, value]) => typeof Reflect.get(stored, key) === typeof value);
}
