// The tables that are made of bench/results.json: those of bench/README.md, and the measured rows of README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const root = dirname(import.meta.dirname);
const MARKS = ['<!-- figures -->', '<!-- end of figures -->'];

/** Returns the text of both documents with the figures of a run in place of those that they contain. */
export async function documents(results) {
  const files = { 'bench/README.md': tables(results), 'README.md': comparison(results) };
  const texts = Object.entries(files).map(async ([path, figures]) => {
    const text = readFileSync(join(root, path), 'utf8');
    const [before, rest] = text.split(MARKS[0]);
    const after = rest?.split(MARKS[1])[1];
    if (after === undefined) throw new Error(`${path} has no place for the figures: ${MARKS.join(' ')}`);
    const replaced = `${before}${MARKS[0]}\n\n${figures}\n\n${MARKS[1]}${after}`;
    const options = await resolveConfig(join(root, path));
    return [path, await format(replaced, { ...options, filepath: join(root, path) })];
  });
  return Object.fromEntries(await Promise.all(texts));
}

/** Writes the figures of a run into both documents. */
export async function writeTables(results) {
  for (const [path, text] of Object.entries(await documents(results))) writeFileSync(join(root, path), text);
}

/** Returns the tables of a run: a column for each version of Node. */
function tables({ date, machine, packages, bundle, nodes }) {
  const versions = Object.values(nodes).map(({ version }) => `Node ${version.slice(1)}`);
  const compared = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  const [{ figures }] = Object.values(nodes);
  const sections = figures.map(({ title, unit, rows }, at) =>
    table(
      `${title} (${unit})`,
      versions,
      Object.keys(rows).map((name) => [
        name,
        ...Object.values(nodes).map((node) => number(node.figures[at].rows[name])),
      ]),
    ),
  );
  const sizes = Object.entries(bundle.rows).map(([name, size]) => [name, number(size)]);
  return [
    `Measured on ${date}: ${machine}. Compared: ${compared.join(', ')}.`,
    table(`${bundle.title} (${bundle.unit})`, ['size'], sizes),
    ...sections,
  ].join('\n\n');
}

const table = (title, columns, rows) =>
  [`| ${title} | ${columns.join(' | ')} |`, `| --- |${' ---: |'.repeat(columns.length)}`]
    .concat(rows.map((row) => `| ${row.join(' | ')} |`))
    .join('\n');

/** Returns the measured comparison for readers of the README. */
function comparison({ bundle, nodes, packages }) {
  const versions = Object.keys(nodes);
  const figure = (version, start) => nodes[version].figures.find(({ title }) => title.startsWith(start)).rows;
  const each = (value) => versions.map((version) => value(version)).join(' / ');
  const beyond = (version, name) => {
    const rows = figure(version, 'cold start');
    return Math.round(rows[name] - rows['bare platform']);
  };
  const get = (version) => figure(version, 'get, over a fetch that gives a real Response');
  const call = (version, name) => Math.round(get(version)[name] - get(version)['bare fetch + json()']);
  const page = (version, name) => Math.round(figure(version, 'a page of 100 apps (46 KB), over a real Response')[name]);
  const kilobytes = (name) => `${(bundle.rows[name] / 1_000).toFixed(0)} KB`;
  return table(
    `measured with Node ${versions.join(' / ')}`,
    ['`wix-oauth-apps`', `\`@wix/sdk\` ${packages['@wix/sdk']} with \`@wix/auth-management\``],
    [
      ['bundle for a page, gzipped', kilobytes('wix-oauth-apps'), kilobytes('official packages')],
      [
        'cold start, beyond bare Node',
        `${each((version) => beyond(version, 'wix-oauth-apps'))} ms`,
        `${each((version) => beyond(version, 'official packages'))} ms`,
      ],
      [
        'CPU time of a call, beyond `fetch`',
        `${each((version) => call(version, 'wix-oauth-apps'))} µs`,
        `${each((version) => call(version, '@wix/sdk'))} µs`,
      ],
      [
        'CPU time of a page of 100 apps',
        `${each((version) => page(version, 'wix-oauth-apps, query'))} µs`,
        `${each((version) => page(version, '@wix/sdk'))} µs`,
      ],
    ],
  );
}

const number = (value) => (value === undefined ? '' : value.toLocaleString('en-US'));
