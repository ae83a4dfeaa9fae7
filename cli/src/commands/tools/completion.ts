/** The command `completion`, which prints a script that the build has made. */
import { readFileSync } from 'node:fs';
import { EXIT } from '../../errors.js';
import { packageFile } from '../../package-file.js';
import type { ProgramCommand } from '../command.js';

export const completion: ProgramCommand = {
  kind: 'program',
  main: async (input, { output }) => {
    const path = packageFile(`completions/${input.arguments['shell'] as string}`);
    const script = readFileSync(path, 'utf8');
    if (output.isJson) output.printJson({ script });
    else output.print(script);
    return EXIT.done;
  },
};
