/** The emulator in this page. Its state is kept in the browser and shared by the tabs of this origin. */
import { signal } from '@preact/signals';
import type { Emulator, EmulatorState } from 'wix-oauth-apps/emulator';
import { onOtherTab, originStore } from './storage';

const KEY = 'emulator';

/** Why the stored state could not be used. */
export const stateFault = signal<string | undefined>();

export interface PageEmulator {
  emulator: Emulator;
  fetch: typeof fetch;
  /** Stores the state after a change that did not come from a request. */
  save(): void;
}

/**
 * Starts the emulator with the state that the browser has kept. A snapshot holds client secrets, tokens and passwords as
 * SHA-256 only, so that none of them is stored.
 *
 * @param changed Called when another tab has changed the state.
 */
export async function openPageEmulator(changed: () => void): Promise<PageEmulator> {
  const { createEmulator } = await import('wix-oauth-apps/emulator');
  const emulator = await createEmulator();
  const stored = originStore.read(KEY);
  if (stored !== undefined) restore(emulator, stored);
  emulator.changes();
  onOtherTab(KEY, (state) => {
    restore(emulator, state);
    emulator.changes();
    changed();
  });

  const save = () => originStore.write(KEY, emulator.snapshot());
  const send: typeof fetch = async (input, init) => {
    try {
      return await emulator.fetch(input, init);
    } finally {
      // Also after a failure: an injected fault can fail a request that was carried out.
      if (emulator.changes().length > 0) save();
    }
  };
  return { emulator, fetch: send, save };
}

function restore(emulator: Emulator, state: unknown): void {
  try {
    emulator.restore(state as EmulatorState);
    stateFault.value = undefined;
  } catch (error) {
    stateFault.value = `The state that the browser kept cannot be used, so the emulator starts empty: ${String(error)}`;
  }
}
