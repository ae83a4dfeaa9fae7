import type { EmulatorFailure, EmulatorFaultPreset, Fault } from 'wix-oauth-apps/emulator';
import { tabSignal } from '../storage';
import { ActionResult } from '../ui/failure-panel';
import { CheckField, SelectField, TextField } from '../ui/field';
import { useAction } from '../ui/use-action';
import type { Control } from './control';

/** Each kind of fault as the emulator takes it, and what it looks like. */
const KINDS: readonly (readonly [string, string, Fault])[] = [
  ['busy', 'Service unavailable (503)', { status: 503 }],
  ['broken', 'Internal error (500)', { preset: 'emptyError' satisfies EmulatorFaultPreset }],
  ['bare429', 'Bare 429, although the request took effect', { preset: 'bare429' satisfies EmulatorFaultPreset }],
  ['gateway404', 'A gateway’s 404 page', { preset: 'gateway404' satisfies EmulatorFaultPreset }],
  ['captivePortal', 'A captive portal’s login page', { preset: 'captivePortal' satisfies EmulatorFaultPreset }],
  ['refused', 'Connection refused', { error: 'refused' satisfies EmulatorFailure }],
  ['reset', 'Connection lost before the response', { error: 'reset' satisfies EmulatorFailure }],
  ['resetInBody', 'Connection lost within the response', { error: 'resetInBody' satisfies EmulatorFailure }],
  ['hang', 'No response ever', { error: 'hang' satisfies EmulatorFailure }],
  ['stall', 'Half a response, then nothing', { error: 'stall' satisfies EmulatorFailure }],
  ['slow', 'A response after three seconds', { latency: 3_000 }],
];

const METHODS = ['', 'GET', 'POST', 'PATCH', 'DELETE'] as const;

const form = tabSignal('faults', { kind: 'busy', method: '', path: '', times: '1', takeEffect: false });

export function Faults({ control }: { control: Control }) {
  const action = useAction();
  const { kind, method, path, times, takeEffect } = form.value;
  const set = (change: Partial<typeof form.value>) => (form.value = { ...form.value, ...change });
  const [, title, base] = KINDS.find(([name]) => name === kind) ?? KINDS[0]!;

  const inject = () =>
    action.run('The fault was not injected', async () => {
      await control.addFault({
        ...base,
        ...(method !== '' && { method }),
        ...(path.trim() !== '' && { path: path.trim() }),
        times: times === 'always' ? 'always' : Number(times),
        ...(takeEffect && { takeEffect }),
      });
      return `Injected: ${title}.`;
    });
  const clear = () =>
    action.run('The faults were not cleared', async () => {
      await control.clearFaults();
      return 'All faults were cleared.';
    });

  return (
    <section class="panel" aria-labelledby="faults-title">
      <h2 id="faults-title">Faults</h2>
      <p>
        Lets the next requests fail, to see what a client makes of it.{' '}
        {control.server === undefined && 'A reload of the page ends all faults.'}
      </p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void inject();
        }}
      >
        <div class="columns">
          <SelectField
            id="fault-kind"
            label="Fault"
            value={kind}
            options={KINDS.map(([name, text]) => [name, text] as const)}
            onValue={(value) => set({ kind: value })}
          />
          <SelectField
            id="fault-times"
            label="How many requests fail"
            value={times}
            options={['1', '2', '3', '5', '10']
              .map((text) => [text, text] as const)
              .concat([['always', 'All of them']])}
            onValue={(value) => set({ times: value })}
          />
          <SelectField
            id="fault-method"
            label="Method"
            value={method}
            options={METHODS.map((text) => [text, text === '' ? 'Any' : text] as const)}
            onValue={(value) => set({ method: value })}
          />
          <TextField
            id="fault-path"
            label="Path"
            isCode
            value={path}
            hint="Empty for any; * stands for any text."
            onValue={(value) => set({ path: value })}
          />
        </div>
        <CheckField
          id="fault-effect"
          label="The request is carried out before it fails"
          isChecked={takeEffect}
          onChecked={(value) => set({ takeEffect: value })}
        />
        <ActionResult action={action} />
        <div class="actions">
          <button class="primary">Inject fault</button>
          <button type="button" onClick={() => void clear()}>
            Clear all faults
          </button>
        </div>
      </form>
    </section>
  );
}
