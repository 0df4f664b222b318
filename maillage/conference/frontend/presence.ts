/** Who is in, as this page last heard it, and what changed. Pure. */
import type { Presence, Present } from "./protocol.ts";

export interface Room {
  version: number;
  present: readonly Present[];
}

export const EMPTY: Room = { version: -1, present: [] };

export interface Change {
  room: Room;
  arrived: Present[];
  left: Present[];
}

/** Return the room after `told`; news older than what we know change nothing. */
export function heardOf(room: Room, told: Presence): Change | null {
  if (told.version < room.version) return null;
  const before = new Map(room.present.map((one) => [one.party, one]));
  const after = new Set(told.present.map((one) => one.party));
  return {
    room: { version: told.version, present: told.present },
    arrived: told.present.filter((one) => !before.has(one.party)),
    left: room.present.filter((one) => !after.has(one.party)),
  };
}

export const others = (room: Room, me: number): Present[] => room.present.filter((one) => one.party !== me);
export const mine = (room: Room, me: number, page: string): Present | undefined => room.present.find((one) => one.party === me && one.page === page);
