/** Sound first: its packets go before the picture's, and the picture has a ceiling. */
import { SMALL, type Picture } from "./ladder.ts";
import type { Slot } from "./transport.ts";

/** Bits a second of the sound, at most. */
export const SOUND = 40_000;
/** To who receives small faces or none: their line is narrow, and of three sites two voices must pass in 128 kbit/s with
 *  all that carries them. Much less, and Opus would no longer guard speech against loss. */
export const LEAN_SOUND = 28_000;
const LEAST_CAMERA = 50_000;

/** Set how much picture `sender` may send; for the sound, `allowed` is the camera's, which tells a narrow line. A browser
 *  that refuses keeps its own setting. */
export function tuneSender(slot: Slot, sender: RTCRtpSender, allowed: Picture): void {
  const wanted = sender.getParameters();
  const encoding = wanted.encodings?.[0];
  if (!encoding) return;
  encoding.priority = encoding.networkPriority = slot === "audio" ? "high" : slot === "screen" ? "medium" : "low";
  if (slot === "camera") {
    encoding.active = allowed.bitrate > 0;
    encoding.maxBitrate = Math.max(allowed.bitrate, LEAST_CAMERA);
    encoding.scaleResolutionDownBy = allowed.scale;
    encoding.maxFramerate = allowed.frames;
    wanted.degradationPreference = "balanced";
  } else if (slot === "screen") {
    encoding.active = allowed.bitrate > 0;
    encoding.maxBitrate = Math.max(allowed.bitrate, LEAST_CAMERA);
    encoding.maxFramerate = allowed.frames;
    const isVideo = sender.track?.contentHint === "motion";
    wanted.degradationPreference = isVideo ? "maintain-framerate" : "maintain-resolution"; // letters stay sharp
  } else encoding.maxBitrate = allowed.bitrate > SMALL.bitrate ? SOUND : LEAN_SOUND;
  sender.setParameters(wanted).catch(() => undefined);
}
