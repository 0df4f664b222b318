/** Which site sends our own voice back: its sound rises and falls as ours did a moment before. Pure. */

/** One level every STEP milliseconds, in the order of time. */
export const STEP = 100;
/** The levels kept: ten seconds. */
export const KEPT = 100;
/** Delays at which an echo is looked for, in steps: 0.1 to 1.2 s there and back. */
const [SOONEST, LATEST] = [1, 12];
/** Of the correlation, -1 to 1. Two people who speak in turn stay below 0.3; a loudspeaker heard again is above 0.8. */
const ALIKE = 0.75;
/** Our own voice must vary this much (standard deviation of the level) for likeness to mean anything. */
const LIVELY = 0.08;

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

function likeness(ours: readonly number[], theirs: readonly number[]): number {
  const [a, b] = [mean(ours), mean(theirs)];
  let [both, own, other] = [0, 0, 0];
  for (const [index, one] of ours.entries()) {
    const [x, y] = [one - a, theirs[index]! - b];
    both += x * y;
    own += x * x;
    other += y * y;
  }
  return own > 0 && other > 0 ? both / Math.sqrt(own * other) : 0;
}

/** Return the delay of our echo in `theirs`, in milliseconds, or null if there is none. Both are levels of 0 to 1. */
export function echoDelay(ours: readonly number[], theirs: readonly number[]): number | null {
  const length = Math.min(ours.length, theirs.length);
  if (length < KEPT) return null;
  const [own, other] = [ours.slice(-length), theirs.slice(-length)];
  const average = mean(own);
  if (Math.sqrt(mean(own.map((one) => (one - average) ** 2))) < LIVELY) return null;
  let best = { delay: 0, likeness: ALIKE };
  for (let delay = SOONEST; delay <= LATEST; delay += 1) {
    const alike = likeness(own.slice(0, length - delay), other.slice(delay));
    if (alike > best.likeness) best = { delay, likeness: alike };
  }
  return best.delay > 0 ? best.delay * STEP : null;
}
