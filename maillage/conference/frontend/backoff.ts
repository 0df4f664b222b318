/** How long to wait before trying again, in milliseconds: doubling, with a spread so that all pages do not come at once. */
export function delayBefore(attempt: number, random: number, longest = 2500): number {
  const full = Math.min(longest, 200 * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.5 + random / 2));
}
