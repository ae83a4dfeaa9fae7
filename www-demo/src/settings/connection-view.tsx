/** The form for the server that the page uses, and the credential. */
import { useState } from 'preact/hooks';
import { connectionFailure } from '../session';
import { tabSignal } from '../storage';
import { FailurePanel } from '../ui/failure-panel';
import { RadioGroup, TextField } from '../ui/field';
import { ViewHeading } from '../ui/view-heading';
import {
  connect,
  connection,
  credential,
  describe,
  EMULATOR_CREDENTIALS,
  faultOfUrl,
  isConsole,
  WIX_API,
  type Connection,
} from './connection';

const KINDS = [
  ['page', 'The emulator in this page'],
  ['server', 'An emulator server'],
  ['wix', 'The Wix API'],
] as const;

const DEFAULT_SERVER = 'http://127.0.0.1:8787';

const form = tabSignal('connection-form', {
  kind: connection.kind as string,
  serverUrl: connection.kind === 'server' ? connection.url : DEFAULT_SERVER,
  serverSiteId: connection.kind === 'server' ? connection.siteId : EMULATOR_CREDENTIALS.siteId,
  wixUrl: connection.kind === 'wix' ? connection.url : WIX_API,
  wixSiteId: connection.kind === 'wix' ? connection.siteId : '',
});

export function ConnectionView() {
  return (
    <>
      <ViewHeading title="Connection" />
      <p>
        This page talks to: <strong>{describe(connection)}</strong>.
      </p>
      <FailurePanel failure={connectionFailure.value} />
      {connection.kind !== 'page' && <CredentialForm />}
      <ChooseConnection />
      <section class="panel" aria-labelledby="kept-title">
        <h2 id="kept-title">What this page keeps</h2>
        <ul class="bullets">
          <li>
            In this browser: the emulator’s state, in which secrets, tokens and passwords are SHA-256 only, and the
            address and site ID of the connection.
          </li>
          <li>In this tab: what you type in forms, and the last requests without their credentials.</li>
          <li>Nowhere: client secrets, API keys and access tokens. They are in memory and go with a reload.</li>
        </ul>
        <p>The page sends requests to its own origin and to the server that you choose, and to nobody else.</p>
      </section>
    </>
  );
}

/** The form for the API key or access token of the connection. Its text is never stored. */
export function CredentialForm() {
  const [text, setText] = useState('');
  const isWix = connection.kind === 'wix';
  const label = isWix ? 'Access token' : 'API key';
  const isUsed = credential.value !== undefined;
  return (
    <form
      class="panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        credential.value = text.trim();
        setText('');
      }}
    >
      <h2>{label}</h2>
      <p>
        {isUsed
          ? `The page uses ${isWix ? 'the access token that you entered' : usedKey()}.`
          : `Enter ${isWix ? 'an access token that may manage OAuth apps' : 'the API key of the server'}.`}{' '}
        It is kept in memory only: a reload or a closed tab forgets it.
      </p>
      <TextField
        id="credential"
        label={label}
        type="password"
        isCode
        value={text}
        autocomplete="off"
        {...(isWix && {
          hint: 'Such as one of client credentials, or of npx @wix/cli token --site. Wix accepts no API key from a browser.',
        })}
        onValue={setText}
      />
      <button class="primary" aria-disabled={text.trim() === ''}>
        Use it
      </button>
    </form>
  );
}

const usedKey = () =>
  credential.value === EMULATOR_CREDENTIALS.apiKey
    ? 'the API key that every emulator accepts unless it was started with another'
    : 'the API key that you entered';

function ChooseConnection() {
  const { kind, serverUrl, serverSiteId, wixUrl, wixSiteId } = form.value;
  const set = (change: Partial<typeof form.value>) => (form.value = { ...form.value, ...change });
  const [isSubmitted, setSubmitted] = useState(false);
  const url = kind === 'wix' ? wixUrl : serverUrl;
  const siteId = (kind === 'wix' ? wixSiteId : serverSiteId).trim();
  const urlFault = kind === 'page' || isConsole ? undefined : faultOfUrl(url);
  const problem = isSubmitted && urlFault !== undefined && (
    <ul class="violations" id="connection-url-problems" aria-live="polite">
      <li class="error">
        <strong>Error:</strong> {urlFault}
      </li>
    </ul>
  );

  function submit(event: Event): void {
    event.preventDefault();
    setSubmitted(true);
    if (urlFault !== undefined) {
      document.getElementById('connection-url')?.focus();
      return;
    }
    // A slash at the end would be doubled before the paths of the API.
    const address = url.replace(/\/+$/, '');
    const next: Connection =
      kind === 'server'
        ? { kind, url: address, siteId }
        : kind === 'wix'
          ? { kind, url: address, siteId }
          : { kind: 'page' };
    connect(next);
  }

  if (isConsole) {
    return (
      <form class="panel" noValidate onSubmit={submit}>
        <h2>Site</h2>
        <p>The server has its own page here, which talks to this server alone.</p>
        <TextField
          id="connection-site"
          label="Site ID"
          isCode
          value={serverSiteId}
          onValue={(value) => set({ serverSiteId: value })}
        />
        <button class="primary">Use this site</button>
      </form>
    );
  }
  return (
    <form class="panel" noValidate onSubmit={submit}>
      <h2>Talk to another one</h2>
      <RadioGroup
        name="kind"
        legend="The page talks to"
        value={kind}
        options={KINDS}
        onValue={(value) => set({ kind: value })}
      />
      {kind !== 'page' && (
        <>
          <TextField
            key={kind}
            id="connection-url"
            label="Address"
            type="url"
            isCode
            value={url}
            isInvalid={problem !== false}
            {...(problem !== false && { problems: problem })}
            hint={
              kind === 'server'
                ? 'As `npx wix-oauth-apps-cli emulate` prints it. A server admits pages of this machine; for a page elsewhere, start it with --allow-origin.'
                : 'The address of the API.'
            }
            onValue={(value) => set(kind === 'wix' ? { wixUrl: value } : { serverUrl: value })}
          />
          <TextField
            id="connection-site"
            label={kind === 'wix' ? 'Site ID (optional)' : 'Site ID'}
            isCode
            value={kind === 'wix' ? wixSiteId : serverSiteId}
            {...(kind === 'wix' && { hint: 'Only for an access token that is not bound to a site.' })}
            onValue={(value) => set(kind === 'wix' ? { wixSiteId: value } : { serverSiteId: value })}
          />
        </>
      )}
      <p>The page starts anew with the new connection. What you typed elsewhere stays.</p>
      <button class="primary">Connect</button>
    </form>
  );
}
