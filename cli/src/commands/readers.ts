/** Readers of option values. Each returns the value, or throws an error whose message is the predicate of a sentence. */

/** Returns a reader of whole numbers in a range. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= min && number <= max) return number;
    throw new Error(`is no whole number from ${min} to ${max}; give one`);
  };
}
