// The tables of cases that the core's own tests read too.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// In the repository the tables are beside this project. `npm test` copies them into it.
const folder = ['tests', '..']
  .map((path) => join(import.meta.dirname, '..', path))
  .find((path) => existsSync(join(path, 'tables')));

/** Returns the rows of a table, such as `tables/drafts` or `redirect/uris`. */
export const table = (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
