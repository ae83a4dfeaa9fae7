#!/usr/bin/env node
// The program `wix-oauth-apps`: reads the command line and runs the command. Exit codes: 0 it was told to stop, 1 it could
// not go on, 2 the arguments are wrong.
import { readFileSync } from 'node:fs';
import { HELP, UsageError, readArguments } from './arguments.js';

/** @param {string[]} args @returns {Promise<number>} */
async function run(args) {
  const command = readArguments(args);
  switch (command.command) {
    case 'help':
      console.log(HELP);
      return 0;
    case 'version':
      console.log(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
      return 0;
    case 'emulate': {
      const { emulate } = await import('./emulate.js');
      return emulate(command.settings);
    }
  }
}

// Whoever reads the output may leave before the server stops.
process.stdout.on('error', () => {});

let code;
try {
  code = await run(process.argv.slice(2));
} catch (error) {
  const { name, message } = /** @type {Error} */ (error);
  if (name !== 'UsageError' && name !== 'Failure') throw error;
  console.error(`wix-oauth-apps: ${message}`);
  code = error instanceof UsageError ? 2 : 1;
}
// Delayed answers and connections that hang would keep the process.
process.stdout.write('', () => process.exit(code));
