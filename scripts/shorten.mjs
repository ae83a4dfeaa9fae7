// Shortens the names that a WebAssembly module shares with its wasm-bindgen bindings. Most of them end in a hash, which
// does not compress, and each is in both files: 3 KB of the gzipped client.
import { readFileSync, writeFileSync } from 'node:fs';

const IMPORTS = 2;
const EXPORTS = 7;
const CUSTOM = 0;
const FUNCTION = 0;

/**
 * Renames the module's generated imports and exports, in the module and in its bindings. Removes the module's custom
 * sections, which engines do not need.
 *
 * @param {string} wasm the path of the module
 * @param {string[]} texts the paths of its bindings and of their declarations
 */
export function shortenNames(wasm, texts) {
  const names = new Map();
  const shortened = (name) => {
    // Other names are written by hand: exported functions, and functions of the project's own JavaScript.
    if (!/^__|^wasm_bindgen_/.test(name)) return name;
    if (!names.has(name)) names.set(name, `$${names.size.toString(36)}`);
    return names.get(name);
  };
  const given = new Reader(readFileSync(wasm));
  const parts = [given.bytes(8)];
  while (!given.isDone()) {
    const id = given.byte();
    const content = given.sized();
    if (id === CUSTOM) continue;
    const written =
      id === IMPORTS ? imports(content, shortened) : id === EXPORTS ? exports(content, shortened) : content;
    parts.push(Buffer.of(id), sized(written));
  }
  writeFileSync(wasm, Buffer.concat(parts));
  for (const path of texts) {
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replace(/\b\w+\b/g, (word) => names.get(word) ?? word),
    );
  }
}

/** Returns the import section with new names. wasm-bindgen imports functions only. */
function imports(content, renamed) {
  const reader = new Reader(content);
  const count = reader.number();
  const parts = [number(count)];
  for (let at = 0; at < count; at += 1) {
    parts.push(sized(reader.sized()), sized(renamed(reader.sized().toString())));
    const kind = reader.byte();
    if (kind !== FUNCTION)
      throw new Error(`the WebAssembly module has an import of kind ${kind}; only functions (0) can be renamed`);
    parts.push(Buffer.of(kind), number(reader.number()));
  }
  return Buffer.concat(parts);
}

/** Returns the export section with new names. */
function exports(content, renamed) {
  const reader = new Reader(content);
  const count = reader.number();
  const parts = [number(count)];
  for (let at = 0; at < count; at += 1) {
    parts.push(sized(renamed(reader.sized().toString())), Buffer.of(reader.byte()), number(reader.number()));
  }
  return Buffer.concat(parts);
}

/** Reads the WebAssembly binary format (https://webassembly.github.io/spec/core/binary). */
class Reader {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  isDone() {
    return this.#at >= this.#bytes.length;
  }

  bytes(length) {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  byte() {
    return this.bytes(1)[0];
  }

  /** Reads an unsigned LEB128 number of at most 32 bits. */
  number() {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  /** Reads a vector of bytes: its length, then the bytes. */
  sized() {
    return this.bytes(this.number());
  }
}

/** Returns the unsigned LEB128 form of a number. */
function number(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) + 0x80);
  return Buffer.of(...bytes, value);
}

/** Returns the vector of some bytes: its length, then the bytes. */
function sized(content) {
  const bytes = Buffer.from(content);
  return Buffer.concat([number(bytes.length), bytes]);
}
