// Finds copies of the package's WebAssembly in bundles and responses: as it is, as base64, or as the package itself embeds it
// in JavaScript.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The files of the client, of which a program has one, and that of the emulator. */
const FILES = [['core', 'core-server'], ['emulator']];

/** Returns the marks of client and emulator of an unpacked package: byte sequences of which each copy contains one. */
export function wasmMarks(root) {
  const modules = new Map(FILES.flat().map((name) => [name, readFileSync(join(root, 'wasm', `${name}_bg.wasm`))]));
  const marksOf = (name) => {
    const own = modules.get(name);
    const others = [...modules.values()].filter((module) => module !== own);
    // From the middle on, to find a part of the code that the other modules do not have too.
    for (let at = 3 * Math.floor(own.length / 6); at < own.length - 300; at += 300) {
      const raw = own.subarray(at, at + 48);
      if (!others.some((other) => other.includes(raw))) return [raw, Buffer.from(raw.toString('base64'))];
    }
    throw new Error('the modules do not differ');
  };
  const marks = FILES.map((names) => names.flatMap(marksOf));
  for (const file of readdirSync(root, { recursive: true })) {
    if (!/\.[cm]?js$/.test(file)) continue;
    for (const [text] of readFileSync(join(root, file), 'latin1').matchAll(/[\w+/=-]{20000,}/g)) {
      const list = marks[/emulator/.test(file) ? 1 : 0];
      const middle = Math.floor(text.length / 2);
      // One mark for each form, so that no copy counts twice.
      if (!list.some((mark) => text.includes(mark.toString('latin1'))))
        list.push(Buffer.from(text.slice(middle, middle + 64)));
    }
  }
  return marks;
}

/** Returns how many of the buffers contain each module: `{ core, emulator }`. Equal buffers count once. */
export function countWasm(marks, buffers) {
  const distinct = [...new Map(buffers.map((buffer) => [buffer.toString('latin1'), buffer])).values()];
  const [core, emulator] = marks.map((list) =>
    distinct
      .map((buffer) => list.reduce((count, mark) => count + occurrences(buffer, mark), 0))
      .reduce((a, b) => a + b, 0),
  );
  return { core, emulator };
}

function occurrences(buffer, mark) {
  let count = 0;
  for (let at = buffer.indexOf(mark); at >= 0; at = buffer.indexOf(mark, at + mark.length)) count += 1;
  return count;
}

/** Returns the content of every file below a folder that a bundler has written, without its cache and source maps. */
export function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !/[\\/](node_modules|cache|\.vite)[\\/]|\.map$/.test(path.slice(folder.length)))
    .map((path) => readFileSync(path));
}
