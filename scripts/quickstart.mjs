// `npm run quickstart`: builds the package where needed and runs the example that a reader should see first.
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './paths.mjs';
import { main, run } from './run.mjs';
import { setup } from './setup.mjs';

await main(import.meta, async () => {
  await setup();
  await build();
  await run(process.execPath, [join(root, 'examples', 'quickstart.mjs'), ...process.argv.slice(2)], {
    stdin: 'inherit',
  });
});
