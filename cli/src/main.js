#!/usr/bin/env node
// The program `wix-oauth-apps`: reads the command line and runs the command. Exit codes: 0 it was told to stop, 1 it could
// not go on, 2 the arguments are wrong.
import { readFileSync } from 'node:fs';
import { HELP, readArguments } from './arguments.js';

const EXIT_CODES = new Map([
  ['ServerError', 1],
  ['UsageError', 2],
]);

/** @param {string[]} args */
async function run(args) {
  const { command, settings } = readArguments(args);
  switch (command) {
    case 'help':
      return console.log(HELP);
    case 'version':
      return console.log(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
    case 'emulate': {
      const { emulate } = await import('./emulate.js');
      return emulate(settings);
    }
  }
}

// Whoever reads the output may leave before the server stops.
process.stdout.on('error', () => {});

let code = 0;
try {
  await run(process.argv.slice(2));
} catch (error) {
  const { name, message } = /** @type {Error} */ (error);
  const known = EXIT_CODES.get(name);
  if (known === undefined) throw error;
  console.error(`wix-oauth-apps: ${message}`);
  code = known;
}
// Delayed answers and connections that hang would keep the process; output that nobody takes must not.
process.stdout.write('', () => process.exit(code));
setTimeout(() => process.exit(code), 1_000);
