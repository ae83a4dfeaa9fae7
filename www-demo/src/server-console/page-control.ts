/** The control of the emulator in this page. */
import type { EmulatorState } from 'wix-oauth-apps/emulator';
import type { PageEmulator } from '../page-emulator';
import type { Control } from './control';

export function pageControl({ emulator, save }: PageEmulator): Control {
  // The emulator ends faults only with a reset, which also sets its clock back: these are the calls to repeat.
  let clock: (() => void)[] = [];
  return {
    async addFault(fault) {
      emulator.fail(fault);
    },
    async clearFaults() {
      const state = emulator.snapshot();
      emulator.reset();
      emulator.restore(state);
      clock.forEach((repeat) => repeat());
    },
    async setClock(now) {
      const set = () => emulator.setTime(now);
      set();
      clock = [set];
    },
    async advanceClock(milliseconds) {
      const advance = () => emulator.advance(milliseconds);
      advance();
      clock.push(advance);
    },
    readState: async () => emulator.snapshot(),
    async restoreState(state) {
      emulator.restore(state as EmulatorState);
      save();
    },
    async reset() {
      emulator.reset();
      clock = [];
      save();
    },
  };
}
