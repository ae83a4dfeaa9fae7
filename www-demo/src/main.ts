/** The demo, which creates, lists and deletes OAuth apps on an emulator in this page. */
import { createClient, init, isOAuthAppsError, validateOAuthApp } from 'wix-oauth-apps';
import type { OAuthApp, OAuthAppDraft, Violation } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { AppList } from './app-list';
import { DraftForm } from './draft-form';
import { messageOf, perform, showFailure, showStatus } from './report';

async function start(): Promise<void> {
  // The client loads the core by itself; `validateOAuthApp` is synchronous and cannot.
  await init();
  const emulator = await createEmulator();
  const { apiKey, siteId } = emulator.credentials;
  const client = createClient({
    auth: { apiKey },
    siteId,
    fetch: emulator.fetch,
    // Every visitor of a page can read an API key in it. This key is valid for the emulator in this page only.
    dangerouslyAllowBrowser: true,
  });

  const form = new DraftForm({ validate: validateOAuthApp, submit: create });
  const list = new AppList(remove);
  await refresh('Ready.');

  /** Reloads the list, sets the focus, and then reports what was done before. */
  async function refresh(done: string, focus = () => {}): Promise<void> {
    const isRead = await perform('Reading the list…', `${done} But the list could not be read`, async () => {
      const newestFirst = { fieldName: 'createdDate', order: 'DESC' } as const;
      list.show(await client.queryOAuthApps({ sort: [newestFirst], paging: { limit: 100 } }));
    });
    focus();
    if (isRead) showStatus(done);
  }

  async function create(draft: OAuthAppDraft): Promise<void> {
    let violations: Violation[] | undefined;
    const isDone = await perform('Creating…', 'Not created', async () => {
      try {
        await client.createOAuthApp(draft);
      } catch (error) {
        if (!isOAuthAppsError(error) || !error.violations) throw error;
        violations = error.violations;
        const errors = violations.filter(({ severity }) => severity === 'error').length;
        throw new Error(`${errors} ${errors === 1 ? 'error' : 'errors'} to correct first`, { cause: error });
      }
    });
    if (violations) form.refuse(violations);
    if (!isDone) return;
    form.reset();
    await refresh(`Created ${draft.name}.`);
  }

  async function remove(app: OAuthApp): Promise<void> {
    const isDone = await perform(`Deleting ${app.name}…`, `${app.name} was not deleted`, () =>
      client.deleteOAuthApp(app.id),
    );
    if (!isDone) return;
    await refresh(`Deleted ${app.name}.`, () => list.focus());
  }
}

start().catch((error: unknown) => showFailure(`The page could not start: ${messageOf(error)}`));
