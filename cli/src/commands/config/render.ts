/** A plan as text: a readable difference. */
import type { Change, Plan } from '../../core.js';
import type { Style } from '../../output/style.js';
import { printable, wrap } from '../../output/text.js';

type Report = Pick<Plan, 'changes' | 'summary'>;

const SIGNS = { create: '+', update: '~', delete: '-' } as const;

/** Returns a block for each change, and a line that counts them. */
export function renderPlan({ changes, summary }: Report, style: Style): string {
  if (!changes.length) return `No changes: ${count(summary.unchanged)} as configured.`;
  const blocks = changes.map((change) => renderChange(change, style));
  return [...blocks, wrap(renderSummary(summary), style.width)].join('\n\n');
}

/** Returns the sentence that counts the changes of a plan. */
export const renderSummary = ({ create, update, delete: deleted, unchanged }: Plan['summary']): string =>
  `Plan: ${create} to create, ${update} to update, ${deleted} to delete, ${unchanged} unchanged.`;

/** Returns the name of an app with its client ID. */
export const titleOf = ({ name, id }: Pick<Change, 'name' | 'id'>): string => `${name}${id === null ? '' : ` (${id})`}`;

/** Returns the change in the infinitive: `update the app Shop (…)`. */
export const stepOf = (change: Change): string => `${change.action} the app ${titleOf(change)}`;

function renderChange(change: Change, style: Style): string {
  const paint = { create: style.green, update: style.yellow, delete: style.red }[change.action];
  const title = `${paint(SIGNS[change.action])} ${style.bold(printable(stepOf(change)))}`;
  return [title, ...change.fields.flatMap((field) => renderField(field, change, style))].join('\n');
}

function renderField(
  { field, before, after, added, removed }: Change['fields'][number],
  { action }: Change,
  { green, red, width }: Style,
): string[] {
  const indented = (sign: string, text: string) => wrap(`${sign} ${printable(text)}`, width, '      ');
  if (added.length || removed.length) {
    const lines = [
      ...removed.map((entry) => red(indented('-', entry))),
      ...added.map((entry) => green(indented('+', entry))),
    ];
    return [`    ${field}:`, ...lines];
  }
  if (action === 'create') return [wrap(`${field}: ${valueText(after)}`, width, '    ')];
  if (action === 'delete') return [wrap(`${field}: ${valueText(before)}`, width, '    ')];
  return [`    ${field}:`, red(indented('-', valueText(before))), green(indented('+', valueText(after)))];
}

/** Returns a value as text. Strings are quoted where they could be taken for something else. */
function valueText(value: unknown): string {
  if (value === null || value === undefined) return '(not set)';
  if (typeof value === 'string' && value !== '' && value === value.trim()) return printable(value);
  return printable(JSON.stringify(value));
}

const count = (number: number): string => (number === 1 ? '1 app is' : `${number} apps are`);
