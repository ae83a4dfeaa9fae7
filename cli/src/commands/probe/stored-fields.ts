/** The questions about what an update stores. */
import { randomUUID } from 'node:crypto';
import { APPS, pause, refused } from './api.js';
import { host, url, type Inquiry } from './inquiry.js';
import { roundest } from './measure.js';

/** For how long a new app may not be found, in milliseconds. */
const MAX_STALE = 600_000;
const MIN_POLL = 25;

/** Asks whether the create returned a secret, and for how long the new app is not found by its ID. */
export async function askAboutCreate({ api, app, answers }: Inquiry): Promise<void> {
  const { secret } = app.created;
  answers['secretOnCreate'] = typeof secret === 'string' && secret !== '';
  let lower = 0;
  for (let isFirst = true; ; isFirst = false) {
    const reply = await api.send({ method: 'GET', target: `${APPS}/${app.id}` });
    const { creation } = app;
    if (reply.status === 200) {
      answers['staleFor'] = isFirst ? 0 : roundest(lower, reply.received - creation.sent);
      return;
    }
    const elapsed = reply.received - creation.received;
    if (reply.status !== 404 || elapsed > MAX_STALE) throw refused('the get of the new app', reply);
    lower = reply.sent - creation.received;
    // Each wait is a small part of the time so far, so that the precision stays the same.
    await pause(Math.max(MIN_POLL, elapsed * 0.04), api.signal);
  }
}

/** Asks what the service does with the header of an account beside that of a site. */
export async function askAboutAccountHeader({ api, app, answers, note }: Inquiry): Promise<void> {
  const accountId = api.accountId ?? randomUUID();
  const headers = { 'wix-account-id': accountId };
  const reply = await api.send({ method: 'GET', target: `${APPS}/${app.id}`, headers });
  const isRefused = [400, 401, 403].includes(reply.status);
  answers['accountHeader'] = reply.status === 200 ? 'ignore' : isRefused ? 'refuse' : null;
  if (isRefused && api.accountId === undefined) {
    note('accountHeader: the account ID was a random one; with --site and WIX_ACCOUNT_ID the answer is certain');
  }
}

/** Asks about the mask `{path}`. */
export async function askAboutMask({ app, answers }: Inquiry): Promise<void> {
  const name = `${app.name} renamed`;
  const { isAccepted } = await app.update({ name }, { path: 'name' });
  answers['maskPath'] = isAccepted && (await app.get())['name'] === name ? 'apply' : 'ignore';
}

/** Asks whether one domain list is copied into the other. */
export async function askAboutCopies({ app, answers, note }: Inquiry): Promise<void> {
  const entries = [host('copied')];
  const isFilled = (list: unknown) => Array.isArray(list) && list.length > 0;
  const legacy = await app.update({ allowedDomains: entries });
  const copiesTo = isFilled(legacy.app['allowedRedirectDomains']);
  await app.update({ allowedDomains: [], allowedRedirectDomains: [] });
  const current = await app.update({ allowedRedirectDomains: entries });
  const copiesFrom = isFilled(current.app['allowedDomains']);
  await app.update({ allowedDomains: [], allowedRedirectDomains: [] });
  answers['copyAllowedDomains'] = copiesTo
    ? 'toAllowedRedirectDomains'
    : copiesFrom
      ? 'fromAllowedRedirectDomains'
      : 'never';
  if (copiesTo && copiesFrom) note('copyAllowedDomains: each list is copied into the other; the emulator copies one');
  if (!legacy.isAccepted || !current.isAccepted) {
    answers['copyAllowedDomains'] = null;
    note('copyAllowedDomains: an update of a domain list was refused');
  }
}

/** Asks how redirect URIs are stored. */
export async function askAboutRedirectUris({ app, answers, note }: Inquiry): Promise<void> {
  const store = async (uris: string[]) => {
    const { isAccepted, app: stored } = await app.update({ allowedRedirectUris: uris });
    const list = stored['allowedRedirectUris'];
    return { isAccepted, list: Array.isArray(list) ? (list as unknown[]) : [] };
  };
  answers['customSchemes'] = (await store(['com.example.probe://callback'])).isAccepted;
  const unusual = url('Stored').replace('/cb', ':443/cb');
  const normalized = await store([unusual]);
  answers['normalizeRedirects'] = normalized.isAccepted ? normalized.list[0] !== unusual : null;
  if (!normalized.isAccepted) note(`normalizeRedirects: ${unusual} was refused`);
  const twice = await store([url('twice'), url('twice')]);
  answers['duplicateRedirects'] = !twice.isAccepted ? 'refuse' : twice.list.length === 1 ? 'drop' : 'keep';
}
