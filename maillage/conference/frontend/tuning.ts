/** Sound first: its packets go before the picture's, and the picture has a ceiling. */
import { STEPS } from "./ladder.ts";
import type { Slot } from "./transport.ts";

const SOUND = 40_000;
const LEAST_SCREEN = 150_000;
const LEAST_CAMERA = 50_000;

/** Set what `sender` may send at a step of the ladder. A browser that refuses keeps its own setting. */
export function tuneSender(slot: Slot, sender: RTCRtpSender, step: number): void {
  const allowed = STEPS[step] ?? STEPS[0]!;
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
    const isVideo = sender.track?.contentHint === "motion";
    encoding.maxBitrate = Math.max(allowed.bitrate, LEAST_SCREEN);
    wanted.degradationPreference = isVideo ? "maintain-framerate" : "maintain-resolution"; // letters stay sharp
  } else encoding.maxBitrate = SOUND;
  sender.setParameters(wanted).catch(() => undefined);
}
