/** The table of OAuth apps: search, sort, and pages of 100. */
import type { OAuthApp } from 'wix-oauth-apps';
import { paths } from '../router';
import { tabSignal } from '../storage';
import { CopyButton } from '../ui/copy-button';
import { deleteApp, deletingId } from './delete-app';

const PAGE_SIZE = 100;

type Column = 'name' | 'uris' | 'domains' | 'created';
const view = tabSignal('table', { search: '', column: 'created' as Column, isDescending: true, page: 0 });

const COLUMNS: readonly [Column, string][] = [
  ['name', 'Name'],
  ['uris', 'Redirect URIs'],
  ['domains', 'Redirect domains'],
  ['created', 'Created'],
];

const KEYS: Record<Column, (app: OAuthApp) => string | number> = {
  name: (app) => app.name.toLocaleLowerCase(),
  uris: (app) => app.allowedRedirectUris.length,
  domains: (app) => app.allowedRedirectDomains.length,
  created: (app) => app.createdDate,
};

export function AppTable({ apps, isBusy, empty }: { apps: OAuthApp[]; isBusy: boolean; empty: string }) {
  const { search, page } = view.value;
  const found = sorted(apps.filter((app) => matches(app, search)));
  const last = Math.max(0, Math.ceil(found.length / PAGE_SIZE) - 1);
  const shownPage = Math.min(page, last);
  const rows = found.slice(shownPage * PAGE_SIZE, (shownPage + 1) * PAGE_SIZE);
  const set = (change: Partial<typeof view.value>) => (view.value = { ...view.value, ...change });
  return (
    <>
      <div class="field search">
        <label for="search">Search apps</label>
        <input
          id="search"
          type="search"
          value={search}
          autocomplete="off"
          aria-describedby="search-hint"
          onInput={(event) => set({ search: event.currentTarget.value, page: 0 })}
        />
        <p class="hint" id="search-hint" aria-live="polite">
          {search === ''
            ? 'Finds part of a name, a client ID or a redirect entry.'
            : `${found.length} of ${apps.length} apps match.`}
        </p>
      </div>
      {/* Narrow screens show rows as cards; the roles keep the table a table for assistive technology. */}
      <table role="table" aria-label="OAuth apps" aria-busy={isBusy}>
        <thead role="rowgroup">
          <tr role="row">
            {COLUMNS.slice(0, 1).map(header)}
            <th role="columnheader" scope="col">
              Client ID
            </th>
            {COLUMNS.slice(1).map(header)}
            <th role="columnheader" scope="col">
              Actions
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((app) => (
            <Row key={app.id} app={app} />
          ))}
          {rows.length === 0 && (
            <tr role="row">
              <td role="cell" colSpan={6} class="empty">
                {apps.length > 0 && search !== '' ? `No app matches “${search}”.` : empty}
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {last > 0 && (
        <nav class="pages" aria-label="Pages of the list">
          <button type="button" disabled={shownPage === 0} onClick={() => set({ page: shownPage - 1 })}>
            Previous page
          </button>
          <span aria-live="polite">
            Apps {shownPage * PAGE_SIZE + 1} to {shownPage * PAGE_SIZE + rows.length} of {found.length}
          </span>
          <button type="button" disabled={shownPage === last} onClick={() => set({ page: shownPage + 1 })}>
            Next page
          </button>
        </nav>
      )}
    </>
  );
}

function header([column, text]: readonly [Column, string]) {
  const isSorted = view.value.column === column;
  const direction = view.value.isDescending ? 'descending' : 'ascending';
  const sort = () => {
    // Names begin at A; counts and dates at the highest.
    const isDescending = isSorted ? !view.value.isDescending : column !== 'name';
    view.value = { ...view.value, column, isDescending, page: 0 };
  };
  return (
    <th key={column} role="columnheader" scope="col" aria-sort={isSorted ? direction : 'none'}>
      <button type="button" class="sort" onClick={sort}>
        {text}
        <span aria-hidden="true">{isSorted ? (view.value.isDescending ? '▼' : '▲') : '↕'}</span>
      </button>
    </th>
  );
}

function Row({ app }: { app: OAuthApp }) {
  const isDeleting = deletingId.value === app.id;
  const nameId = `name-${app.id}`;
  return (
    <tr role="row" aria-busy={isDeleting}>
      <th role="rowheader" scope="row">
        <a id={nameId} href={paths.app(app.id)}>
          {app.name}
        </a>
      </th>
      <td role="cell" data-label="Client ID">
        <span class="client-id">
          <code>{app.id}</code> <CopyButton text={() => app.id} what={`client ID of ${app.name}`} />
        </span>
      </td>
      <td role="cell" data-label="Redirect URIs" class="number">
        {app.allowedRedirectUris.length}
      </td>
      <td role="cell" data-label="Redirect domains" class="number">
        {app.allowedRedirectDomains.length}
      </td>
      <td role="cell" data-label="Created">
        <time dateTime={app.createdDate}>{formatDate(app.createdDate)}</time>
      </td>
      <td role="cell">
        <button
          type="button"
          class="small danger"
          aria-describedby={nameId}
          aria-disabled={isDeleting}
          onClick={() => void deleteApp(app)}
        >
          {isDeleting ? 'Deleting…' : 'Delete'}
        </button>
      </td>
    </tr>
  );
}

function matches(app: OAuthApp, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return true;
  const texts = [app.name, app.id, ...app.allowedRedirectUris, ...app.allowedRedirectDomains];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}

function sorted(apps: OAuthApp[]): OAuthApp[] {
  const { column, isDescending } = view.value;
  const key = KEYS[column] ?? KEYS.created;
  const sign = isDescending ? -1 : 1;
  return apps.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)];
    return a < b ? -sign : a > b ? sign : 0;
  });
}

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function formatDate(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : DATE.format(date);
}
