/** The questions about limits and about the rule names of refusals. */
import { APPS, type ProbeApi } from './api.js';
import { url, type Inquiry } from './inquiry.js';
import { findLimit, type Reaction } from './measure.js';
import { violationsOf, type FieldViolation, type Update } from './throwaway-app.js';

const LARGEST_PAGE = 2_147_483_647;
/** The longest list and text that are sent. */
const LARGEST_LIST = 10_000;
const LONGEST_TEXT = 100_000;

/** Asks for the largest page and for the largest number of entries and characters. */
export async function askAboutLimits({ api, app, answers, note }: Inquiry): Promise<void> {
  const questions: [string, number, (number: number) => Promise<Reaction>][] = [
    ['maxPageLimit', LARGEST_PAGE, (limit) => queryPage(api, limit)],
    ['maxAllowedDomains', LARGEST_LIST, async (count) => reactionTo(await updateDomains(app, count), 'allowedDomains')],
    [
      'maxOriginLength',
      LONGEST_TEXT,
      async (length) => reactionTo(await app.update({ origin: 'o'.repeat(length) }), 'origin'),
    ],
  ];
  for (const [name, largest, ask] of questions) {
    const found = await findLimit(ask, largest);
    answers[name] = found?.limit ?? null;
    if (!found) note(`${name}: the service refuses even 1`);
    else if (!found.isExact) note(`${name}: ${largest} is accepted, and no larger number was tried`);
  }
  await app.update({ allowedDomains: [], allowedRedirectDomains: [], origin: '' });
}

/** Sets `allowedDomains`. The other list is set too, so that it is not a copy, which has a limit of its own. */
const updateDomains = (app: Inquiry['app'], count: number): Promise<Update> =>
  app.update({
    allowedDomains: Array.from({ length: count }, (_, at) => `${at}.example.com`),
    allowedRedirectDomains: [],
  });

async function queryPage(api: ProbeApi, limit: number): Promise<Reaction & { violations: FieldViolation[] }> {
  const reply = await api.send({ method: 'POST', target: `${APPS}/query`, body: { query: { paging: { limit } } } });
  const violations = violationsOf(reply);
  return { ...reactionTo({ isAccepted: reply.status === 200, app: {}, violations }, 'limit'), violations };
}

function reactionTo({ isAccepted, violations }: Update, field: string): Reaction {
  const threshold = violations.find((violation) => violation.field?.endsWith(field))?.data?.threshold;
  return { isAccepted, threshold: typeof threshold === 'number' ? threshold : undefined };
}

/** Asks which rule each kind of fault violates. */
export async function askAboutRuleNames({ api, app, answers, note }: Inquiry): Promise<void> {
  const uris = Array.from({ length: 21 }, (_, at) => url(`n${at}`));
  const faults: Record<string, () => Promise<{ isAccepted: boolean; violations: FieldViolation[] }>> = {
    nameMissing: () => app.update({ name: '' }),
    nameTooShort: () => app.update({ name: 'x' }),
    nameTooLong: () => app.update({ name: 'x'.repeat(300) }),
    tooManyUris: () => app.update({ allowedRedirectUris: uris }),
    malformedUri: () => app.update({ allowedRedirectUris: ['not a URI'] }),
    pageTooLarge: () => queryPage(api, LARGEST_PAGE),
    unknownEnumValue: () => app.update({ applicationType: 'NO_SUCH_TYPE' }),
    readOnlyInMask: () => app.update({}, { paths: ['createdDate'] }),
  };
  const rules: Record<string, string | null> = {};
  for (const [name, ask] of Object.entries(faults)) {
    const { isAccepted, violations } = await ask();
    rules[name] = ruleOf(violations[0]) ?? null;
    if (isAccepted) note(`ruleNames.${name}: the service accepts it`);
    else if (rules[name] === null) note(`ruleNames.${name}: the refusal names no rule`);
  }
  answers['ruleNames'] = rules;
}

/** Returns the rule of a violation. A rule that the API has no value for has a name of its own. */
const ruleOf = (violation: FieldViolation | undefined): string | undefined =>
  violation?.violatedRule === 'OTHER' ? (violation.ruleName ?? 'OTHER') : violation?.violatedRule;
