/** What the screen remembers across a power cut or a line cut: the last state the server gave, on this device only. */

import type { Known } from "./screen_state";

const KEY = "maillage.station";

export function remember(known: Known): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(known));
  } catch {
    // A full or forbidden storage only costs the memory of a line cut.
  }
}

export function recall(): Known | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return isKnown(kept) ? kept : null;
  } catch {
    return null;
  }
}

export function forget(): void {
  localStorage.removeItem(KEY);
}

function isKnown(kept: unknown): kept is Known {
  return typeof kept === "object" && kept !== null && "meetings" in kept && Array.isArray(kept.meetings) && "zone" in kept;
}
