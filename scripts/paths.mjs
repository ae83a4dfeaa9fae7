// Where things are in the repository.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const tools = join(root, '.tools');
export const nodeModules = join(root, 'node_modules');
export const template = join(root, 'pkg-template');
export const pkg = join(root, 'pkg');
export const cli = join(root, 'cli');
export const cliPkg = join(root, 'pkg-cli');
export const target = resolve(root, process.env.CARGO_TARGET_DIR || 'target');
