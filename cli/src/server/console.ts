/** The console: the demo page, which the server serves under its own origin. */
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFile } from '../package-file.js';

/** The path of the console, and the beginning of the paths of the control interface. */
export const CONSOLE = '/_emulator/';

const FOLDER = fileURLToPath(packageFile('console'));

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** The headers of every response under the path of the console. */
export const CONSOLE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
};

/** A file of the console. */
export interface ConsoleFile {
  type: string;
  body: Uint8Array;
}

let files: Map<string, ConsoleFile> | undefined;

/** Returns the file of a path, or undefined. Only files of the console have a path, so that no path leads elsewhere. */
export function consoleFile(path: string): ConsoleFile | undefined {
  files ??= readFiles();
  return files.get(path);
}

/** Checks whether the path leads to the console's page. */
export const isConsolePage = (path: string): boolean =>
  path === '/' || path === CONSOLE || path === CONSOLE.slice(0, -1) || path === `${CONSOLE}index.html`;

/** Checks whether the path is that of the console, leads to it, or belongs to the control interface. */
export const isConsolePath = (path: string): boolean =>
  path.startsWith(CONSOLE) || path === '/' || path === CONSOLE.slice(0, -1);

function readFiles(): Map<string, ConsoleFile> {
  const found = new Map<string, ConsoleFile>();
  for (const name of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const file = { type, body: readFileSync(join(FOLDER, name)) };
    found.set(CONSOLE + name.split(sep).join('/'), file);
    if (name === 'index.html') found.set(CONSOLE, file);
  }
  return found;
}
