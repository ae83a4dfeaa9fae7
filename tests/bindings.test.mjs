// Reads the sources of the bindings and the facade, and fails if they contain a decision.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');

test('the bindings and the facade decide nothing: they name no status, rule or reason', () => {
  const decision =
    /(?<!SHA-)\b[2-5]\d\d\b|\bCode::(?!InvalidArgument)|['"](?:[A-Z]+_DIFFERS|NOT_LISTED|INVALID|SUBDOMAIN|[A-Z]+_FIELD|TYPE|FORMAT)['"]/;
  for (const [folder, extension] of [
    ['src/wasm', /^(?!tests).*\.(rs|js)$/],
    ['pkg-template/src', /^(?!types)\w+\.ts$/],
  ]) {
    for (const path of readdirSync(join(root, folder)).filter((name) => extension.test(name))) {
      const code = readFileSync(join(root, folder, path), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
      assert.doesNotMatch(code, decision, `${folder}/${path}`);
    }
  }
});

test('the facade writes no more of a URL into the memory than the core has room for', () => {
  const [written, room] = ['pkg-template/src/checks.ts', 'src/wasm/checks.rs'].map((path) =>
    /^const LONGEST_URL\b[^=]*= ([\d_]+);$/m.exec(readFileSync(join(root, path), 'utf8'))?.[1].replaceAll('_', ''),
  );
  assert.ok(Number(written) > 0);
  assert.equal(written, room);
});
