/** The client ID and the secret of an app that was just created. The secret is shown once and never stored. */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { CreatedOAuthApp, Secret } from 'wix-oauth-apps';
import { CopyButton } from '../ui/copy-button';

interface Shown {
  title: string;
  clientId: string;
  secret: Secret | undefined;
}

const shown = signal<Shown | undefined>();

export function showCreated({ id, name, secret }: CreatedOAuthApp): void {
  shown.value = { title: `${name} was created`, clientId: id, secret };
}

export function showSecret(app: { id: string; name: string }, secret: Secret): void {
  shown.value = { title: `New client secret of ${app.name}`, clientId: app.id, secret };
}

/** Forgets the secret. */
export function hideSecret(): void {
  shown.value = undefined;
}

export function CreatedPanel() {
  const { value } = shown;
  const heading = useRef<HTMLHeadingElement>(null);
  // After the view's own heading has taken the focus.
  useEffect(() => {
    if (value !== undefined) setTimeout(() => heading.current?.focus());
  }, [value]);
  if (value === undefined) return null;
  const { title, clientId, secret } = value;
  return (
    <section class="panel good" aria-labelledby="created-title">
      <h2 id="created-title" ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <dl>
        <dt>Client ID</dt>
        <dd>
          <code>{clientId}</code> <CopyButton text={() => clientId} what="client ID" />
        </dd>
        {secret !== undefined && (
          <>
            <dt>Client secret</dt>
            <dd>
              <code data-secret>{secret.reveal()}</code>{' '}
              <CopyButton text={() => secret.reveal()} what="client secret" />
            </dd>
          </>
        )}
      </dl>
      {secret !== undefined && (
        <p>
          The client secret is shown this once. Copy it to where your server keeps its secrets. This page does not store
          it, and nobody can read it again.
        </p>
      )}
      <div class="actions">
        <button type="button" onClick={hideSecret}>
          {secret === undefined ? 'Close' : 'I have copied it'}
        </button>
      </div>
    </section>
  );
}
