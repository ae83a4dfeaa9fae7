// A clock that the test drives, in place of the platform's.

/** Lets everything run that waits for no timer. */
export async function idle() {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

/** Stops the clock at `now`; `advance(milliseconds)` lets it go on, and whoever waited go on. */
export function stopClock(t, now = Date.parse('2026-03-01T12:00:00Z')) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now });
  return {
    advance: async (milliseconds) => {
      await idle();
      t.mock.timers.tick(milliseconds);
      await idle();
    },
  };
}
