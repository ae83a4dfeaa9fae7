/** The control of the emulator in this page. */
import type { EmulatorState } from 'wix-oauth-apps/emulator';
import type { PageEmulator } from '../page-emulator';
import type { Control } from './control';

export function pageControl({ emulator, save }: PageEmulator): Control {
  return {
    async addFault(fault) {
      emulator.fail(fault);
    },
    async clearFaults() {
      emulator.clearFaults();
    },
    async setClock(now) {
      emulator.setTime(now);
    },
    async advanceClock(milliseconds) {
      emulator.advance(milliseconds);
    },
    readState: async () => emulator.snapshot(),
    async restoreState(state) {
      emulator.restore(state as EmulatorState);
      save();
    },
    async reset() {
      emulator.reset();
      save();
    },
  };
}
