#!/usr/bin/env node
// The program `wix-oauth-apps`. Exit codes: 0 done, 1 failed, 2 wrong usage (nothing was sent), 3 the answer is no, 130
// interrupted.
import { readFileSync } from 'node:fs';

const args = process.argv.slice(2);
if (args.length === 1 && /^(-v|--version)$/.test(args[0] as string)) {
  console.log(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
} else {
  // Loaded on demand: the version needs nothing of it.
  const { main } = await import('./program.js');
  const exitCode = await main(args);
  // Open connections would keep the process alive. It ends when the output is written.
  process.stdout.write('', () => process.exit(exitCode));
}
