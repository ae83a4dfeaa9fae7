/** Guide: allow further redirects of an app, or stop allowing some. */
import { useState } from 'preact/hooks';
import { isOAuthAppsError, type RedirectChange, type Violation } from 'wix-oauth-apps';
import { announce } from '../announcer';
import { entriesOf } from '../apps/fields';
import { loadApps } from '../apps/store';
import { Violations } from '../apps/violations';
import { session } from '../session';
import { tabSignal } from '../storage';
import { FailurePanel } from '../ui/failure-panel';
import { RadioGroup, TextField } from '../ui/field';
import { useAction } from '../ui/use-action';
import { ChooseApp, chosenApp } from './choose-app';
import { Step } from './step';

type What = 'allow' | 'disallow';
const inputs = tabSignal('flow/redirects', { what: 'allow' as What, uris: '', domains: '' });

const CHOICES = [
  ['allow', 'Allow these entries'],
  ['disallow', 'Stop allowing these entries'],
] as const;

export function ChangeRedirectsFlow() {
  const app = chosenApp();
  const action = useAction();
  const [result, setResult] = useState<RedirectChange | undefined>();
  const [violations, setViolations] = useState<Violation[]>([]);
  const { what, uris, domains } = inputs.value;
  const set = (change: Partial<typeof inputs.value>) => {
    setResult(undefined);
    setViolations([]);
    inputs.value = { ...inputs.value, ...change };
  };

  async function change(event: Event): Promise<void> {
    event.preventDefault();
    setResult(undefined);
    setViolations([]);
    const entries = {
      uris: entriesOf(uris).map(({ entry }) => entry),
      domains: entriesOf(domains).map(({ entry }) => entry),
    };
    await action.run('Nothing was changed', async () => {
      const client = session.value?.client;
      if (client === undefined || app === undefined) return;
      try {
        const call = what === 'allow' ? client.allowRedirects : client.disallowRedirects;
        setResult(await call.call(client, app.id, entries));
        announce('The redirects were changed.');
        await loadApps();
      } catch (error) {
        if (isOAuthAppsError(error) && error.violations !== undefined) setViolations(error.violations);
        throw error;
      }
    });
  }

  return (
    <ol class="steps">
      <Step number={1} title="Choose the app">
        <ChooseApp />
        {app !== undefined && <Entries uris={app.allowedRedirectUris} domains={app.allowedRedirectDomains} />}
      </Step>
      <Step number={2} title="Name the entries" isOpen={app !== undefined}>
        <form noValidate onSubmit={(event) => void change(event)}>
          <RadioGroup
            name="what"
            legend="What to do"
            value={what}
            options={CHOICES}
            onValue={(value) => set({ what: value })}
          />
          <TextField
            id="change-uris"
            label="Redirect URIs"
            rows={2}
            isCode
            value={uris}
            hint="One entry a line, such as https://preview-7.example.com/callback"
            onValue={(value) => set({ uris: value })}
          />
          <TextField
            id="change-domains"
            label="Redirect domains"
            rows={2}
            isCode
            value={domains}
            hint="One entry a line, such as preview-7.example.com"
            onValue={(value) => set({ domains: value })}
          />
          <p>
            The call: <code>{what === 'allow' ? 'allowRedirects' : 'disallowRedirects'}</code>. It reads the lists,
            changes these entries, writes the lists back and reads them again.
          </p>
          <Violations id="change" violations={violations} text="" />
          <FailurePanel failure={action.failure} />
          <button class="primary" aria-disabled={action.isRunning}>
            {action.isRunning ? 'Changing…' : 'Change redirects'}
          </button>
        </form>
      </Step>
      <Step number={3} title="See what changed" isOpen={result !== undefined}>
        {result !== undefined && <Change {...result} />}
      </Step>
    </ol>
  );
}

function Change({ oAuthApp, added, removed }: RedirectChange) {
  const all = (change: { uris: string[]; domains: string[] }) => [...change.uris, ...change.domains];
  const isSame = all(added).length + all(removed).length === 0;
  return (
    <>
      {isSame && <p>Nothing had to change, so nothing was written.</p>}
      {all(added).length > 0 && <p class="wrap">Added: {all(added).join(', ')}</p>}
      {all(removed).length > 0 && <p class="wrap">Removed: {all(removed).join(', ')}</p>}
      <Entries uris={oAuthApp.allowedRedirectUris} domains={oAuthApp.allowedRedirectDomains} />
    </>
  );
}

function Entries({ uris, domains }: { uris: string[]; domains: string[] }) {
  return (
    <dl>
      <dt>Redirect URIs</dt>
      <dd>{codes(uris)}</dd>
      <dt>Redirect domains</dt>
      <dd>{codes(domains)}</dd>
    </dl>
  );
}

const codes = (entries: string[]) =>
  entries.length === 0 ? (
    'none'
  ) : (
    <ul>
      {entries.map((entry, index) => (
        <li key={index}>
          <code>{entry}</code>
        </li>
      ))}
    </ul>
  );
