import type { OAuthApp } from 'wix-oauth-apps';
import { apps, currentAppId, loadFailure } from '../apps/store';
import { paths } from '../router';
import { FailurePanel } from '../ui/failure-panel';
import { SelectField } from '../ui/field';

/** The app that a guide works on: the one that the visitor chose last, or else the newest. */
export const chosenApp = (): OAuthApp | undefined =>
  apps.value?.find(({ id }) => id === currentAppId.value) ?? apps.value?.[0];

export function ChooseApp() {
  const app = chosenApp();
  if (app !== undefined) {
    return (
      <SelectField
        id="flow-app"
        label="App"
        value={app.id}
        options={(apps.value ?? []).map(({ id, name }) => [id, name] as const)}
        onValue={(id) => (currentAppId.value = id)}
      />
    );
  }
  if (loadFailure.value !== undefined) return <FailurePanel failure={loadFailure.value} />;
  if (apps.value === undefined) return <p>Loading the list…</p>;
  return (
    <p>
      There are no OAuth apps yet. <a href={paths.flow('connect')}>Connect a template</a> first.
    </p>
  );
}
