/** The requests of every client of the emulator server, live. */
import { useEffect } from 'preact/hooks';
import type { TrafficRecord } from './control';
import { controlState } from './current-control';
import { follow, isLive, traffic } from './follow';

export function Traffic() {
  const state = controlState.value;
  const server = state.status === 'found' ? state.control.server : undefined;
  useEffect(() => (server === undefined ? undefined : follow(server)), [server]);
  if (server === undefined) return null;
  return (
    <section aria-labelledby="traffic-title">
      <h2 id="traffic-title">All clients of this server</h2>
      <p aria-live="polite">
        {isLive.value ? 'Live: new requests appear by themselves.' : 'Connecting to the server…'}
      </p>
      <table role="table" aria-label="Requests to the server">
        <thead role="rowgroup">
          <tr role="row">
            {['Time', 'Request', 'Status', 'Duration', 'Reason'].map((title) => (
              <th key={title} role="columnheader" scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {traffic.value.map((record) => (
            <Row key={JSON.stringify(record)} record={record} />
          ))}
          {traffic.value.length === 0 && (
            <tr role="row">
              <td role="cell" colSpan={5} class="empty">
                No requests yet.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

function Row({ record: { at, method, path, status, duration, reason } }: { record: TrafficRecord }) {
  const isRefused = status === 0 || status >= 400;
  const text = reason ?? (isRefused ? 'not given' : undefined);
  return (
    <tr role="row">
      <td role="cell" data-label="Time">
        {formatTime(at)}
      </td>
      <td role="cell" data-label="Request">
        <span class="wrap">
          <strong>{method}</strong> <code>{path}</code>
        </span>
      </td>
      <td role="cell" data-label="Status" class={isRefused ? 'bad' : ''}>
        {status === 0 ? 'no response' : status}
      </td>
      <td role="cell" data-label="Duration">
        {Math.round(duration)} ms
      </td>
      {text === undefined ? (
        <td role="cell" />
      ) : (
        <td role="cell" data-label="Reason">
          <span class="wrap">{text}</span>
        </td>
      )}
    </tr>
  );
}

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

function formatTime(at: number | string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : TIME.format(date);
}
