/** The lists of a server: its members, and its webhooks with their deliveries. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { FailurePanel } from '../ui/failure-panel';
import { useAction } from '../ui/use-action';
import type { Item, ServerControl } from './control';

export function Members({ server }: { server: ServerControl }) {
  return (
    <Listing id="members" title="Members" read={async () => ({ members: await server.members() })}>
      The members who can log in on a page of this server.
    </Listing>
  );
}

export function Webhooks({ server }: { server: ServerControl }) {
  return (
    <Listing id="webhooks" title="Webhooks" read={() => server.webhooks()}>
      Where the server posts changes of apps, and how the deliveries went.
    </Listing>
  );
}

interface ListingProps {
  id: string;
  title: string;
  read: () => Promise<Record<string, Item[]>>;
  children: ComponentChildren;
}

function Listing({ id, title, read, children }: ListingProps) {
  const [lists, setLists] = useState<Record<string, Item[]> | undefined>();
  const action = useAction();
  const refresh = () => action.run(`${title} could not be read`, async () => setLists(await read()));
  useEffect(() => void refresh(), []);
  return (
    <section class="panel" aria-labelledby={`${id}-title`}>
      <div class="view-heading">
        <h2 id={`${id}-title`}>{title}</h2>
        <button
          type="button"
          class="small"
          aria-label={`Refresh ${title.toLowerCase()}`}
          onClick={() => void refresh()}
        >
          Refresh
        </button>
      </div>
      <p>{children}</p>
      <FailurePanel failure={action.failure} />
      {lists === undefined && action.failure === undefined && <p>Loading…</p>}
      {lists !== undefined && Object.values(lists).every((list) => list.length === 0) && <p class="empty">None.</p>}
      {Object.entries(lists ?? {})
        .filter(([, list]) => list.length > 0)
        .map(([name, list]) => (
          <ItemTable key={name} name={headline(name)} items={list} />
        ))}
    </section>
  );
}

function ItemTable({ name, items }: { name: string; items: Item[] }) {
  const columns = [...new Set(items.flatMap((item) => Object.keys(item)))].filter(
    (column) => !/password/i.test(column),
  );
  return (
    <table role="table" aria-label={name}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column} role="columnheader" scope="col">
              {headline(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {items.map((item, index) => (
          <tr key={index} role="row">
            {columns.map((column) => (
              <td key={column} role="cell" data-label={headline(column)}>
                <span class="wrap">{textOf(item[column], column)}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `eventType` becomes `Event type`, and `url` `URL`. */
const headline = (name: string) => {
  const words = name.replace(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  if (/^(?:url|id)$/.test(words)) return words.toUpperCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

function textOf(value: unknown, column: string): string {
  if (value === undefined || value === null) return '';
  if (/^(?:time|at)$/.test(column) && typeof value === 'number') return DATE.format(value);
  if (Array.isArray(value)) return value.map((item) => textOf(item, '')).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
