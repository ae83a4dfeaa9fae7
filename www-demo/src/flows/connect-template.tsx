/** Guide: connect a template. Ends with the environment variable and the SDK code. */
import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { checkRedirect, isOAuthAppsError, validateOAuthApp, type OAuthApp, type Violation } from 'wix-oauth-apps';
import { announce } from '../announcer';
import { hideSecret, showCreated, CreatedPanel } from '../apps/created';
import { currentAppId, loadApps } from '../apps/store';
import { Violations } from '../apps/violations';
import { session } from '../session';
import { tabSignal } from '../storage';
import { CodeBlock } from '../ui/copy-button';
import { FailurePanel } from '../ui/failure-panel';
import { TextField } from '../ui/field';
import { useAction } from '../ui/use-action';
import { environmentVariable, sdkSnippet } from './snippet';
import { Step } from './step';

const inputs = tabSignal('flow/connect', { name: '', address: '', path: '/callback' });

interface Connected {
  app: OAuthApp;
  isNew: boolean;
  redirectUri: string;
}
const connected = signal<Connected | undefined>();

export function ConnectFlow() {
  const action = useAction();
  const [violations, setViolations] = useState<Violation[]>([]);
  const { name, address, path } = inputs.value;
  const set = (change: Partial<typeof inputs.value>) => {
    connected.value = undefined;
    setViolations([]);
    inputs.value = { ...inputs.value, ...change };
  };
  const wanted = wantedApp(name, address, path);

  async function connect(event: Event): Promise<void> {
    event.preventDefault();
    hideSecret();
    const found = validateOAuthApp(wanted);
    setViolations(found);
    if (found.some(({ severity }) => severity === 'error')) {
      announce('Nothing was sent. Correct the errors first.');
      return;
    }
    await action.run('The template was not connected', async () => {
      try {
        const result = await session.value?.client.ensureOAuthApp(wanted);
        if (result === undefined) return;
        const { oAuthApp, created } = result;
        currentAppId.value = oAuthApp.id;
        if (created) showCreated(oAuthApp);
        connected.value = { app: oAuthApp, isNew: created, redirectUri: wanted.allowedRedirectUris[0] ?? '' };
        void loadApps();
      } catch (error) {
        if (isOAuthAppsError(error) && error.violations !== undefined) setViolations(error.violations);
        throw error;
      }
    });
  }

  const done = connected.value;
  return (
    <ol class="steps">
      <Step number={1} title="Say where the template is deployed">
        <form noValidate onSubmit={(event) => void connect(event)}>
          <TextField
            id="connect-name"
            label="Template name"
            value={name}
            hint="Such as Storefront. An app of this name is used again rather than created twice."
            onValue={(value) => set({ name: value })}
          />
          <TextField
            id="connect-address"
            label="Address of the deployment"
            type="url"
            isCode
            value={address}
            hint="Such as https://shop.example.com, or http://localhost:4321 on your machine"
            onValue={(value) => set({ address: value })}
          />
          <TextField
            id="connect-path"
            label="Path of the login callback"
            isCode
            value={path}
            onValue={(value) => set({ path: value })}
          />
          <p class="wrap">
            The call: <code>ensureOAuthApp</code> with the redirect URI <code>{wanted.allowedRedirectUris[0]}</code> and
            the redirect domain <code>{wanted.allowedRedirectDomains[0]}</code>.
          </p>
          <Violations id="connect" violations={violations} text="" />
          <FailurePanel failure={action.failure} />
          <button class="primary" aria-disabled={action.isRunning}>
            {action.isRunning ? 'Connecting…' : 'Connect'}
          </button>
        </form>
      </Step>
      <Step number={2} title="Give the template its client ID" isOpen={done !== undefined}>
        {done !== undefined && <Result {...done} />}
      </Step>
    </ol>
  );
}

function Result({ app, isNew, redirectUri }: Connected) {
  const verdict = checkRedirect(app, redirectUri, 'authentication');
  return (
    <>
      <p>
        {isNew ? `The app ${app.name} was created.` : `The app ${app.name} was there already and is used again.`} Its
        login callback is {verdict.allowed ? 'allowed' : `not allowed: ${verdict.message}`}.
      </p>
      <CreatedPanel />
      <h3>The environment variable</h3>
      <CodeBlock code={environmentVariable(app.id)} what="environment variable" />
      <h3>The code, with the official SDK</h3>
      <CodeBlock code={sdkSnippet(redirectUri)} what="SDK code" />
    </>
  );
}

/** The app for a deployment. A text that is not an address goes to the library as it is, which says what is wrong. */
function wantedApp(name: string, address: string, path: string) {
  const isUrl = URL.canParse(address);
  const base = address.replace(/\/+$/, '');
  return {
    name,
    allowedRedirectUris: [`${base}${path.startsWith('/') || path === '' ? '' : '/'}${path}`],
    allowedRedirectDomains: [isUrl ? new URL(address).host : address],
  };
}
