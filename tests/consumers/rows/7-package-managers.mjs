// Package managers that do not lay out node_modules as npm does.
import { formats } from '../harness/formats.mjs';

/** Installs a package manager beside the project, and returns the path of its script. */
async function installManager(project, spec, script) {
  project.write('manager/package.json', '{"private":true}');
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', spec];
  await project.run('npm', args, { cwd: project.path('manager') });
  return project.path('manager', 'node_modules', script);
}

export default [
  {
    name: 'pnpm',
    node: 24,
    title: 'pnpm',
    version: '11.28.11',
    files: 'plain',
    install: async (project) => {
      project.pnpm = await installManager(project, 'pnpm@11.28.11', '.bin/pnpm');
      await project.run(project.pnpm, ['install', '--prefer-offline', '--no-lockfile']);
    },
    rows: formats(async (project, file) => project.checkReport(await project.runNode([file]))),
  },
  {
    name: 'yarn-pnp',
    title: 'Yarn with Plug’n’Play',
    version: '4.18.1',
    files: 'plain',
    install: async (project) => {
      project.yarn = await installManager(project, '@yarnpkg/cli-dist@4.18.1', '@yarnpkg/cli-dist/bin/yarn.js');
      project.write('yarn.lock', '');
      project.write('.yarnrc.yml', 'nodeLinker: pnp\nenableGlobalCache: false\nenableTelemetry: false\n');
      await project.runNode([project.yarn, 'install', '--no-immutable']);
    },
    rows: formats(async (project, file) => project.checkReport(await project.runNode([project.yarn, 'node', file]))),
  },
];
