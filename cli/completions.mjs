// Writes the completion scripts, so that `wix-oauth-apps completion` prints a file: shells call it when they start. The
// build runs this.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHELLS } from '../pkg-cli/src/commands/tools/definitions.js';
import { completionScript } from '../pkg-cli/src/parse/completion-script.js';

const folder = join(import.meta.dirname, '..', 'pkg-cli', 'completions');
mkdirSync(folder);
for (const shell of SHELLS) writeFileSync(join(folder, shell), await completionScript(shell));
