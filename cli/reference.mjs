// Writes the reference in README.md from the definitions of the commands: `npm run build && node cli/reference.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { reference } from '../pkg-cli/src/commands/reference.js';

const path = new URL('README.md', import.meta.url);
const readme = readFileSync(path, 'utf8');
const section = /(?<=<!-- reference -->\n\n).*(?=\n\n<!-- end of reference -->)/s;
writeFileSync(path, readme.replace(section, await reference()));
