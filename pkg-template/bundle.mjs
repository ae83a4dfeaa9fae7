// Bundles the compiled facade: an entry of the client and one of the emulator for each kind of runtime. The entries differ in
// how the WebAssembly reaches them; `exports` in package.json says which runtime takes which entry.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, deflateRawSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } };
/** The formats of the entries that `require` takes too. */
const FORMATS = { node: ['esm', 'cjs'], inline: ['esm', 'cjs'] };
/** The declarations that the entries have, and those of the WebAssembly files. */
const DECLARATIONS = ['dist/index.d.ts', 'dist/emulator/index.d.ts', 'dist/wasm-file.d.ts'];
/** The modules of the client in a page, so that a page that only reads errors gets no more than those. */
const CHUNKS = [
  { name: 'error', test: /[\\/](error|secret)\.js$/ },
  { name: 'core', test: (id) => !/[\\/]index\.js$/.test(id) },
];
const MINIFY = { compress: true, codegen: true, mangle: { keepNames: { class: true, function: false } } };

/** The entries that take the client that is compiled for servers. */
const SERVERS = ['node', 'workerd', 'edge'];

/**
 * The source of the module `packaged:core` or `packaged:emulator`, by the name of the entry. `text(format, encode)` declares
 * `text`, the WebAssembly in a format that `encode` returns, as Base64.
 */
const PACKAGED = {
  // A file beside the code, which is fetched when it is first needed.
  browser: ({ file }) => `
    export const isImmediate = false;
    export const wasm = () => new URL('${file}', import.meta.url);`,

  // In the code, for Node, Deno and Bun. The core is not compressed: to decompress it takes 3 ms, a tenth of the time from the
  // start of a program to its first call. The emulator would take 2.3 MB.
  node: ({ name, text }) =>
    name === 'core'
      ? `import { Buffer } from 'node:buffer';
         ${text('wasm', (bytes) => bytes)}
         export const isImmediate = true;
         export const wasm = () => Buffer.from(text, 'base64');`
      : `import { Buffer } from 'node:buffer';
         import { brotliDecompressSync } from 'node:zlib';
         ${text('brotli', (bytes) => brotliCompressSync(bytes, BROTLI))}
         export const isImmediate = true;
         export const wasm = () => brotliDecompressSync(Buffer.from(text, 'base64'));`,

  // In the code, for every other runtime. Not at once: the same program has to work with the entry `browser`.
  inline: ({ text }) => `
    import { inflateSync } from 'fflate';
    ${text('deflate', (bytes) => deflateRawSync(bytes, { level: 9 }))}
    export const isImmediate = false;
    export const wasm = () => inflateSync(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));`,

  // A module that is compiled when the program is deployed, because these runtimes compile no bytes.
  workerd: ({ file }) => imported(file),
  edge: ({ file }) => imported(`${file}?module`),
};

const imported = (file) => `
    import module from '${file}';
    export const isImmediate = true;
    export const wasm = () => module;`;

/**
 * Writes the entries into a package that has the compiled facade in `dist` and the bindings in `wasm`, in place of the modules
 * that they are made of, and the declarations for CommonJS. Returns the folders of the npm packages that the entries contain.
 */
export async function bundle(pkg) {
  const outputs = new Map();
  const modules = [];
  for (const entry of Object.keys(PACKAGED)) {
    for (const format of FORMATS[entry] ?? ['esm']) {
      modules.push(...(await addEntry(outputs, pkg, entry, format, 'core', 'dist')));
      modules.push(...(await addEntry(outputs, pkg, entry, format, 'emulator', 'dist/emulator')));
    }
  }
  const declarations = DECLARATIONS.flatMap((path) => modulesOf(join(pkg, path), '.d.ts'));
  for (const path of readdirSync(pkg, { recursive: true }).map((path) => join(pkg, path))) {
    if (path.endsWith('.js') || (path.endsWith('.d.ts') && !declarations.includes(path))) rmSync(path);
  }
  for (const path of declarations) writeFileSync(path.replace(/ts$/, 'cts'), commonJs(readFileSync(path, 'utf8')));
  for (const [path, code] of outputs) writeFileSync(join(pkg, path), code);
  return [...new Set(modules.flatMap((id) => /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? []))];
}

/** Returns the paths of a module and of those that it imports, whose names end in `.js` there. */
function modulesOf(path, extension) {
  const imports = [...readFileSync(path, 'utf8').matchAll(/\bfrom\s*['"](\.[^'"]+)\.js['"]/g)];
  return [path, ...imports.flatMap(([, name]) => modulesOf(join(dirname(path), `${name}${extension}`), extension))];
}

/** Bundles an entry, adds its files to the outputs, and returns the paths of its modules. */
async function addEntry(outputs, pkg, entry, format, name, folder) {
  const input = { [`${folder}/${entry}`]: join(pkg, folder, 'index.js') };
  const platform = entry === 'node' ? 'node' : 'neutral';
  const bundler = await rolldown({
    input,
    platform,
    checks: { pluginTimings: false },
    plugins: [packaged(outputs, pkg, entry, name, folder), bindings(entry)],
  });
  const { output } = await bundler.generate({
    format,
    entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js',
    // The stack of an error on a server is to be read; what a page loads is to be small.
    minify: entry === 'browser' || entry === 'inline' ? MINIFY : false,
    codeSplitting: entry === 'browser' && name === 'core' && { groups: CHUNKS },
    chunkFileNames: `${folder}/[name].js`,
  });
  await bundler.close();
  for (const { fileName, code } of output) outputs.set(fileName, code);
  return output.flatMap(({ moduleIds }) => moduleIds);
}

