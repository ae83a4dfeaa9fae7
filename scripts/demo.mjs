// `npm run demo`: builds the package where needed and serves the demo page.
import { join } from 'node:path';
import { build } from './build.mjs';
import { nodeModules, root } from './paths.mjs';
import { main, run } from './run.mjs';
import { setup } from './setup.mjs';

await main(import.meta, async () => {
  await setup();
  await build();
  const vite = join(nodeModules, 'vite', 'bin', 'vite.js');
  await run(process.execPath, [vite, join(root, 'www-demo'), ...process.argv.slice(2)], { stdin: 'inherit' });
});
