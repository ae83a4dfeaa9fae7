/** Suggestions for misspelt names. */

/** Returns the name that is most similar to one that does not exist; undefined if none is similar. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((candidate) => ({ candidate, distance: candidate.startsWith(name) ? 1 : editDistance(name, candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.min(3, candidate.length >> 1))
    .sort((one, other) => one.distance - other.distance);
  return best?.candidate;
}

/** Returns how many characters to insert, delete or replace (Levenshtein distance). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1];
    for (let at = 0; at < other.length; at += 1) {
      const replaced = Number(row[at]) + (character === other[at] ? 0 : 1);
      next.push(Math.min(replaced, Number(row[at + 1]) + 1, Number(next[at]) + 1));
    }
    row = next;
  }
  return Number(row.at(-1));
}
