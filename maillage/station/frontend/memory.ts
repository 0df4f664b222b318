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

/** Whose second screen this is, on a machine of its own. */
export interface Place {
  room: string;
  point: string;
  zone: string;
}

const SECOND = "maillage.second-screen";

export function rememberPlace(place: Place | null): void {
  if (place) localStorage.setItem(SECOND, JSON.stringify(place));
  else localStorage.removeItem(SECOND);
}

export const recallPlace = (): Place | null => JSON.parse(localStorage.getItem(SECOND) ?? "null") as Place | null;

const WHY = "maillage.station.why";

/** Why this screen is no longer linked: still read after a restart, until it is linked again. */
export function keepReason(sentence: string): void {
  if (sentence) localStorage.setItem(WHY, sentence);
  else localStorage.removeItem(WHY);
}

export const keptReason = (): string => localStorage.getItem(WHY) ?? "";

function isKnown(kept: unknown): kept is Known {
  return typeof kept === "object" && kept !== null && "meetings" in kept && Array.isArray(kept.meetings) && "zone" in kept;
}
