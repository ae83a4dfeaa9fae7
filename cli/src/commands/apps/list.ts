/** The command `list`. */
import type { OAuthApp } from 'wix-oauth-apps';
import { table, type Column } from '../../output/text.js';
import type { SiteCommand } from '../command.js';

const COLUMNS: readonly Column<OAuthApp>[] = [
  { title: 'NAME', text: ({ name }) => name, isFlexible: true },
  { title: 'CLIENT ID', text: ({ id }) => id },
  { title: 'CREATED', text: ({ createdDate }) => createdDate.slice(0, 10) },
  { title: 'URIS', text: ({ allowedRedirectUris }) => String(allowedRedirectUris.length) },
  { title: 'DOMAINS', text: ({ allowedRedirectDomains }) => String(allowedRedirectDomains.length) },
];

export const list: SiteCommand<string | undefined, OAuthApp[]> = {
  kind: 'site',
  prepare: ({ options }) => options['name'] as string | undefined,
  async run(site, text) {
    const apps = await site.listApps();
    if (text === undefined) return apps;
    const wanted = text.normalize('NFC').toLowerCase();
    return apps.filter(({ name }) => name.normalize('NFC').toLowerCase().includes(wanted));
  },
  render: (apps, style, text) => {
    if (apps.length) return table(apps, COLUMNS, style);
    return text === undefined ? 'The site has no apps.' : `No app of the site has ${JSON.stringify(text)} in its name.`;
  },
};
