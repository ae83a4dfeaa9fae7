/** Deletion: the confirmation that names what stops working, and the proof afterwards. */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { OAuthApp } from 'wix-oauth-apps';
import { announce } from '../announcer';
import { failureOf, type Failure } from '../failure';
import { session } from '../session';
import { tabStore } from '../storage';
import { confirmAction } from '../ui/dialog';
import { FailurePanel } from '../ui/failure-panel';
import { apps, loadApps } from './store';

/** The ID of the app that is being deleted. */
export const deletingId = signal<string | undefined>();
export const deleteFailure = signal<Failure | undefined>();

interface Deleted {
  id: string;
  name: string;
  /** Set if the client ID still gets a visitor token; undefined until it was tried. */
  isActive?: boolean;
  failure?: Failure;
}

const deleted = signal<Deleted | undefined>();

/** Asks, then deletes the app. Returns whether it is deleted. */
export async function deleteApp(app: OAuthApp): Promise<boolean> {
  const client = session.value?.client;
  if (client === undefined || deletingId.value !== undefined) return false;
  const isConfirmed = await confirmAction({
    title: `Delete ${app.name}?`,
    body: <Consequences app={app} />,
    action: 'Delete',
  });
  if (!isConfirmed) return false;
  deletingId.value = app.id;
  deleteFailure.value = undefined;
  try {
    await client.deleteOAuthApp(app.id);
  } catch (error) {
    deleteFailure.value = failureOf(`${app.name} was not deleted`, error);
    return false;
  } finally {
    deletingId.value = undefined;
  }
  tabStore.remove(`form/${app.id}`);
  apps.value = apps.value?.filter(({ id }) => id !== app.id);
  void proveDeletion(app);
  void loadApps();
  return true;
}

async function proveDeletion({ id, name }: { id: string; name: string }): Promise<void> {
  deleted.value = { id, name };
  announce(`${name} was deleted.`);
  try {
    const isActive = await session.value?.client.isClientActive(id);
    deleted.value = { id, name, ...(isActive !== undefined && { isActive }) };
  } catch (error) {
    deleted.value = { id, name, failure: failureOf('Whether the client is cut off is not known', error) };
  }
}

function Consequences({ app }: { app: OAuthApp }) {
  const uris = app.allowedRedirectUris.length;
  const domains = app.allowedRedirectDomains.length;
  return (
    <>
      <p>This stops working at once, for every client with this ID:</p>
      <ul class="bullets">
        <li>
          The client ID <code>{app.id}</code> gets no tokens any more: no visitor can open a session, no member can log
          in.
        </li>
        <li>Members and visitors who are logged in through it lose their sessions.</li>
        <li>Its client secret gives no access any more.</li>
        <li>
          Its {count(uris, 'redirect URI')} and {count(domains, 'redirect domain')} are removed.
        </li>
      </ul>
      <p>This cannot be undone. To let the client in again, create a new app and give the client the new ID.</p>
    </>
  );
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** The panel about the last app that was deleted, with the proof. */
export function DeletionPanel() {
  const { value } = deleted;
  const heading = useRef<HTMLHeadingElement>(null);
  const id = value?.id;
  // The button that was used is gone with its row.
  useEffect(() => {
    if (id !== undefined) setTimeout(() => heading.current?.focus());
  }, [id]);
  return (
    <>
      <FailurePanel failure={deleteFailure.value} />
      {value !== undefined && (
        <section class="panel good" aria-labelledby="deleted-title">
          <h2 id="deleted-title" ref={heading} tabIndex={-1}>
            {value.name} was deleted
          </h2>
          <DeletionProof deleted={value} />
          <div class="actions">
            <button type="button" onClick={() => (deleted.value = undefined)}>
              Close
            </button>
          </div>
        </section>
      )}
    </>
  );
}

function DeletionProof({ deleted: { id, name, isActive, failure } }: { deleted: Deleted }) {
  const again = (
    <button type="button" onClick={() => void proveDeletion({ id, name })}>
      Check again
    </button>
  );
  if (failure !== undefined) return <FailurePanel failure={failure}>{again}</FailurePanel>;
  if (isActive === undefined) return <p>Asking for a visitor token with its client ID…</p>;
  if (isActive) {
    return (
      <p>
        The client ID <code>{id}</code> still gets a visitor token. A service can take a while to forget it. {again}
      </p>
    );
  }
  return (
    <p>
      Proof: the client ID <code>{id}</code> no longer gets a visitor token.
    </p>
  );
}
