// A clock that the test controls.

/** Runs all tasks that do not wait for a timer. */
export async function idle() {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

/** Stops the clock at `now`. `advance(milliseconds)` advances it and runs the tasks that are then due. */
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
