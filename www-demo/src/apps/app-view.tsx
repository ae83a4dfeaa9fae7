/** The view of one app: its form, its redirect tester and its secret. */
import { useEffect, useState } from 'preact/hooks';
import type { OAuthApp } from 'wix-oauth-apps';
import { RedirectTester } from '../redirects/redirect-tester';
import { navigate, paths } from '../router';
import { session } from '../session';
import { CopyButton } from '../ui/copy-button';
import { confirmAction } from '../ui/dialog';
import { FailurePanel } from '../ui/failure-panel';
import { useAction } from '../ui/use-action';
import { ViewHeading } from '../ui/view-heading';
import { AppForm } from './app-form';
import { CreatedPanel, showSecret } from './created';
import { deleteApp, DeletionPanel } from './delete-app';
import { apps, currentAppId, loadApps } from './store';

export function NewAppView() {
  return (
    <>
      <ViewHeading title="New OAuth app" />
      <AppForm />
    </>
  );
}

export function AppView({ id }: { id: string }) {
  const [app, setApp] = useState<OAuthApp | undefined>();
  const action = useAction();
  // The app is read again: another client may have changed it since the list was read.
  const load = () =>
    action.run('The app could not be read', async () => setApp(await session.value?.client.getOAuthApp(id)));
  useEffect(() => {
    currentAppId.value = id;
    const isGone = app?.id === id && apps.value?.every((one) => one.id !== id);
    if (!isGone) void load();
  }, [id, apps.value]);

  if (app === undefined || app.id !== id) {
    return (
      <>
        <ViewHeading title="OAuth app" />
        {action.failure === undefined && <p>Loading the app…</p>}
        <FailurePanel failure={action.failure}>
          <button type="button" onClick={() => void load()}>
            Try again
          </button>
          <a class="button" href={paths.apps}>
            Back to the list
          </a>
        </FailurePanel>
      </>
    );
  }
  return (
    <>
      <ViewHeading title={app.name} />
      <CreatedPanel />
      <DeletionPanel />
      <p class="wrap">
        Client ID: <code>{app.id}</code> <CopyButton text={() => app.id} what="client ID" />
      </p>
      <AppForm key={app.id} app={app} />
      <RedirectTester apps={[app]} />
      <SecretSection app={app} />
      <section class="panel" aria-labelledby="delete-title">
        <h2 id="delete-title">End this client</h2>
        <p>Nobody can authenticate with this client ID once the app is deleted.</p>
        <button type="button" class="danger" onClick={() => void remove(app)}>
          Delete
        </button>
      </section>
    </>
  );
}

async function remove(app: OAuthApp): Promise<void> {
  if (await deleteApp(app)) navigate(paths.apps);
}

function SecretSection({ app }: { app: OAuthApp }) {
  const action = useAction();
  const generate = async () => {
    const isConfirmed = await confirmAction({
      title: `Generate a client secret for ${app.name}?`,
      body: <p>A secret that the app has now gives no access any more. The new one is shown once.</p>,
      action: 'Generate',
    });
    if (!isConfirmed) return;
    await action.run('No secret was generated', async () => {
      const secret = await session.value?.client.generateOAuthAppSecret(app.id);
      if (secret !== undefined) showSecret(app, secret);
      void loadApps();
    });
  };
  return (
    <section class="panel" aria-labelledby="secret-title">
      <h2 id="secret-title">Client secret</h2>
      <p>A server authenticates with the client ID and a secret. A site or a mobile app needs no secret.</p>
      <FailurePanel failure={action.failure} />
      <button type="button" aria-disabled={action.isRunning} onClick={() => void generate()}>
        Generate a secret
      </button>
    </section>
  );
}
