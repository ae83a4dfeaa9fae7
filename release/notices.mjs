// Writes the third-party notices of the packages: the crates that are compiled into their WebAssembly, the standard library,
// the Public Suffix List, and the npm packages that the bundlers list when they put them into a file.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const NOTICE = 'THIRD-PARTY-LICENSES.md';
const root = dirname(import.meta.dirname);
const TARGET = 'wasm32-unknown-unknown';
const MIT_TERMS = readFileSync(join(root, 'LICENSE-MIT'), 'utf8').replace(/^.*?Copyright[^\n]*\n/s, '');

/** The crates whose WebAssembly a package contains. The console of the command line contains the library's two. */
const CRATES = {
  pkg: ['wix-oauth-apps', 'wix-oauth-apps-emulator'],
  'pkg-cli': ['wix-oauth-apps', 'wix-oauth-apps-emulator', 'wix-oauth-apps-cli-core'],
};

const cargo = (...args) =>
  execFileSync('cargo', [...args, '--locked'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });

/** Writes the notice of a package, from the dependency tree and from what the build has put into the package. */
export function writeNotice(folder, npmPackages) {
  const metadata = JSON.parse(cargo('metadata', '--format-version', '1', '--filter-platform', TARGET));
  const crates = compiledCrates(CRATES[folder], metadata.packages);
  const works = [...crates, ...npmPackages.map(npmPackage)];
  const sections = [HEAD, standardLibrary(), publicSuffixList(), ...grouped(works), ...listed(join(root, folder))];
  writeFileSync(join(root, folder, NOTICE), `${sections.join('\n\n')}\n`);
}

const HEAD = `# Third-party licenses

The package contains the following works of others, compiled into its WebAssembly or bundled into its JavaScript. Its own license is in LICENSE-MIT and LICENSE-APACHE.`;

/** Returns the crates of others in the dependency trees, without those that only run during the build. */
function compiledCrates(roots, packages) {
  const selected = roots.flatMap((name) => ['-p', name]);
  const edges = ['--target', TARGET, '-e', 'normal,no-proc-macro', '--prefix', 'none', '-f', '{p}'];
  const names = new Set(cargo('tree', ...selected, ...edges).match(/^\S+ v\S+/gm));
  return packages.filter(({ name, version, source }) => source && names.has(`${name} v${version}`));
}

function npmPackage(folder) {
  const manifest = join(folder, 'package.json');
  const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8'));
  return { name, version, license, authors: [], manifest_path: manifest };
}

/** Returns a section for each license text, with the works that have it in common. */
function grouped(works) {
  const texts = new Map();
  for (const work of works) {
    const text = licenseText(work);
    texts.set(text, [...(texts.get(text) ?? []), work]);
  }
  return [...texts].map(([text, group]) => section(group.map(title).join(', '), text));
}

const title = ({ name, version, license }) => `${name} ${version} (${license})`;
const section = (heading, text) => `## ${heading}\n\n\`\`\`text\n${text.trim()}\n\`\`\``;

/** Returns the license texts in the folder of a crate or an npm package. Where MIT is one of several to choose from, the package chooses MIT. */
function licenseText({ manifest_path: manifest, name, license, authors }) {
  const folder = dirname(manifest);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|copyright|notice|unlicense)/i.test(file));
  const isChoice = /\bMIT\b/.test(license) && files.some((file) => /MIT/i.test(file));
  const chosen = files.filter((file) => !isChoice || !/apache|unlicense|copying/i.test(file));
  const read = (file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  if (chosen.length > 0) return chosen.map(read).join('\n\n');
  if (/\bMIT\b/.test(license)) {
    const holders = authors.length > 0 ? authors.join(', ') : `the authors of ${name}`;
    return `MIT License\n\nCopyright (c) ${holders}\n${MIT_TERMS}`;
  }
  throw new Error(`${name} (${license}) has no file with its license: add its text to release/notices.mjs`);
}

function standardLibrary() {
  const version = /^channel = "(.+)"$/m.exec(readFileSync(join(root, 'rust-toolchain.toml'), 'utf8'))[1];
  const text = `MIT License\n\nCopyright (c) The Rust Project Contributors\n${MIT_TERMS}`;
  return section(`The Rust standard library ${version} (MIT OR Apache-2.0)`, text);
}

function publicSuffixList() {
  const rules = readFileSync(join(root, 'tests', 'redirect', 'public-suffixes.txt'), 'utf8');
  const [, version] = /Public Suffix List of (\S+),/.exec(rules);
  return `## The Public Suffix List (MPL-2.0)

The client's WebAssembly contains an excerpt of the list of ${version}, in another form; \`src/redirect/suffix/generate.mjs\` in this project's repository makes it. The emulator's contains the list in the form of the crate \`psl\`. The source of both is <https://publicsuffix.org/list/public_suffix_list.dat>.

This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the MPL was not distributed with this file, You can obtain one at <https://mozilla.org/MPL/2.0/>.`;
}

/** Returns what the bundlers have listed in the folder of a package, under a heading for each list. */
function listed(folder) {
  return Object.entries({ '.': 'The commands', console: 'The console' })
    .map(([name, heading]) => [heading, join(folder, name, NOTICE)])
    .filter(([, path]) => existsSync(path))
    .map(([heading, path]) =>
      readFileSync(path, 'utf8')
        .trim()
        .replace(/^# .*/, `## ${heading}`)
        .replace(/^## (?=\S+ - )/gm, '### '),
    );
}
