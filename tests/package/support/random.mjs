// Random choices that are reproducible with a seed.

/** Marsaglia's xorshift, 32 bits. */
export function random(seed) {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const below = (bound) => Math.floor(next() * bound);
  return { next, below, chance: (probability) => next() < probability, pick: (list) => list[below(list.length)] };
}
