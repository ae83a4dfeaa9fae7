/** The first view: the list of OAuth apps and the redirect tester. */
import { navigate, paths } from '../router';
import { RedirectTester } from '../redirects/redirect-tester';
import { FailurePanel } from '../ui/failure-panel';
import { ViewHeading } from '../ui/view-heading';
import { AppTable } from './app-table';
import { CreatedPanel } from './created';
import { DeletionPanel } from './delete-app';
import { apps, isLoading, loadApps, loadFailure } from './store';

export function AppList() {
  const list = apps.value;
  return (
    <>
      <ViewHeading title="OAuth apps">
        <div class="actions">
          <button type="button" onClick={() => void loadApps()}>
            {isLoading.value ? 'Loading…' : 'Refresh'}
          </button>
          <button type="button" class="primary" onClick={() => navigate(paths.newApp)}>
            Create OAuth app
          </button>
        </div>
      </ViewHeading>
      <CreatedPanel />
      <DeletionPanel />
      <FailurePanel failure={loadFailure.value}>
        <button type="button" onClick={() => void loadApps()}>
          Try again
        </button>
        <a class="button" href={paths.connection}>
          Change the connection
        </a>
      </FailurePanel>
      <AppTable apps={list ?? []} isBusy={isLoading.value} empty={emptyText(list !== undefined)} />
      <RedirectTester apps={list} />
    </>
  );
}

function emptyText(isLoaded: boolean): string {
  if (isLoaded) return 'There are no OAuth apps yet. Create one, or follow a guide.';
  return loadFailure.value === undefined ? 'Loading the list…' : 'The list is not available.';
}
