/** Who sends what in a room of the bridge, and whose it is. Pure. */
import { stepAt } from "../ladder.ts";
import type { Roll } from "../names.ts";
import type { Present } from "../protocol.ts";
import type { Slot } from "../transport.ts";

export interface Publisher {
  id: string;
  streams?: { type: string; mid: string; disabled?: boolean }[];
}

/** One medium of one participant, and whose sound or picture it is. */
export interface Wanted {
  party: number;
  slot: Slot;
  feed: string;
  mid: string;
}

/** Return which medium is which: first the sound, then the camera, then the screen. */
export function placesOf({ streams = [] }: Publisher): Partial<Record<Slot, string>> {
  const [camera, screen] = streams.filter((one) => one.type === "video");
  const sound = streams.find((one) => one.type === "audio");
  const places: Partial<Record<Slot, string>> = {};
  for (const [slot, stream] of [["audio", sound], ["camera", camera], ["screen", screen]] as const) {
    if (stream && !stream.disabled) places[slot] = stream.mid;
  }
  return places;
}

/** Return which media to receive: without pictures at all, or without faces when the line is weak. */
export function slotsAt(step: number, soundOnly: boolean): readonly Slot[] {
  if (soundOnly) return ["audio"];
  return stepAt(step).others === "none" ? ["audio", "screen"] : ["audio", "camera", "screen"];
}

/** Return what to receive so that all `others` are heard, and seen in `slots`; a screen only while it is shown: every place makes
 *  the line longer to open. `roll` knows whose the names are. */
export function wantedOf(publishers: readonly Publisher[], others: readonly Present[], slots: readonly Slot[], roll: Roll): Wanted[] {
  const byName = new Map(publishers.map((one) => [one.id, one]));
  const names = [...byName.keys()];
  return others.flatMap(({ party, page, screen }) => {
    const feed = byName.get(roll.find(names, page) ?? "");
    if (!feed) return [];
    const places = Object.entries(placesOf(feed)) as [Slot, string][];
    const useful = places.filter(([slot]) => slots.includes(slot) && (slot !== "screen" || screen));
    return useful.map(([slot, mid]) => ({ party, slot, feed: feed.id, mid }));
  });
}

/** Return who is gone by a piece of news of the room. */
export const goneIn = (news: Record<string, unknown>): string[] => [news.leaving, news.unpublished, news.kicked].filter((one) => typeof one === "string");

/** Return the publishers after a piece of news of the room. */
export function afterNews(publishers: readonly Publisher[], news: Record<string, unknown>): Publisher[] {
  const came = Array.isArray(news.publishers) ? (news.publishers as Publisher[]) : [];
  const replaced = new Set([...came.map((one) => one.id), ...goneIn(news)]);
  return [...publishers.filter((one) => !replaced.has(one.id)), ...came];
}

/** Simulcast layer for a picture shown `height` pixels high: 180, 360 or 720 lines; the least when the line is weak. */
export function layerFor(height: number, step: number): 0 | 1 | 2 {
  const most = stepAt(step).others === "full" ? 2 : 0;
  const useful = height <= 200 ? 0 : height <= 430 ? 1 : 2;
  return Math.min(most, useful) as 0 | 1 | 2;
}
