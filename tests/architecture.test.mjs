// Reads the imports between the source files, and fails on a circle. A module that only re-exports its children does not
// count: an import through it is an import of the child.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(process.env.ROOT ?? dirname(import.meta.dirname));

/** Returns the paths of the files below a folder, with `/` as the separator. */
function filesBelow(folder, extension) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => extension.test(path));
}

/** Returns the strongly connected groups of a graph, given as a map from each node to the set of its successors. */
function circles(graph) {
  const groups = [];
  const order = new Map();
  const low = new Map();
  const stack = [];
  const visit = (node) => {
    order.set(node, order.size);
    low.set(node, order.get(node));
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)));
    }
    if (low.get(node) !== order.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) groups.push(group.sort());
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return groups;
}

function assertNoCircle(graph) {
  const inCircle = circles(graph).map((group) =>
    group.map((node) => `${node} -> ${[...graph.get(node)].filter((next) => group.includes(next)).join(', ')}`),
  );
  assert.deepEqual(inCircle, []);
}

/** Returns the modules of a crate: for each path, such as `client::retry`, its code without comments and tests. */
function rustModules(folder) {
  const modules = new Map();
  for (const path of filesBelow(folder, /\.rs$/)) {
    const name = path.replace(/(^|\/)(mod|lib)?\.rs$|\.rs$/, '').replaceAll('/', '::');
    const code = readFileSync(join(root, folder, path), 'utf8')
      .replace(/\/\/.*$/gm, '')
      .replace(/#\[cfg\([^\]]*\btest\b[^\]]*\)\]\s*(#\[[^\]]*\]\s*)*(pub(\([^)]*\))? )?mod \w+ \{[^]*?\n\}/g, '');
    modules.set(name, code);
  }
  // Modules that are compiled for tests only.
  for (const [name, code] of modules) {
    for (const [, child] of code.matchAll(
      /#\[cfg\([^\]]*\btest\b[^\]]*\)\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))? )?mod (\w+);/g,
    )) {
      const tests = name ? `${name}::${child}` : child;
      for (const other of modules.keys()) if (other === tests || other.startsWith(`${tests}::`)) modules.delete(other);
    }
  }
  return modules;
}

/** Expands a use tree, such as `a::{b, c::d as e}`, to its paths: `a::b` and `a::c::d`. */
function expand(tree) {
  const open = tree.indexOf('{');
  if (open < 0) return [tree.trim().replace(/ as \w+$/, '')];
  const parts = [];
  let depth = 0;
  let start = open + 1;
  for (let at = start; at < tree.length; at += 1) {
    if (tree[at] === '{') depth += 1;
    const isEnd = tree[at] === '}' && depth === 0;
    if (isEnd || (tree[at] === ',' && depth === 0)) {
      parts.push(tree.slice(start, at).trim());
      start = at + 1;
    }
    if (isEnd) break;
    if (tree[at] === '}') depth -= 1;
  }
  return parts.filter(Boolean).flatMap((part) => expand(tree.slice(0, open).trim() + part));
}

/** Returns the imports between the modules of a crate. */
function rustGraph(folder) {
  const modules = rustModules(folder);
  const join = (module, name) => (module ? `${module}::${name}` : name);
  const reexports = new Map();
  for (const [module, code] of modules) {
    const paths = [...code.matchAll(/\bpub(?:\([^)]*\))? use ([^;]+);/g)].flatMap(([, tree]) => expand(tree));
    reexports.set(module, paths);
  }

  /** Returns the module in which a path, seen from a module, is defined; undefined outside the crate. */
  const definedIn = (path, from, depth = 0) => {
    const names = path.split('::').map((name) => name.trim());
    let module = from;
    if (names[0] === 'crate') [module] = [(names.shift(), '')];
    else if (names[0] === 'self') names.shift();
    else if (names[0] !== 'super' && !modules.has(join(from, names[0]))) return undefined;
    for (; names[0] === 'super'; names.shift()) module = module.includes('::') ? module.replace(/::\w+$/, '') : '';
    while (names.length && modules.has(join(module, names[0]))) module = join(module, names.shift());
    const reexport =
      names.length && depth < 9 && reexports.get(module)?.find((path) => path.split('::').at(-1) === names[0]);
    return (reexport && definedIn(reexport, module, depth + 1)) ?? module;
  };

  const graph = new Map();
  for (const [module, code] of modules) {
    const children = [...code.matchAll(/\bmod (\w+);/g)].map(([, child]) => child);
    const used = code.replace(/\bpub(?:\([^)]*\))? use [^;]+;/g, '');
    const paths = [...used.matchAll(/\buse ([^;]+);/g)].flatMap(([, tree]) => expand(tree));
    const inline = used.replace(/\buse [^;]+;/g, '').replace(/"(?:[^"\\]|\\.)*"/g, '');
    const prefixes = ['crate', 'super', 'self', ...children].join('|');
    paths.push(...[...inline.matchAll(new RegExp(`(?<![\\w:])(?:${prefixes})(?:::\\w+)+`, 'g'))].map(([path]) => path));
    const targets = paths.map((path) => definedIn(path, module)).filter((target) => target !== undefined);
    graph.set(
      module || 'lib',
      new Set(targets.map((target) => target || 'lib').filter((target) => target !== (module || 'lib'))),
    );
  }
  return graph;
}

/** Returns the imports between the TypeScript files of a folder, including those of types only. */
function typescriptGraph(folder) {
  const files = filesBelow(folder, /\.ts$/);
  return new Map(
    files.map((path) => {
      const code = readFileSync(join(root, folder, path), 'utf8');
      const imports = [...code.matchAll(/^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)'/gm)].map(([, target]) =>
        posix.join(posix.dirname(path), target).replace(/(\.js|\.ts)?$/, '.ts'),
      );
      return [path, new Set(imports.filter((target) => files.includes(target)))];
    }),
  );
}

for (const folder of ['src', 'emulator/src']) {
  test(`the Rust modules of ${folder} import each other without a circle`, () => {
    const graph = rustGraph(folder);
    assert.ok(graph.size > 20, 'the modules are found');
    assertNoCircle(graph);
  });
}

for (const folder of ['pkg-template/src', 'cli/src', 'www-demo/src']) {
  test(`the TypeScript files of ${folder} import each other without a circle`, () => {
    assertNoCircle(typescriptGraph(folder));
  });
}

test('the bindings and the facade decide nothing: they name no status, rule or reason', () => {
  const decision =
    /\b[2-5]\d\d\b|\bCode::(?!InvalidArgument)|['"](?:[A-Z]+_DIFFERS|NOT_LISTED|INVALID|SUBDOMAIN|[A-Z]+_FIELD|TYPE|FORMAT)['"]/;
  for (const [folder, extension] of [
    ['src/wasm', /^(?!tests).*\.(rs|js)$/],
    ['pkg-template/src', /^(?!types)\w+\.ts$/],
  ]) {
    for (const path of filesBelow(folder, extension)) {
      const code = readFileSync(join(root, folder, path), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
      assert.doesNotMatch(code, decision, `${folder}/${path}`);
    }
  }
});
