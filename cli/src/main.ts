#!/usr/bin/env node
// The program `wix-oauth-apps`. Exit codes: 0 done, 1 failed, 2 wrong usage (nothing was sent), 3 the answer is no, 130
// interrupted.
import { existsSync, readFileSync } from 'node:fs';

const args = process.argv.slice(2);
const inPackage = (path: string): URL => new URL(`../${path}`, import.meta.url);

/** Returns what is printed without a look at the commands: the version, or a completion script, which shells load often. */
function printedAtOnce([first = '', second = '', ...rest]: readonly string[]): string | undefined {
  if (/^(-v|--version)$/.test(first) && !second)
    return `${JSON.parse(readFileSync(inPackage('package.json'), 'utf8')).version}\n`;
  if (first !== 'completion' || rest.length || !/^[a-z]+$/.test(second)) return undefined;
  const script = inPackage(`completions/${second}`);
  return existsSync(script) ? readFileSync(script, 'utf8') : undefined;
}

const text = printedAtOnce(args);
if (text !== undefined) {
  process.stdout.on('error', () => {}); // a reader that has left
  process.stdout.write(text);
} else {
  const { main } = await import('./program.js');
  const exitCode = await main(args);
  // Open connections would keep the process alive. It ends when the output is written.
  process.stdout.write('', () => process.exit(exitCode));
}
