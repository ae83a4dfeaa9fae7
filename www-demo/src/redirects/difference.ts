/** A text in three parts, the middle one of which differs from another text. */
export interface Marked {
  before: string;
  differing: string;
  after: string;
}

/**
 * Splits a URL and the entry that comes nearest to it where they differ. The library says where the difference begins;
 * the end is where both texts go on alike to their ends.
 *
 * An entry that is not a whole URL, such as a domain, begins somewhere within the URL, so only the URL has a marked part.
 */
export function markDifference(url: string, entry: string, at: number): { url: Marked; entry: Marked } {
  const start = wholeCharacters(url, at);
  if (url.slice(0, start) !== entry.slice(0, start)) {
    return { url: split(url, start, url.length), entry: split(entry, entry.length, entry.length) };
  }
  const longest = Math.min(url.length, entry.length) - start;
  let alike = 0;
  while (alike < longest && url.at(-1 - alike) === entry.at(-1 - alike)) alike += 1;
  return { url: split(url, start, url.length - alike), entry: split(entry, start, entry.length - alike) };
}

/** The index, moved back if it is within a character of two code units. */
const wholeCharacters = (text: string, index: number) =>
  /^[\udc00-\udfff]/.test(text.slice(index)) ? index - 1 : index;

const split = (text: string, start: number, end: number): Marked => ({
  before: text.slice(0, start),
  differing: text.slice(start, end),
  after: text.slice(end),
});
