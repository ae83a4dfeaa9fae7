/** The difference between two states of an app, as text. */
import { printable } from '../../output/text.js';
import type { Style } from '../../output/style.js';

type Fields = Record<string, unknown>;

/** Returns a line for each field that differs, and for each entry of a list that was added or removed. */
export function renderChanges(before: object, after: object, style: Style): string {
  const [old, now] = [before as Fields, after as Fields];
  const lines = Object.keys(now).flatMap((name) => differences(name, old[name], now[name], style));
  return lines.join('\n') || '  nothing changes';
}

function differences(name: string, before: unknown, after: unknown, { red, green }: Style): string[] {
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return [];
  const [old, now] = [listOf(before), listOf(after)];
  if (old && now && (Array.isArray(before) || Array.isArray(after))) {
    const removed = old.filter((entry) => !now.includes(entry)).map((entry) => red(`    - ${printable(entry)}`));
    const added = now.filter((entry) => !old.includes(entry)).map((entry) => green(`    + ${printable(entry)}`));
    return [`  ${name}:`, ...removed, ...added];
  }
  return [`  ${name}: ${red(textOf(before))} -> ${green(textOf(after))}`];
}

/** Returns a list of texts; an absent one is empty beside a list. */
function listOf(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return [];
  return Array.isArray(value)
    ? value.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry)))
    : undefined;
}

const textOf = (value: unknown): string =>
  value === undefined || value === null || value === ''
    ? '(none)'
    : printable(typeof value === 'string' ? value : JSON.stringify(value));
