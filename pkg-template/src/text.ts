/** UTF-8 for the bindings, also in test environments without `TextDecoder` and `TextEncoder`, such as Jest's jsdom. */

/** Returns a decoder of valid UTF-8. */
export function createDecoder(): { decode(bytes: Uint8Array): string } {
  if (typeof TextDecoder === 'function') return new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
  const hex = (byte: number) => `%${byte.toString(16).padStart(2, '0')}`;
  return { decode: (bytes) => decodeURIComponent(Array.from(bytes, hex).join('')) };
}

/** Returns an encoder. `encodeInto` expects room for the whole text. */
export function createEncoder(): {
  encode(text: string): Uint8Array;
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
} {
  if (typeof TextEncoder === 'function') return new TextEncoder();
  // Half a surrogate pair has no form in UTF-8; `TextEncoder` replaces it too.
  const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd');
  const byte = (escaped: string) => (escaped.length === 1 ? escaped.charCodeAt(0) : Number(`0x${escaped.slice(1)}`));
  const encode = (text: string) => Uint8Array.from(encodeURIComponent(wellFormed(text)).match(/%..|[^]/g) ?? [], byte);
  return {
    encode,
    encodeInto(text, into) {
      const bytes = encode(text);
      into.set(bytes);
      return { read: text.length, written: bytes.length };
    },
  };
}
