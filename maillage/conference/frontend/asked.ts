/** What the concierge asks of this page: to send less, never more; or what became of a call that the room made. It is always said and heard here. */
import type { CallEvent, CallState } from "./state.ts";

export type Ask = "mute" | "sound-only" | "leave" | "notice" | "unanswered";
/** How long people read that their call ends before it does, in milliseconds. */
export const WARNING = 5000;

/** The change that does what is asked; null if it is so already. Nothing here can give sound or image back. */
export function obey(state: CallState, what: Ask): CallEvent | null {
  if (what === "leave" || what === "notice" || what === "unanswered") return null;
  if (what === "mute") return state.microphone ? { type: "toggle", what: "microphone" } : null;
  return state.soundOnly ? null : { type: "toggle", what: "soundOnly" };
}

/** Show the sentence for half a minute, with two soft notes. */
export function tellAsked(place: HTMLElement, sentence: string): void {
  place.textContent = sentence;
  place.hidden = false;
  setTimeout(() => (place.hidden = true), 30_000);
  ring();
}

/** Two soft notes: something calls for an act of this side. */
export function ring(): void {
  const context = new AudioContext();
  [880, 660].forEach((frequency, rank) => {
    const note = new OscillatorNode(context, { frequency });
    note.connect(new GainNode(context, { gain: 0.1 })).connect(context.destination);
    note.start(context.currentTime + rank * 0.25);
    note.stop(context.currentTime + rank * 0.25 + 0.25);
  });
  setTimeout(() => void context.close(), 1000);
}
