/** Checks where Wix may send a visitor back, and shows the library's verdict. */
import { useState } from 'preact/hooks';
import { checkRedirect, type OAuthApp, type RedirectVerdict } from 'wix-oauth-apps';
import { currentAppId, loadApps } from '../apps/store';
import { session } from '../session';
import { tabSignal } from '../storage';
import { ActionResult } from '../ui/failure-panel';
import { RadioGroup, SelectField, TextField } from '../ui/field';
import { useAction } from '../ui/use-action';
import { markDifference, type Marked } from './difference';
import { sentence } from '../ui/sentence';

type After = 'authentication' | 'other';

const tested = tabSignal('redirect-tester', { url: '', after: 'authentication' as After });

const NO_ENTRIES = { allowedRedirectUris: [], allowedRedirectDomains: [] };

const OCCASIONS = [
  ['authentication', 'After login'],
  ['other', 'After checkout or logout'],
] as const;

/** @param apps The apps to choose from; undefined while they are not known. */
export function RedirectTester({ apps }: { apps: OAuthApp[] | undefined }) {
  const { url, after } = tested.value;
  const app = apps?.find(({ id }) => id === currentAppId.value) ?? apps?.[0];
  const [isChecked, setChecked] = useState(false);
  const action = useAction();
  // The verdict follows the app's lists: a fix that was applied shows at once.
  const verdict = isChecked && apps !== undefined ? checkRedirect(app ?? NO_ENTRIES, url, after) : undefined;
  const set = (change: Partial<typeof tested.value>) => {
    setChecked(false);
    action.clear();
    tested.value = { ...tested.value, ...change };
  };
  const choose = (id: string) => {
    setChecked(false);
    currentAppId.value = id;
  };

  const apply = (fix: NonNullable<RedirectVerdict['fix']>) =>
    action.run('The fix was not applied', async () => {
      if (app === undefined) return;
      await session.value?.client.allowRedirects(app.id, fix);
      await loadApps();
      return `Added ${listed(fix)}.`;
    });

  return (
    <section class="panel" aria-labelledby="tester-title">
      <h2 id="tester-title">Redirect tester</h2>
      <p>Would Wix send a visitor back to this URL? The check needs no network.</p>
      {apps === undefined && <p>It needs the list of apps, which is not there yet.</p>}
      {apps?.length === 0 && <p>There is no app yet, so no URL is allowed.</p>}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          action.clear();
          setChecked(true);
        }}
      >
        {apps !== undefined && app !== undefined && apps.length > 1 && (
          <SelectField
            id="tester-app"
            label="App"
            value={app.id}
            options={apps.map(({ id, name }) => [id, name] as const)}
            onValue={choose}
          />
        )}
        <TextField
          id="tester-url"
          label="URL to check"
          type="url"
          isCode
          value={url}
          hint="Such as https://shop.example.com/callback"
          onValue={(value) => set({ url: value })}
        />
        <RadioGroup
          name="after"
          legend="When the visitor comes back"
          value={after}
          options={OCCASIONS}
          onValue={(value) => set({ after: value })}
        />
        <div class="actions">
          <button class="primary">Check redirect</button>
        </div>
      </form>
      <Verdict verdict={verdict} url={url} />
      {verdict?.fix !== undefined && app !== undefined && (
        <div class="fix">
          <p>Apply the fix only if the URL is yours. Logins that end there hand over their codes.</p>
          <button type="button" aria-disabled={action.isRunning} onClick={() => void apply(verdict.fix ?? {})}>
            {action.isRunning ? 'Adding…' : `Add ${listed(verdict.fix)}`}
          </button>
        </div>
      )}
      <ActionResult action={action} />
    </section>
  );
}

function Verdict({ verdict, url }: { verdict: RedirectVerdict | undefined; url: string }) {
  const kind = verdict === undefined ? '' : verdict.allowed ? 'good' : 'bad';
  return (
    <>
      {/* The region is there before its text, so that screen readers announce the text. */}
      <p role="status" class={`verdict ${kind}`}>
        {verdict !== undefined && <Sentence message={verdict.message} />}
      </p>
      {verdict !== undefined && (
        <dl class="evidence">
          <dt>URL</dt>
          <dd>{nearestOf(verdict, url)?.url ?? <code>{url}</code>}</dd>
          {verdict.matched !== undefined && (
            <>
              <dt>Entry that allows it</dt>
              <dd>
                <code>{verdict.matched}</code>
              </dd>
            </>
          )}
          {verdict.nearest !== undefined && (
            <>
              <dt>Nearest entry</dt>
              <dd>{nearestOf(verdict, url)?.entry}</dd>
            </>
          )}
          {verdict.reason !== undefined && (
            <>
              <dt>Reason</dt>
              <dd>
                <code>{verdict.reason}</code>
              </dd>
            </>
          )}
        </dl>
      )}
    </>
  );
}

function nearestOf({ nearest }: RedirectVerdict, url: string) {
  if (nearest === undefined) return undefined;
  const marked = markDifference(url, nearest.entry, nearest.at);
  return { url: <Difference text={marked.url} />, entry: <Difference text={marked.entry} /> };
}

function Difference({ text: { before, differing, after } }: { text: Marked }) {
  return (
    <code>
      {before}
      {differing !== '' && <mark>{differing}</mark>}
      {after}
    </code>
  );
}

/** The library's message, which begins with `allowed:` or `not allowed:`, as a sentence with that part in bold. */
function Sentence({ message }: { message: string }) {
  const colon = message.indexOf(':');
  return (
    <>
      <strong>{`${message.charAt(0).toUpperCase()}${message.slice(1, colon)}`}</strong>
      {sentence(message.slice(colon))}
    </>
  );
}

/** The entries of a fix and the list that they go to. */
function listed({ uris = [], domains = [] }: NonNullable<RedirectVerdict['fix']>): string {
  return [
    uris.length > 0 ? `${uris.join(', ')} to Allowed redirect URIs` : '',
    domains.length > 0 ? `${domains.join(', ')} to Allowed redirect domains` : '',
  ]
    .filter(Boolean)
    .join(' and ');
}
