/** Starts the page: the policy for requests first, then the view, then the library and the list. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app';
import { loadApps } from './apps/store';
import { session, start } from './session';
import { findControl } from './server-console/current-control';
import { connection } from './settings/connection';
import { restrictRequests } from './settings/content-policy';

restrictRequests(connection);

const page = document.getElementById('page');
if (page === null)
  throw new Error('The page has no element with the ID "page"; index.html and main.tsx belong together.');
page.replaceChildren();
render(<App />, page);

void start(() => void loadApps());

// A new session comes with the start, and with each credential that the visitor enters.
effect(() => {
  if (session.value === undefined) return;
  void loadApps();
  void findControl();
});
