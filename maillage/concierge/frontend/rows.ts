/** Which row comes next. Pure. */

/** The row after (1) or before (-1) `present`; the first one when `present` is gone or none; itself at an end. */
export function neighbour(rows: readonly string[], present: string, step: 1 | -1): string | undefined {
  const at = rows.indexOf(present);
  if (at < 0) return rows[0];
  return rows[Math.max(0, Math.min(rows.length - 1, at + step))];
}