/** The source of the two functions that give the bindings their UTF-8. Jest's jsdom has no classes for it. */
function codecs(entry) {
  if (entry === 'inline') return `import { createDecoder, createEncoder } from '../dist/text.js';`;
  return `${entry === 'node' ? `import { TextDecoder, TextEncoder } from 'node:util';` : ''}
    const createDecoder = () => new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
    const createEncoder = () => new TextEncoder();`;
}

/** Provides the module `packaged:` for an entry. */
function packaged(outputs, pkg, entry, name, folder) {
  const module = name === 'core' && SERVERS.includes(entry) ? 'core-server' : name;
  const file = `${folder.replace(/\w+/g, '..')}/wasm/${module}_bg.wasm`;
  const base64 = (encode) => encode(readFileSync(join(pkg, 'wasm', `${module}_bg.wasm`))).toString('base64');
  const text = (format, encode) => {
    if (name === 'core') return `const text = '${base64(encode)}';`;
    // The emulator's is large, so its ES module and its CommonJS module share one file.
    const path = `${folder}/${format}.cjs`;
    if (!outputs.has(path)) outputs.set(path, `exports.text = '${base64(encode)}';\n`);
    return `import { text } from './${format}.cjs';`;
  };
  return {
    name: 'packaged',
    resolveId(id) {
      if (id.startsWith('packaged:')) return `\0${id}`;
      if (id === '../wasm/core.js') return join(pkg, 'wasm', `${module}.js`);
      return /\.wasm(\?module)?$|^\.\/(brotli|deflate)\.cjs$/.test(id) ? { id, external: true } : undefined;
    },
    load(id) {
      if (id !== `\0packaged:${name}`) return undefined;
      return `${PACKAGED[entry]({ name, file, text })}
        export const isForWorkers = ${SERVERS.includes(entry)};
        export const name = '${module}_bg.wasm';`;
    },
  };
}

/**
 * Replaces three parts of what wasm-bindgen generates. Test environments lack `TextDecoder` and `TextEncoder`, so they are
 * created when they are first used. A long text is left to the encoder: the loop for ASCII before it takes 0.2 µs more for
 * 400 characters (node bench/handle.mjs). The loader takes a module of any realm, and contains no URL that bundlers would follow.
 */
function bindings(entry) {
  return {
    name: 'bindings',
    transform(code, id) {
      if (!/[\\/]wasm[\\/](core|core-server|emulator)\.js$/.test(id)) return undefined;
      const loader = code.indexOf('let wasmModule, wasmInstance, wasm;');
      // A module that has a table of references has a function that fills it, to be called first.
      const hasTable = code.includes('const table = wasm.');
      const [start = ''] = /wasm\.\S+\(\);(?=\s+return wasm;)/.exec(code.slice(loader)) ?? [];
      if (loader < 0 || hasTable !== (start !== ''))
        throw new Error('pkg-template/bundle.mjs does not know the loader that wasm-bindgen wrote');
      return `${codecs(entry)}
        let cachedTextDecoder, cachedTextEncoder;
        ${replaceOnce(code.slice(0, loader), [
          [/let cachedTextDecoder = [^;]+;\s+cachedTextDecoder\.decode\(\);/, ''],
          [/const cachedTextEncoder = [^;]+;\s+if \(!\('encodeInto' [\s\S]+?\n}\n/, ''],
          [
            /cachedTextDecoder = new TextDecoder\([^;]+;\s+cachedTextDecoder\.decode\(\);/,
            'cachedTextDecoder = undefined;',
          ],
          [/offset < len;/, 'offset < len && len < 128;'],
        ])
          // The facade frees what it makes, and the lines would keep the classes in every bundle.
          .replace(/^if \(Symbol\.dispose\).*$/gm, '')
          .replaceAll('cachedTextDecoder.', '(cachedTextDecoder ??= createDecoder()).')
          .replaceAll('cachedTextEncoder.', '(cachedTextEncoder ??= createEncoder()).')}
        let wasm;
        function finish(instance) {
          wasm = instance.exports;
          ${start}
          return wasm;
        }
        export function initSync({ module }) {
          return finish(new WebAssembly.Instance(module, __wbg_get_imports()));
        }
        export default async function instantiate({ module_or_path }) {
          return finish(await WebAssembly.instantiate(module_or_path, __wbg_get_imports()));
        }`;
    },
  };
}

function replaceOnce(code, replacements) {
  for (const [pattern, replacement] of replacements) {
    if (!pattern.test(code)) throw new Error(`pkg-template/bundle.mjs does not find ${pattern} in the bindings`);
    code = code.replace(pattern, replacement);
  }
  return code;
}

/** Returns declarations with the imports of CommonJS modules. */
const commonJs = (declarations) => declarations.replaceAll(/(['"])(\.{1,2}\/[^'"]+)\.js\1/g, '$1$2.cjs$1');
