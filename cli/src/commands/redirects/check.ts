/** The command `check`. */
import type { RedirectVerdict } from 'wix-oauth-apps';
import { EXIT } from '../../errors.js';
import type { Style } from '../../output/style.js';
import { printable, textWidth, wrap } from '../../output/text.js';
import { checkReference } from '../../run/site.js';
import type { SiteCommand } from '../command.js';
import { changeEntries, renderChange } from './change.js';

interface Prepared {
  reference: string;
  url: string;
  after: 'authentication' | 'other';
  fix: boolean;
  isDryRun: boolean;
}

export const check: SiteCommand<Prepared, RedirectVerdict> = {
  kind: 'site',
  async prepare(input, run) {
    return {
      reference: await checkReference(input.arguments['app'] as string, run),
      url: input.arguments['url'] as string,
      after: (input.options['after'] as Prepared['after'] | undefined) ?? 'authentication',
      fix: input.options['fix'] === true,
      isDryRun: run.isDryRun,
    };
  },
  async run(site, { reference, url, after, fix }) {
    const { checkRedirect } = await import('wix-oauth-apps');
    const app = await site.findApp(reference);
    const verdict = checkRedirect(app, url, after);
    if (verdict.allowed || !fix) return verdict;
    const { output } = site.run;
    if (!verdict.fix) {
      output.notify('--fix: there is no entry that allows this URL; the message says what to do instead.');
      return verdict;
    }
    if (site.isDryRun) {
      output.notify(`Dry run: would allow ${Object.values(verdict.fix).flat().join(', ')}.`);
      return verdict;
    }
    const change = await changeEntries(site, app.id, { add: verdict.fix as { uris?: string[]; domains?: string[] } });
    output.notify(renderChange(change, output.errorStyle));
    return checkRedirect(change.oAuthApp, url, after);
  },
  render: renderVerdict,
  exitCode: ({ allowed }, { fix, isDryRun }) => (allowed || (fix && isDryRun) ? EXIT.done : EXIT.no),
};

const INDENT = '  ';

function renderVerdict(verdict: RedirectVerdict, style: Style, { url, after, reference }: Prepared): string {
  const { allowed, matched, reason, message, nearest, fix } = verdict;
  const process = after === 'authentication' ? 'after authentication' : 'after other processes';
  const paragraph = (text: string) => wrap(printable(text), style.width, INDENT);
  if (allowed) {
    return [style.green(`allowed ${process}`), ...(matched ? [paragraph(`by the entry ${matched}`)] : [])].join('\n');
  }
  const entries = Object.values(fix ?? {}).flat();
  return [
    style.red(wrap(`not allowed ${process}${reason ? `: ${reason}` : ''}`, style.width)),
    ...(nearest ? compare(url, nearest.entry, nearest.at, style) : [`${INDENT}${printable(url)}`]),
    paragraph(message),
    ...(entries.length ? [paragraph(`To allow it: wix-oauth-apps allow ${quote([reference, ...entries])}`)] : []),
  ].join('\n');
}

/**
 * Returns the nearest entry and the URL, one below the other, with a caret under the first difference. On a narrow
 * terminal, both begin shortly before the difference.
 */
function compare(url: string, entry: string, at: number, { red, dim, width = Infinity }: Style): string[] {
  const room = width - INDENT.length;
  const isLong = Math.max(textWidth(printable(url)), textWidth(printable(entry))) > room;
  const start = isLong ? Math.max(0, at - Math.floor(room / 2)) : 0;
  const part = (text: string) => {
    const shown = printable(start > 0 ? `…${text.slice(start + 1)}` : text);
    return isLong && shown.length > room ? `${shown.slice(0, room - 1)}…` : shown;
  };
  const before = textWidth(printable(url.slice(start, at)));
  return [
    `${INDENT}${dim(part(entry))}`,
    `${INDENT}${part(url)}`,
    `${INDENT}${' '.repeat(Math.max(0, before))}${red('^')}`,
  ];
}

/** Quotes arguments for a shell if they need it. */
const quote = (words: readonly string[]): string =>
  words.map((word) => (/^[\w:/.@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
