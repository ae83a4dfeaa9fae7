/** The command `completion`, which prints a script that the build has made. */
import { readFileSync } from 'node:fs';
import { EXIT } from '../../errors.js';
import type { ProgramCommand } from '../command.js';

export const completion: ProgramCommand = {
  kind: 'program',
  main: async (input, { output }) => {
    const path = new URL(`../../../completions/${input.arguments['shell'] as string}`, import.meta.url);
    const script = readFileSync(path, 'utf8');
    if (output.isJson) output.printJson({ script });
    else output.print(script);
    return EXIT.done;
  },
};
