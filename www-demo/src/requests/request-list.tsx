/** The requests of this page, each with its response, as `curl` and as a call of the package. */
import { CodeBlock } from '../ui/copy-button';
import { ViewHeading } from '../ui/view-heading';
import { asCurl } from './as-curl';
import { asJavaScript } from './as-javascript';
import { clearRecords, records, type RequestRecord } from './recorder';
import { Traffic } from '../server-console/traffic';

export function RequestList() {
  const list = records.value;
  return (
    <>
      <ViewHeading title="Requests">
        {list.length > 0 && (
          <button type="button" onClick={clearRecords}>
            Clear
          </button>
        )}
      </ViewHeading>
      <Traffic />
      <section aria-labelledby="own-requests">
        <h2 id="own-requests">From this page</h2>
        <p>
          The last {list.length === 1 ? 'request' : `${list.length} requests`}, newest first. Secrets, tokens and keys
          are replaced by <code>[redacted]</code> before a request is kept.
        </p>
        {list.length === 0 ? (
          <p class="empty">No requests yet.</p>
        ) : (
          <ol class="requests">
            {list.map((record) => (
              <li key={record.id}>
                <RequestDetails record={record} />
              </li>
            ))}
          </ol>
        )}
      </section>
    </>
  );
}

function RequestDetails({ record }: { record: RequestRecord }) {
  const { method, path, response, failure, duration, at } = record;
  const isFailed = response === undefined || response.status >= 400;
  const javaScript = asJavaScript(record);
  return (
    <details class="panel request">
      <summary>
        <span class="request-line">
          <strong>{method}</strong> <code>{path}</code>
        </span>{' '}
        <span class={isFailed ? 'outcome bad' : 'outcome'}>
          {response === undefined ? `failed: ${failure}` : `${isFailed ? 'refused: ' : ''}${response.status}`}
        </span>{' '}
        <span class="hint">
          {formatTime(at)}, {Math.round(duration)} ms
        </span>
      </summary>
      <h3>Request</h3>
      <CodeBlock code={message(`${method} ${path}`, record)} what="request" />
      {response !== undefined && (
        <>
          <h3>Response</h3>
          <CodeBlock code={message(`status ${response.status}`, response)} what="response" />
        </>
      )}
      <h3>With curl</h3>
      <CodeBlock code={asCurl(record)} what="curl command" />
      <h3>With the package</h3>
      {javaScript === undefined ? (
        <p>No function of the package sends this request.</p>
      ) : (
        <CodeBlock code={javaScript} what="JavaScript" />
      )}
    </details>
  );
}

const message = (first: string, { headers, body }: { headers: [string, string][]; body: string }) =>
  [first, ...headers.map(([name, value]) => `${name}: ${value}`), ...(body === '' ? [] : ['', body])].join('\n');

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

const formatTime = (at: number) => TIME.format(new Date(at));
