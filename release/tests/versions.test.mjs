// The version of the project is the same wherever it is stated.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectVersion, statedVersions } from '../versions.mjs';
import { packAll, read } from './support.mjs';

test('crates, packages, the server’s document and the changelog state one version', () => {
  const version = projectVersion();
  for (const { manifest } of packAll()) assert.equal(manifest.version, version, 'run `npm run build`');
});

for (const [path, place] of [
  ['Cargo.toml', /^version = "[^"]+/m],
  ['Cargo.lock', /^name = "wix-oauth-apps-emulator"\r?\nversion = "[^"]+/m],
  ['pkg-template/package.json', /"version": "[^"]+/],
  ['cli/package.json', /"wix-oauth-apps": "\d[^"]+/],
  ['cli/openapi.json', /"version": "[^"]+/],
  ['CHANGELOG.md', /^## \[\d[^\]]+/m],
]) {
  test(`another version in ${path} is found`, () => {
    const other = (stated) => stated.replace(/\d+\.\d+\.\d+$/, '9.9.9');
    const changed = (name) => (name === path ? read(name).replace(place, other) : read(name));
    assert.throws(() => projectVersion(changed), new RegExp(`${path}.*: 9\\.9\\.9`));
  });
}

test('a changelog without a release is found', () => {
  const unreleased = (name) => (name === 'CHANGELOG.md' ? '# Changelog\n\n## [Unreleased]\n' : read(name));
  assert.equal(statedVersions(unreleased)['CHANGELOG.md'], undefined);
  assert.throws(() => projectVersion(unreleased), /CHANGELOG\.md: no version/);
});
