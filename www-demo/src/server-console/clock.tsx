import { tabSignal } from '../storage';
import { ActionResult } from '../ui/failure-panel';
import { TextField } from '../ui/field';
import { useAction } from '../ui/use-action';
import type { Control } from './control';

const STEPS = [
  [60_000, '1 minute'],
  [600_000, '10 minutes'],
  [14_400_000, '4 hours'],
  [86_400_000, '1 day'],
] as const;

const form = tabSignal('clock', { now: '2026-01-01T12:00:00Z' });

export function Clock({ control }: { control: Control }) {
  const action = useAction();
  const set = () =>
    action.run('The clock was not set', async () => {
      await control.setClock(form.value.now.trim());
      return `The clock stands at ${form.value.now.trim()}.`;
    });
  const advance = (milliseconds: number, text: string) =>
    action.run('The clock was not moved', async () => {
      await control.advanceClock(milliseconds);
      return `The clock is ${text} later.`;
    });
  return (
    <section class="panel" aria-labelledby="clock-title">
      <h2 id="clock-title">Clock</h2>
      <p>
        Dates, tokens and limits follow the emulator’s clock. An access token lives four hours, a login code ten
        minutes.
      </p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void set();
        }}
      >
        <TextField
          id="clock-now"
          label="Stop the clock at"
          isCode
          value={form.value.now}
          hint="A date and time in UTC, such as 2026-01-01T12:00:00Z"
          onValue={(value) => (form.value = { now: value })}
        />
        <button class="primary">Set the clock</button>
      </form>
      <h3 id="advance-title">Move it forward</h3>
      <div class="actions" role="group" aria-labelledby="advance-title">
        {STEPS.map(([milliseconds, text]) => (
          <button key={text} type="button" onClick={() => void advance(milliseconds, text)}>
            {text}
          </button>
        ))}
      </div>
      <ActionResult action={action} />
    </section>
  );
}
