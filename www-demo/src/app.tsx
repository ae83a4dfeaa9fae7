/** The frame around every view: navigation, notices, the live region and dialogs. */
import { signal } from '@preact/signals';
import { Announcer } from './announcer';
import { AppList } from './apps/app-list';
import { AppView, NewAppView } from './apps/app-view';
import { loadApps, loadFailure } from './apps/store';
import { FlowList, FlowView } from './flows/flow-list';
import { stateFault } from './page-emulator';
import { RequestList } from './requests/request-list';
import { paths, route } from './router';
import { EmulatorView } from './server-console/emulator-view';
import { connectionFailure, needsCredential, session, startFailure } from './session';
import { connection, describe } from './settings/connection';
import { ConnectionView, CredentialForm } from './settings/connection-view';
import { storageFault } from './storage';
import { DialogHost } from './ui/dialog';
import { FailurePanel } from './ui/failure-panel';
import { ViewHeading } from './ui/view-heading';

const isOffline = signal(!navigator.onLine);
addEventListener('offline', () => (isOffline.value = true));
addEventListener('online', () => {
  isOffline.value = false;
  if (loadFailure.value !== undefined) void loadApps();
});

const LINKS = [
  ['OAuth apps', paths.apps, ['apps', 'new-app', 'app']],
  ['Guides', paths.flows, ['flows', 'flow']],
  ['Requests', paths.requests, ['requests']],
  ['Emulator', paths.emulator, ['emulator']],
  ['Connection', paths.connection, ['connection']],
] as const;

export function App() {
  const { view } = route.value;
  return (
    <>
      <header>
        <p class="product">
          <strong>wix-oauth-apps</strong> <span class="target">{describe(connection)}</span>
        </p>
        <nav aria-label="Views">
          <ul>
            {LINKS.map(([text, path, views]) => (
              <li key={path}>
                <a href={path} aria-current={views.some((one) => one === view) ? 'page' : undefined}>
                  {text}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <Announcer />
      <main>
        <Notices />
        <View />
      </main>
      <DialogHost />
    </>
  );
}

function Notices() {
  const texts = [
    isOffline.value && connection.kind !== 'page'
      ? 'The browser is offline. The page reads the list again when it is online.'
      : undefined,
    isOffline.value && connection.kind === 'page'
      ? 'The browser is offline. The emulator in this page works on.'
      : undefined,
    storageFault.value,
    stateFault.value,
  ].filter((text) => text !== undefined);
  return (
    <div aria-live="polite">
      {texts.map((text) => (
        <p key={text} class="panel warning">
          {text}
        </p>
      ))}
    </div>
  );
}

function View() {
  const to = route.value;
  if (startFailure.value !== undefined) {
    return (
      <>
        <ViewHeading title="OAuth apps" />
        <FailurePanel failure={startFailure.value}>
          <button type="button" onClick={() => location.reload()}>
            Reload the page
          </button>
        </FailurePanel>
      </>
    );
  }
  if (to.view === 'connection') return <ConnectionView />;
  if (session.value === undefined) return <NoSession />;
  switch (to.view) {
    case 'apps':
      return <AppList />;
    case 'new-app':
      return <NewAppView />;
    case 'app':
      return <AppView key={to.id} id={to.id} />;
    case 'flows':
      return <FlowList />;
    case 'flow':
      return <FlowView key={to.name} name={to.name} />;
    case 'requests':
      return <RequestList />;
    case 'emulator':
      return <EmulatorView />;
  }
}

function NoSession() {
  if (!needsCredential.value && connectionFailure.value === undefined) {
    return (
      <>
        <ViewHeading title="OAuth apps" />
        <p>Loading the page…</p>
      </>
    );
  }
  return (
    <>
      <ViewHeading title="OAuth apps" />
      <FailurePanel failure={connectionFailure.value}>
        <a class="button" href={paths.connection}>
          Change the connection
        </a>
      </FailurePanel>
      <CredentialForm />
    </>
  );
}
