/** Guide: stop a client from connecting. */
import { signal } from '@preact/signals';
import { deleteApp, DeletionPanel } from '../apps/delete-app';
import { paths } from '../router';
import { session } from '../session';
import { FailurePanel } from '../ui/failure-panel';
import { useAction } from '../ui/use-action';
import { ChooseApp, chosenApp } from './choose-app';
import { Step } from './step';

/** Set if the client ID of the chosen app authenticated when it was last tried. */
const asked = signal<{ id: string; isActive: boolean } | undefined>();
const hasDeleted = signal(false);

export function CutOffFlow() {
  const app = chosenApp();
  const action = useAction();
  const isAsked = app !== undefined && asked.value?.id === app.id;

  const ask = () =>
    action.run('Whether the client is connected is not known', async () => {
      if (app === undefined) return;
      hasDeleted.value = false;
      const isActive = await session.value?.client.isClientActive(app.id);
      if (isActive !== undefined) asked.value = { id: app.id, isActive };
    });
  const cutOff = async () => {
    if (app !== undefined && (await deleteApp(app))) {
      asked.value = undefined;
      hasDeleted.value = true;
    }
  };

  return (
    <ol class="steps">
      <Step number={1} title="Choose the client">
        <ChooseApp />
        {app !== undefined && (
          <>
            <p class="wrap">
              Client ID: <code>{app.id}</code>
            </p>
            <FailurePanel failure={action.failure} />
            <button type="button" aria-disabled={action.isRunning} onClick={() => void ask()}>
              {action.isRunning ? 'Asking…' : 'See whether it can connect'}
            </button>
          </>
        )}
      </Step>
      <Step number={2} title="Delete its app" isOpen={isAsked}>
        <p>
          {asked.value?.isActive === true
            ? 'The client ID gets a visitor token now.'
            : 'The client ID gets no visitor token as it is.'}
        </p>
        <button type="button" class="danger" onClick={() => void cutOff()}>
          Delete
        </button>
      </Step>
      <Step number={3} title="See that it is cut off" isOpen={hasDeleted.value}>
        <DeletionPanel />
        <p>
          To let the client in again, <a href={paths.newApp}>create a new app</a> and give the client the new ID. The
          old ID never works again.
        </p>
      </Step>
    </ol>
  );
}
