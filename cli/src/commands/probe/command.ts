/** The command `probe`. `cli/core` knows the questions, the values of their answers, and what the emulator assumes. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Core, Question } from '../../core.js';
import { CommandError, ConfigError } from '../../errors.js';
import type { Style } from '../../output/style.js';
import { table, type Column } from '../../output/text.js';
import { redact } from '../../run/redact.js';
import type { SiteContext } from '../../run/site.js';
import type { SiteCommand } from '../command.js';
import { ProbeApi } from './api.js';
import type { Answers, Inquiry } from './inquiry.js';
import { askAboutLimits, askAboutRuleNames } from './limits.js';
import { askAboutPages, askAboutUnknownClient } from './pages.js';
import { measureRateLimit } from './rate-limit.js';
import {
  askAboutAccountHeader,
  askAboutCopies,
  askAboutCreate,
  askAboutMask,
  askAboutRedirectUris,
} from './stored-fields.js';
import { ThrowawayApp } from './throwaway-app.js';

interface Prepared {
  out: string | undefined;
  questions: Question[];
}

type Result = Pick<ReturnType<Core['compareAnswers']>, 'answers' | 'differences'>;

/** The questions, in the order in which they are asked. The app must be found before it can be changed. */
const INQUIRIES: readonly ((inquiry: Inquiry) => Promise<void>)[] = [
  askAboutCreate,
  askAboutAccountHeader,
  askAboutMask,
  askAboutCopies,
  askAboutRedirectUris,
  askAboutLimits,
  askAboutRuleNames,
  askAboutUnknownClient,
  askAboutPages,
];

export const probe: SiteCommand<Prepared, Result> = {
  kind: 'site',
  async prepare({ options }, run) {
    const out = options['out'] as string | undefined;
    if (out !== undefined) checkWritable(out);
    run.requireConfirmable();
    return { out, questions: (await run.core()).probeQuestions({}) };
  },
  async run(site, { out, questions }) {
    const { output } = site.run;
    const core = await site.run.core();
    if (site.isDryRun) {
      output.notify('Dry run: would create an app, ask the following questions with it, and delete it:');
      for (const { name, topic } of questions) output.notify(`  ${name}: ${topic}`);
      return core.compareAnswers({ answers: {} });
    }
    await site.run.confirm('Create an app on this site, ask the questions with it, and delete it again?', [
      'The other apps are not changed. At the end, at most 250 queries in a row measure the rate limit; other programs ' +
        'with the same credential may be refused for a minute.',
    ]);
    const answers = await ask(site, questions);
    const result = core.compareAnswers({ answers });
    if (out !== undefined) writeProfile(out, core.writeProfile({ answers }));
    return { answers: result.answers, differences: result.differences };
  },
  render: renderResult,
};

/** Asks every question. The app is deleted whatever happens. */
async function ask(site: SiteContext, questions: readonly Question[]): Promise<Answers> {
  const { run } = site;
  const api = new ProbeApi(run, await run.clientOptions());
  const app = new ThrowawayApp(api, site);
  const answers: Answers = Object.fromEntries(questions.map(({ name }) => [name, null]));
  const note = (text: string) => run.output.warn(text);
  let failure: unknown;
  try {
    await app.create();
    run.output.notify(`Created the app ${app.title}, which is deleted at the end.`);
    for (const inquire of INQUIRIES) {
      run.signal.throwIfAborted();
      await inquire({ api, app, answers, note });
    }
  } catch (error) {
    failure = error;
  }
  const left = await app.remove();
  if (left && failure instanceof CommandError) left.message += `. Before that: ${failure.message}`;
  const thrown = left ?? failure;
  if (thrown instanceof CommandError) thrown.message = redact(thrown.message, run.variables);
  if (thrown) throw thrown;
  answers['rateLimit'] = await measureRateLimit(api);
  return answers;
}

/** Throws a `ConfigError` if no file can be written at the path, before anything is sent. */
function checkWritable(path: string): void {
  if (existsSync(path) && !statSync(path).isFile()) {
    throw new ConfigError(`--out: ${path} is no regular file; give the path of one`);
  }
  const folder = dirname(resolve(path));
  if (!existsSync(folder))
    throw new ConfigError(`--out: there is no folder ${folder}; create it, or give another path`);
}

function writeProfile(path: string, profile: unknown): void {
  try {
    writeFileSync(path, `${JSON.stringify(profile, null, 2)}\n`);
  } catch (error) {
    throw new CommandError('OUTPUT', `--out: ${path} cannot be written: ${(error as Error).message}`);
  }
}

interface Row {
  name: string;
  answer: unknown;
  emulator: unknown;
  isDifferent: boolean;
}

function renderResult({ answers, differences }: Result, style: Style, { questions }: Prepared): string {
  const different = new Set(differences.map(({ name }) => name));
  const rows = questions.flatMap(({ name, emulator }) => rowsOf(name, answers[name] ?? null, emulator, different));
  const columns: Column<Row>[] = [
    { title: 'QUESTION', text: ({ name }) => name },
    { title: 'ANSWER', text: ({ answer }) => textOf(answer) },
    { title: 'EMULATOR', text: ({ emulator }) => textOf(emulator) },
    { title: '', text: ({ isDifferent }) => (isDifferent ? 'differs' : '') },
  ];
  const unknown = rows.filter(({ answer }) => answer === null).map(({ name }) => name);
  const count = differences.length;
  return [
    table(rows, columns, style),
    '',
    count === 0
      ? 'The emulator assumes nothing else.'
      : `The emulator assumes something else in ${count} of ${rows.length}.`,
    ...(unknown.length ? [`Not found out: ${unknown.join(', ')}.`] : []),
  ].join('\n');
}

/** Returns the row of a question, or one for each member of an answer with members. */
function rowsOf(name: string, answer: unknown, emulator: unknown, different: ReadonlySet<string>): Row[] {
  if (name !== 'ruleNames') return [{ name, answer, emulator, isDifferent: different.has(name) }];
  const [given, assumed] = [(answer ?? {}) as Answers, emulator as Answers];
  return Object.keys(assumed).flatMap((rule) =>
    [`${name}.${rule}`].map((full) => ({
      name: full,
      answer: given[rule] ?? null,
      emulator: assumed[rule],
      isDifferent: different.has(full),
    })),
  );
}

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'not found out';
  return typeof value === 'string' ? value : JSON.stringify(value);
};
