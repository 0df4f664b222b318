/** What the two screens of a room say to each other, in one browser or through the server. */

import type { Spot } from "./pointing.ts";

export const CHANNEL = "maillage.second-screen";
export const ALIVE_EVERY = 1500;
export const GONE_AFTER = 5000;
const SETTLED_WITHIN = 2000;

export type Shown = { kind: "page"; address: string; words: string } | { kind: "screen" } | null;
export type OfMain =
  | { type: "shown"; shown: Shown }
  | { type: "pointer"; spot: Spot | null }
  /** The server adds the paths that the second screen may use. */
  | { type: "offer"; sdp: string; ice_servers?: RTCIceServer[] };
export type OfSecond =
  /** `lined`: it has a line for a shown screen, or makes one; a window opened before an update does not say. */
  { type: "here"; lined?: boolean } | { type: "answer"; sdp: string };
export type News = OfMain | OfSecond;

/** The description once its paths are known: all of them, or those found soon, since a relay may answer late or never. */
export async function settled(line: RTCPeerConnection): Promise<string> {
  if (line.iceGatheringState !== "complete") {
    const all = new Promise((done) => line.addEventListener("icegatheringstatechange", () => line.iceGatheringState === "complete" && done(null)));
    await Promise.race([all, new Promise((late) => setTimeout(late, SETTLED_WITHIN))]);
  }
  return line.localDescription?.sdp ?? "";
}
