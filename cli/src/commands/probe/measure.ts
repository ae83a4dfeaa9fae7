/** Finds numbers that the service does not tell: the largest that it accepts, and times. */

/** The step sizes of round numbers, coarsest first. */
const STEPS = [60_000, 30_000, 10_000, 5_000, 1_000, 500, 100, 50, 10, 5, 1];

/**
 * Returns the roundest whole number that is greater than `lower` and at most `upper`. Two measurements of one time differ by
 * the time that the requests take, and this makes them agree.
 */
export function roundest(lower: number, upper: number): number {
  for (const step of STEPS) {
    const candidate = (Math.floor(lower / step) + 1) * step;
    if (candidate > 0 && candidate <= upper) return candidate;
  }
  return Math.max(1, Math.ceil(upper));
}

/** The reaction to a number. */
export interface Reaction {
  isAccepted: boolean;
  /** The limit that a refusal names. */
  threshold?: number | undefined;
}

/** The largest accepted number, and whether it is known that the next one is refused. */
export interface Limit {
  limit: number;
  isExact: boolean;
}

/**
 * Finds the largest number that is accepted.
 *
 * @param largest The largest number that is tried.
 * @returns Undefined if not even 1 is accepted.
 */
export async function findLimit(
  ask: (number: number) => Promise<Reaction>,
  largest: number,
): Promise<Limit | undefined> {
  const reaction = await ask(largest);
  if (reaction.isAccepted) return { limit: largest, isExact: false };
  const { threshold } = reaction;
  if (threshold !== undefined && Number.isInteger(threshold) && threshold > 0 && threshold < largest) {
    const isRight = (await ask(threshold)).isAccepted && !(await ask(threshold + 1)).isAccepted;
    if (isRight) return { limit: threshold, isExact: true };
  }
  let accepted = 0;
  let tooLarge = largest;
  while (tooLarge - accepted > 1) {
    // Limits are small, so the search begins there.
    const middle = accepted === 0 && tooLarge > 1_024 ? 1_024 : Math.floor((accepted + tooLarge) / 2);
    if ((await ask(middle)).isAccepted) accepted = middle;
    else tooLarge = middle;
  }
  return accepted === 0 ? undefined : { limit: accepted, isExact: true };
}
