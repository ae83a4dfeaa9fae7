/** The command `secret`. */
import { UsageError } from '../../errors.js';
import { fields } from '../../output/text.js';
import { checkReference } from '../../run/site.js';
import type { SiteCommand } from '../command.js';
import { readSecretTarget, withSecretFile, type SecretTarget } from './secret-file.js';

interface Prepared {
  reference: string;
  target: SecretTarget;
}

interface Result {
  id: string;
  /** Null in a dry run. */
  secret: string | null;
}

export const secret: SiteCommand<Prepared, Result> = {
  kind: 'site',
  async prepare(input, run) {
    const target = readSecretTarget(input);
    if (target.file === undefined && !target.reveal) {
      throw new UsageError(
        'secret: the service shows the secret only once; give --secret-file FILE to keep it, or --reveal to print it',
      );
    }
    return { reference: await checkReference(input.arguments['app'] as string, run), target };
  },
  async run(site, { reference, target }) {
    const { id, name } = await site.findApp(reference);
    if (site.isDryRun) {
      site.run.output.notify(`Dry run: would generate the secret of the app ${name} (${id}).`);
      return { id, secret: null };
    }
    const generated = await withSecretFile(
      target,
      site,
      () =>
        site.journal.step(`generate the secret of ${name} (${id})`, () =>
          site.client.generateOAuthAppSecret(id, site.call),
        ),
      (result) => result,
    );
    return { id, secret: target.reveal ? generated.reveal() : String(generated) };
  },
  render: ({ id, secret: text }, style) =>
    fields([['client ID', id], ...(text === null ? [] : [['secret', text] as const])], style),
};
