// Finds Schemathesis, which fuzzes the server by its OpenAPI document, and installs it where there is a Python for it.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, tools } from './paths.mjs';
import { main, output, run, timed } from './run.mjs';

const requirements = join(root, 'tests', 'cli', 'requirements.txt');
const folder = join(tools, 'schemathesis');
const programs = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
const program = join(programs, 'schemathesis');

/** The path of the program; undefined where it cannot be had, which is said. */
export async function findSchemathesis() {
  const stamp = join(folder, '.stamp');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && output(program, ['--version'])) return program;
  try {
    await timed('installing Schemathesis into .tools, for a fuzz of the server', async () => {
      rmSync(folder, { recursive: true, force: true });
      await run('python3', ['-m', 'venv', folder]);
      await run(join(programs, 'python'), [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '-r',
        requirements,
      ]);
    });
    writeFileSync(stamp, wanted);
    return program;
  } catch (error) {
    console.log(
      `- SKIPPED: the fuzz by the OpenAPI document, since Schemathesis cannot be installed (${error.message})`,
    );
    return undefined;
  }
}

await main(import.meta, async () => console.log(await findSchemathesis()));
