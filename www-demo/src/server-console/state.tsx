/** The emulator's state: into a file, back from one, and back to the start. */
import { loadApps } from '../apps/store';
import { ActionResult } from '../ui/failure-panel';
import { confirmAction } from '../ui/dialog';
import { useAction } from '../ui/use-action';
import type { Control } from './control';

export function State({ control }: { control: Control }) {
  const action = useAction();
  const save = () =>
    action.run('The state was not saved', async () => {
      download('emulator-state.json', JSON.stringify(await control.readState(), null, 2));
      return 'The state was saved to a file.';
    });
  const restore = (input: HTMLInputElement) =>
    action.run('The state was not restored', async () => {
      const file = input.files?.[0];
      if (file === undefined) return;
      const text = await file.text();
      input.value = '';
      await control.restoreState(JSON.parse(text));
      await loadApps();
      return 'The state was restored.';
    });
  const reset = async () => {
    const isConfirmed = await confirmAction({
      title: 'Reset the emulator?',
      body: <p>Its apps, tokens, faults and requests are removed, and its clock starts anew.</p>,
      action: 'Reset',
    });
    if (!isConfirmed) return;
    await action.run('The emulator was not reset', async () => {
      await control.reset();
      await loadApps();
      return 'The emulator is as it was at its start.';
    });
  };
  return (
    <section class="panel" aria-labelledby="state-title">
      <h2 id="state-title">State</h2>
      <p>
        Everything that the emulator keeps. Client secrets, tokens and passwords are in it as SHA-256 only.{' '}
        {control.server === undefined && 'This browser keeps it for this page, and sends it nowhere.'}
      </p>
      <ActionResult action={action} />
      <div class="field">
        <label for="state-file">Restore from a file</label>
        <input
          id="state-file"
          type="file"
          accept="application/json,.json"
          onChange={(event) => void restore(event.currentTarget)}
        />
      </div>
      <div class="actions">
        <button type="button" onClick={() => void save()}>
          Save to a file
        </button>
        <button type="button" class="danger" onClick={() => void reset()}>
          Reset the emulator
        </button>
      </div>
    </section>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun when the click returns, but reads the file a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
