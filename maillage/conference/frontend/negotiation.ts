/** When two pages offer at the same instant, one yields. Pure: the rule of "perfect negotiation" (W3C webrtc-pc, 10.7). */
export interface Bargain {
  /** The page that entered first yields: the newcomer opens the line. */
  polite: boolean;
  makingOffer: boolean;
  signalingState: RTCSignalingState;
}

/** Tell whether a description of `kind` collides with our own offer and must be ignored. */
export function isIgnored(bargain: Bargain, kind: "offer" | "answer"): boolean {
  const collides = kind === "offer" && (bargain.makingOffer || bargain.signalingState !== "stable");
  return collides && !bargain.polite;
}

/** Tell whether an answer comes for an offer that we no longer have. */
export function isStale(bargain: Bargain, kind: "offer" | "answer"): boolean {
  return kind === "answer" && bargain.signalingState !== "have-local-offer";
}
