/** The control of the emulator that the page talks to, if it may have it. */
import { signal } from '@preact/signals';
import { session } from '../session';
import { connection } from '../settings/connection';
import type { Control } from './control';
import { pageControl } from './page-control';
import { findServerControl } from './server-control';

export type ControlState =
  | { status: 'looking' }
  | { status: 'found'; control: Control }
  /** `elsewhere`: the console of that server is on its own origin. `none`: the server has no control interface. */
  | { status: 'missing'; why: 'elsewhere' | 'none' | 'wix' };

export const controlState = signal<ControlState>({ status: 'looking' });

/** Finds the control once the page has started. */
export async function findControl(): Promise<void> {
  controlState.value = await search();
}

async function search(): Promise<ControlState> {
  if (connection.kind === 'wix') return { status: 'missing', why: 'wix' };
  if (connection.kind === 'page') {
    const own = session.value?.pageEmulator;
    return own === undefined ? { status: 'looking' } : { status: 'found', control: pageControl(own) };
  }
  if (new URL(connection.url).origin !== location.origin) return { status: 'missing', why: 'elsewhere' };
  const control = await findServerControl();
  return control === undefined ? { status: 'missing', why: 'none' } : { status: 'found', control };
}
