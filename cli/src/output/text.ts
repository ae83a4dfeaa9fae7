/** Layout of text for people: tables, lists of fields, wrapped paragraphs. */
import type { Style } from './style.js';

/** A column of a table. */
export interface Column<Row> {
  title: string;
  text: (row: Row) => string;
  /** Set for the column that becomes narrower first. */
  isFlexible?: boolean;
}

const GAP = '  ';
/** A flexible column is not made narrower than this. */
const MIN_FLEXIBLE = 12;

/** Returns the columns that a text takes: some characters take two, combining ones none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text.normalize('NFC')) {
    if (/\p{Mn}|\p{Me}|\p{Cf}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - textWidth(text)));

/** Shortens a text to a width, with an ellipsis. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let short = '';
  for (const character of text) {
    if (textWidth(short + character) > width - 1) break;
    short += character;
  }
  return `${short}…`;
}

/** Replaces control characters, which a terminal would obey, by their escapes. */
export const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/**
 * Returns a table. If the terminal is too narrow, the flexible columns become narrower; if that is not enough, each row
 * becomes a block of lines.
 */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], style: Style): string {
  const cells = rows.map((row) => columns.map(({ text }) => printable(text(row))));
  const widths = columns.map(({ title }, at) =>
    Math.max(textWidth(title), ...cells.map((row) => textWidth(row[at] ?? ''))),
  );
  const total = () => widths.reduce((sum, width) => sum + width, GAP.length * (columns.length - 1));
  const limit = style.width ?? Infinity;
  for (const [at, { isFlexible, title }] of columns.entries()) {
    const excess = total() - limit;
    if (isFlexible && excess > 0) {
      widths[at] = Math.max(Math.min(Number(widths[at]), MIN_FLEXIBLE), textWidth(title), Number(widths[at]) - excess);
    }
  }
  if (total() > limit) return cells.map((row) => block(row, columns, style)).join('\n\n');
  const line = (texts: readonly string[]) =>
    texts
      .map((text, at) => pad(shorten(text, Number(widths[at])), Number(widths[at])))
      .join(GAP)
      .trimEnd();
  return [style.bold(line(columns.map(({ title }) => title))), ...cells.map(line)].join('\n');
}

/** Returns a row as lines: the first cell, and the others with their titles; a title and a long cell have two lines. */
function block<Row>(row: readonly string[], columns: readonly Column<Row>[], { bold, dim, width = 0 }: Style): string {
  const lines = columns.map(({ title }, at) => {
    const cell = row[at] ?? '';
    if (at === 0) return bold(cell);
    const isLong = GAP.length + title.length + 2 + textWidth(cell) > width;
    return `${GAP}${dim(`${title}:`)}${isLong ? `\n${GAP}` : ' '}${cell}`;
  });
  return lines.join('\n');
}

/** Returns lines `name: value`, aligned if the terminal is wide enough. A list has a line for each element. */
export function fields(entries: readonly (readonly [string, string | readonly string[]])[], style: Style): string {
  const widest = Math.max(0, ...entries.map(([name]) => textWidth(name)));
  const longest = Math.max(0, ...entries.flatMap(([, value]) => value).map((text) => textWidth(text)));
  const isNarrow = widest + GAP.length + longest > (style.width ?? Infinity);
  return entries
    .map(([name, value]) => {
      const lines = (typeof value === 'string' ? [value] : value).map(printable);
      if (isNarrow) return [style.dim(name), ...lines.map((line) => `${GAP}${line}`)].join('\n');
      const [first = '', ...rest] = lines;
      const indent = ' '.repeat(widest + GAP.length);
      return [`${style.dim(pad(name, widest))}${GAP}${first}`, ...rest.map((line) => indent + line)].join('\n');
    })
    .join('\n');
}

/** Wraps a paragraph at spaces, with an indent. A word that is longer than a line stays whole. */
export function wrap(text: string, width: number | undefined, indent = ''): string {
  const limit = Math.max(20, (width ?? Infinity) - indent.length);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > limit) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((part) => indent + part).join('\n');
}
