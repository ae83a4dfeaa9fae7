/** YAML and JSON files, with the place of each fault. */
import { readFileSync } from 'node:fs';
import { LineCounter, isMap, isNode, isPair, parseDocument, type Document } from 'yaml';
import type { CoreViolation } from '../core.js';
import { CommandError, ConfigError, EXIT } from '../errors.js';

/** A file that was read. */
export interface ParsedFile {
  /** The name under which faults are reported. */
  name: string;
  /** The content, as plain values. */
  value: unknown;
  /** Returns `file:line:column: ` of a fault. */
  place: (violation: Pick<CoreViolation, 'path' | 'rule'>) => string;
  /** Returns the sentence about a fault, unless it is its text. */
  describe?: (violation: CoreViolation) => string;
}

/** Rules about a key rather than its value. */
const KEY_RULES: readonly string[] = ['UNKNOWN_FIELD', 'READ_ONLY'];

/**
 * Reads a YAML or JSON file, which is YAML too. Throws a `ConfigError` with every fault of the syntax.
 *
 * @param path The path of the file; `-` for standard input.
 */
export function readDocument(path: string): ParsedFile {
  const name = path === '-' ? 'standard input' : path;
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${name} cannot be read: ${(error as Error).message}; check the path`);
  }
  return parseText(text, name);
}

/** Reads a text as the content of a file of that name. */
export function parseText(text: string, name: string): ParsedFile {
  const lines = new LineCounter();
  // Merge keys and tags that make anything but plain values are not read.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'core', uniqueKeys: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}: `;
  };
  if (document.errors.length) {
    const faults = document.errors.map(({ pos: [start], message }) => `${at(start)}${message}`);
    throw new ConfigError(faults.join('\n'), {
      violations: document.errors.map(({ message, code, pos: [start] }) => ({
        field: '',
        rule: code,
        severity: 'error',
        message,
        text: `${at(start)}${message}`,
      })),
    });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? null;
  } catch (error) {
    throw new ConfigError(`${name}: ${(error as Error).message}`);
  }
  return { name, value, place: ({ path, rule }) => at(offsetOf(document, path, KEY_RULES.includes(rule))) };
}

/** Returns the offset of the value at a path, or of its key; of the nearest value above if the path does not exist. */
function offsetOf(document: Document, path: readonly (string | number)[], isKey: boolean): number {
  if (isKey && path.length) {
    const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isPair(key) === false && String(key) === path.at(-1))
      : undefined;
    if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0];
  }
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

/** Calls the core with the content of a file. Its faults are reported at their places in the file. */
export function withPlaces<Result>(file: ParsedFile, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode !== EXIT.usage) throw error;
    const violations = (error.details.violations ?? []) as CoreViolation[];
    if (!violations.length) throw new ConfigError(`${file.name}: ${error.message}`);
    const placed = violations.map((violation) => ({
      ...violation,
      text: `${file.place(violation)}${file.describe?.(violation) ?? violation.text}`,
    }));
    const faults = placed.filter(({ severity }) => severity === 'error').map(({ text }) => text);
    throw new ConfigError(faults.join('\n'), { violations: placed });
  }
}
