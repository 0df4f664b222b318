/** What is given up first when the line is weak: one's own picture, step by step; sound never. Pure. */
import type { Sample } from "./protocol.ts";

export interface Step {
  /** Bits a second for the camera; 0: no picture at all. */
  bitrate: number;
  scale: number;
  frames: number;
}

export const STEPS: readonly Step[] = [
  { bitrate: 1_500_000, scale: 1, frames: 30 },
  { bitrate: 600_000, scale: 1.5, frames: 24 },
  { bitrate: 250_000, scale: 2, frames: 15 },
  { bitrate: 100_000, scale: 4, frames: 8 },
  { bitrate: 0, scale: 4, frames: 1 },
];

export interface Ladder {
  step: number;
  /** Measures in a row that were good enough to climb. */
  good: number;
  /** Good measures needed before the next climb: doubled each time a climb fails. */
  patience: number;
}

export const AT_FULL: Ladder = { step: 0, good: 0, patience: 4 };

/** Return the ladder after one round of measures, about 2 s apart. The worst line decides. */
export function climb(ladder: Ladder, samples: readonly Sample[]): Ladder {
  if (samples.length === 0) return ladder;
  const loss = Math.max(...samples.map((sample) => Math.max(sample.loss_out ?? 0, sample.loss_in ?? 0)));
  const delay = Math.max(...samples.map((sample) => sample.rtt_ms ?? 0));
  const last = STEPS.length - 1;
  if (loss > 0.2) return { step: Math.min(last, ladder.step + 2), good: 0, patience: Math.min(32, ladder.patience * 2) };
  if (loss > 0.06 || delay > 1200) return { step: Math.min(last, ladder.step + 1), good: 0, patience: Math.min(32, ladder.patience * 2) };
  if (loss > 0.02) return { ...ladder, good: 0 };
  const good = ladder.good + 1;
  if (ladder.step > 0 && good >= ladder.patience) return { step: ladder.step - 1, good: 0, patience: ladder.patience };
  return { step: ladder.step, good: Math.min(good, 64), patience: good > 30 ? AT_FULL.patience : ladder.patience };
}

export type LineWord = "good" | "fair" | "poor" | "cut" | "alone" | "server";

/** Return the word for the state of the line as a whole. */
export function lineWord(lines: readonly string[], ladder: Ladder, signallingUp: boolean): LineWord {
  if (lines.some((line) => line === "cut")) return "cut";
  if (!signallingUp) return lines.includes("connected") ? "server" : "cut";
  if (lines.length === 0) return "alone";
  if (ladder.step === STEPS.length - 1) return "poor";
  return ladder.step > 0 ? "fair" : "good";
}
