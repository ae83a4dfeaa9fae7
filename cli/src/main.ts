#!/usr/bin/env node
// The program `wix-oauth-apps`: reads the arguments and runs the command. Exit codes: 0 after a signal or after printing
// help, 1 if the server cannot run, 2 for wrong arguments.
import { readFileSync } from 'node:fs';
import { readArguments } from './commands/arguments.js';
import { HELP } from './output/help.js';

const EXIT_CODES = new Map([
  ['ServerError', 1],
  ['UsageError', 2],
]);

async function run(args: string[]): Promise<void> {
  const invocation = readArguments(args);
  switch (invocation.command) {
    case 'help':
      return console.log(HELP);
    case 'version':
      return console.log(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
    case 'emulate': {
      // Loaded on demand: help and errors in the arguments do not need the emulator.
      const { emulate } = await import('./commands/emulate.js');
      return emulate(invocation.settings);
    }
  }
}

// The reader of the output may leave before the server stops.
process.stdout.on('error', () => {});

let exitCode = 0;
try {
  await run(process.argv.slice(2));
} catch (error) {
  const { name, message } = error as Error;
  const known = EXIT_CODES.get(name);
  if (known === undefined) throw error;
  console.error(`wix-oauth-apps: ${message}`);
  exitCode = known;
}
// Delayed responses and open connections would keep the process alive. It ends once the output is written, or after a
// second if nobody reads the output.
process.stdout.write('', () => process.exit(exitCode));
setTimeout(() => process.exit(exitCode), 1_000);
