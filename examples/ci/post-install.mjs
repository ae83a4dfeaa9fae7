// Creates the OAuth app of a new project, and writes its client ID into .env.local. Running it again changes nothing.
//   "scripts": { "postinstall": "node scripts/post-install.mjs" }
import { spawnSync } from 'node:child_process';

if (!process.env.WIX_API_KEY || !process.env.WIX_SITE_ID) {
  // An install without credentials, as in CI, is no failure.
  console.log(
    'WIX_API_KEY and WIX_SITE_ID are not set, so no OAuth app was created. Set them, and run npm install again.',
  );
} else {
  const local = 'http://localhost:3000';
  const args = ['ensure', '--name', 'Storefront', '--redirect-uri', `${local}/api/auth/callback`];
  args.push('--redirect-domain', 'localhost:3000', '--env-file-out', '.env.local');
  // npm puts the commands of the dependencies on the PATH; on Windows they are scripts, which need a shell.
  const { status } = spawnSync('wix-oauth-apps', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  process.exitCode = status ?? 1;
}
