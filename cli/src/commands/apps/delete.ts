/** The command `delete`. */
import type { OAuthApp } from 'wix-oauth-apps';
import { checkReference } from '../../run/site.js';
import type { SiteCommand } from '../command.js';

export const deleteApp: SiteCommand<string, { deleted: string }> = {
  kind: 'site',
  prepare(input, run) {
    run.requireConfirmable();
    return checkReference(input.arguments['app'] as string, run);
  },
  async run(site, reference) {
    const app = await site.findApp(reference);
    const title = `${app.name} (${app.id})`;
    if (site.isDryRun) {
      for (const line of [`Dry run: would delete the app ${title}.`, ...consequences(app)])
        site.run.output.notify(line);
      return { deleted: app.id };
    }
    await site.run.confirm(`Delete the app ${title}?`, consequences(app));
    await site.journal.step(`delete the app ${title}`, () => site.client.deleteOAuthApp(app.id, site.call));
    return { deleted: app.id };
  },
  render: ({ deleted }) => `Deleted ${deleted}.`,
};

/** Returns what stops working without the app. */
export function consequences({ name, id, allowedRedirectUris, allowedRedirectDomains }: OAuthApp): string[] {
  const hosts = [...allowedRedirectUris, ...allowedRedirectDomains];
  const lines = [`Nobody can log in with the client ID ${id} of ${name} any more, and its secret stops working.`];
  if (hosts.length) lines.push(`These stop working: ${hosts.join(', ')}.`);
  return lines;
}
