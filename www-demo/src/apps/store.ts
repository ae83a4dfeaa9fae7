/** The OAuth apps of the site, as they were last read. */
import { signal } from '@preact/signals';
import type { OAuthApp } from 'wix-oauth-apps';
import { failureOf, type Failure } from '../failure';
import { session } from '../session';
import { tabSignal } from '../storage';

/** Every app, newest first; undefined until they have been read once. */
export const apps = signal<OAuthApp[] | undefined>();
export const isLoading = signal(false);
export const loadFailure = signal<Failure | undefined>();

/** The app that the redirect tester and the guides start with: the one that the visitor worked on last. */
export const currentAppId = tabSignal('current-app', '');

let current: AbortController | undefined;

/** Reads every app again. A call ends the one that is under way. Failures are kept in `loadFailure`. */
export async function loadApps(): Promise<void> {
  const client = session.value?.client;
  if (client === undefined) return;
  current?.abort();
  const controller = (current = new AbortController());
  isLoading.value = true;
  try {
    const found: OAuthApp[] = [];
    const newestFirst = { fieldName: 'createdDate', order: 'DESC' } as const;
    const query = { sort: [newestFirst], cursorPaging: { limit: 100 } };
    for await (const app of client.listOAuthApps(query, { signal: controller.signal })) found.push(app);
    if (controller !== current) return;
    apps.value = found;
    loadFailure.value = undefined;
  } catch (error) {
    if (controller === current) loadFailure.value = failureOf('The list could not be read', error);
  } finally {
    if (controller === current) isLoading.value = false;
  }
}

/** The app with this ID as it was last read. */
export const findApp = (id: string) => apps.value?.find((app) => app.id === id);
