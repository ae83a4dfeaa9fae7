/** The command `ensure`. */
import type { WantedOAuthApp } from 'wix-oauth-apps';
import { UsageError } from '../../errors.js';
import type { SiteCommand } from '../command.js';
import { printed, secretOf, type PrintedApp } from './create.js';
import { checkDraft, readFields } from './draft.js';
import { EnvFile } from './env-file.js';
import { renderApp } from './render.js';
import { readSecretTarget, withSecretFile, type SecretTarget } from './secret-file.js';

interface Prepared {
  wanted: WantedOAuthApp;
  target: SecretTarget;
  envFile: EnvFile | undefined;
}

interface Result {
  oAuthApp: PrintedApp;
  created: boolean;
  changed: string[];
}

export const ensure: SiteCommand<Prepared, Result> = {
  kind: 'site',
  async prepare(input, run) {
    const target = readSecretTarget(input);
    const { envFileOut, envName } = input.options as { envFileOut?: string; envName?: string };
    if (envName !== undefined && envFileOut === undefined) {
      throw new UsageError('--env-name: has no effect without a file; give --env-file-out too, or leave it out');
    }
    const envFile = envFileOut === undefined ? undefined : new EnvFile(envFileOut, envName ?? 'WIX_CLIENT_ID');
    const fields = await readFields(input, run);
    await checkDraft(fields);
    return { wanted: fields as unknown as WantedOAuthApp, target, envFile };
  },
  async run(site, { wanted, target, envFile }) {
    const isDryRun = site.isDryRun;
    const call = { ...site.call, dryRun: isDryRun };
    const perform = () => site.client.ensureOAuthApp(wanted, call);
    const { output } = site.run;
    const { oAuthApp, created, changed } = await withSecretFile(
      target,
      site,
      () => (isDryRun ? perform() : site.journal.step(`ensure the app ${wanted.name}`, perform)),
      (result) => {
        if (result.created && !isDryRun) return secretOf(result.oAuthApp, target, site);
        if (target.file !== undefined && !isDryRun) {
          output.notify('The app exists, so it has no new secret and no secret file was written; see `secret`.');
        }
        return undefined;
      },
    );
    if (isDryRun) output.notify(`Dry run: would ${describe(created, changed)} the app ${wanted.name}.`);
    else if (envFile?.write(oAuthApp.id)) output.notify(`${envFile.name} in ${envFile.path} is ${oAuthApp.id}.`);
    return { oAuthApp: printed(oAuthApp, target), created, changed };
  },
  render: ({ oAuthApp, created, changed }, style) => {
    const title = created ? 'Created' : changed.length ? `Changed ${changed.join(', ')}` : 'Nothing to change';
    return `${style.bold(title)}\n${renderApp(oAuthApp, style)}`;
  },
};

function describe(created: boolean, changed: readonly string[]): string {
  if (created) return 'create';
  return changed.length ? `change ${changed.join(', ')} of` : 'change nothing of';
}
