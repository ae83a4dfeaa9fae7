/** The command `create`. */
import type { CreatedOAuthApp, OAuthAppDraft, Secret } from 'wix-oauth-apps';
import type { SiteContext } from '../../run/site.js';
import type { SiteCommand } from '../command.js';
import { checkDraft, readFields } from './draft.js';
import { renderApp } from './render.js';
import { readSecretTarget, withSecretFile, type SecretTarget } from './secret-file.js';

interface Prepared {
  draft: OAuthAppDraft;
  target: SecretTarget;
}

export type PrintedApp = OAuthAppDraft & { id?: string; secret?: Secret | string };

export const create: SiteCommand<Prepared, PrintedApp> = {
  kind: 'site',
  async prepare(input, run) {
    const target = readSecretTarget(input);
    return { draft: await checkDraft(await readFields(input, run)), target };
  },
  async run(site, { draft, target }) {
    if (site.isDryRun) {
      site.run.output.notify(`Dry run: would create the app ${draft.name}.`);
      return draft;
    }
    const app = await withSecretFile(
      target,
      site,
      () => site.journal.step(`create the app ${draft.name}`, () => site.client.createOAuthApp(draft, site.call)),
      (created) => secretOf(created, target, site),
    );
    return printed(app, target);
  },
  render: renderApp,
};

/** Returns the secret of a new app. If the service gave none with the app and a file waits for it, it is generated. */
export async function secretOf(
  app: CreatedOAuthApp,
  { file, reveal }: SecretTarget,
  site: SiteContext,
): Promise<Secret | undefined> {
  if (!app.secret && (file !== undefined || reveal)) {
    app.secret = await site.journal.step(`generate the secret of ${app.name} (${app.id})`, () =>
      site.client.generateOAuthAppSecret(app.id, site.call),
    );
  }
  if (app.secret && file === undefined && !reveal) {
    site.run.output.notify(
      'The app has a client secret, which the service does not show again; --secret-file keeps it.',
    );
  }
  return app.secret;
}

/** Returns the app as it is printed: with the text of its secret only if `--reveal` asks for it. */
export function printed(app: CreatedOAuthApp, { reveal }: SecretTarget): PrintedApp {
  return reveal && app.secret ? { ...app, secret: app.secret.reveal() } : app;
}
