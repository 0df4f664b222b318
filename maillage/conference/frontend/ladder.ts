/** What is given up when the line is weak, always in the same order: the others' images, one's own image, the rate of
 *  what is shown, its picture, and last the telephone takes over. Sound is never given up. Pure. */
import type { Images, Sample } from "./protocol.ts";

export interface Picture {
  /** Bits a second; 0: no picture at all. */
  bitrate: number;
  scale: number;
  frames: number;
}

export interface Step {
  /** What people are told of it: the key of a text. */
  word: "full" | "others_small" | "others_none" | "own_small" | "own_none" | "share_slow" | "share_none" | "phone";
  /** How much of the others' images is received. */
  others: Images;
  own: Picture;
  share: Picture;
}

const FULL: Picture = { bitrate: 1_500_000, scale: 1, frames: 30 };
export const SMALL: Picture = { bitrate: 150_000, scale: 3, frames: 10 };
const NONE: Picture = { bitrate: 0, scale: 4, frames: 1 };
const SLIDES: Picture = { bitrate: 1_500_000, scale: 1, frames: 15 };
const SLOW_SLIDES: Picture = { bitrate: 120_000, scale: 1, frames: 2 };

export const STEPS: readonly Step[] = [
  { word: "full", others: "full", own: FULL, share: SLIDES },
  { word: "others_small", others: "small", own: FULL, share: SLIDES },
  { word: "others_none", others: "none", own: FULL, share: SLIDES },
  { word: "own_small", others: "none", own: SMALL, share: SLIDES },
  { word: "own_none", others: "none", own: NONE, share: SLIDES },
  { word: "share_slow", others: "none", own: NONE, share: SLOW_SLIDES },
  { word: "share_none", others: "none", own: NONE, share: NONE },
  { word: "phone", others: "none", own: NONE, share: NONE },
];
export const LAST = STEPS.length - 1;
/** The step at `step`, the last one beyond. */
export const stepAt = (step: number): Step => STEPS[Math.min(step, LAST)]!;
/** Tell whether an image of the others of this kind leaves room for this picture: those who asked for less get less. */
export const forReceiver = (own: Picture, images: Images): Picture =>
  images === "none" ? NONE : images === "small" && own.bitrate > SMALL.bitrate ? SMALL : own;

export interface Ladder {
  step: number;
  /** Measures in a row that were good enough to climb. */
  good: number;
  /** Measures in a row in which the sound suffered. */
  bad: number;
  /** The last move was a climb, still on trial. */
  climbed: boolean;
  /** The step whose climb failed last, which `patience` good measures are asked for before it is tried again; -1: none. */
  failed: number;
  patience: number;
}

/** Good measures before a climb, about 2 s each. */
const USUAL_PATIENCE = 4;
export const AT_FULL: Ladder = { step: 0, good: 0, bad: 0, climbed: false, failed: -1, patience: USUAL_PATIENCE };
/** A trial that fails is heard: the next comes four times later, after two minutes at most. */
const MORE_PATIENCE = 4;
const MOST_PATIENCE = 64;
/** Where no faces are given back little is at stake, perhaps nothing: such a failure often tells of the line alone. */
const MOST_WITHOUT_FACES = 8;
/** Good measures after which a climb has held; after more of them, earlier failures count no more. */
const HELD = 10;
const LONG_HELD = 30;
/** One bad measure may be a moment's: the second one moves. A climb on trial is undone at the first. */
const ENOUGH = 2;

type Harm = "cut" | "severe" | "bad" | "strained" | "some" | "none";

const most = (samples: readonly Sample[], pick: (sample: Sample) => number | null | undefined): number => Math.max(...samples.map((one) => pick(one) ?? 0));

/** Of several lines one brings everything: what another lacks was lost at its other end, and giving up images here would
 *  not bring it back. */
function isElsewhere(samples: readonly Sample[]): boolean {
  const telling = samples.filter((one) => typeof one.loss_in === "number");
  return telling.length > 1 && telling.some((one) => Math.max(one.loss_in ?? 0, one.concealed_in ?? 0) < 0.003);
}

/** Nothing is lost and answers come at once: the line is good, it is this computer that does not follow. */
const isComputer = (samples: readonly Sample[]): boolean =>
  samples.every(({ loss_in, rtt_ms }) => typeof loss_in === "number" && loss_in < 0.01 && typeof rtt_ms === "number" && rtt_ms < 200) && most(samples, (one) => one.loss_out) < 0.01;

/** How much the sound suffers. What the ear misses on the way in is measured (sound made up by the browser); on the way
 *  out only the loss is known, most of which is repaired there. A long delay says that the line is full. Where nothing
 *  at all comes the line is cut, not weak: giving images up would not bring it back. */
function harmOf(samples: readonly Sample[]): Harm {
  const missed = isElsewhere(samples) ? 0 : most(samples, (one) => one.concealed_in ?? one.loss_in);
  const [lost, delay] = [most(samples, (one) => one.loss_out), most(samples, (one) => one.rtt_ms)];
  if (missed > 0.9) return "cut";
  if (missed > 0.02 && isComputer(samples)) return "strained";
  if (missed > 0.08 || lost > 0.25 || delay > 2000) return "severe";
  if (missed > 0.02 || lost > 0.12 || delay > 1000) return "bad";
  return missed > 0.005 || lost > 0.04 || delay > 500 ? "some" : "none";
}

/** What a computer that does not follow is spared: small images are nearly free, and all that is known to help. */
const SPARED = 1;

/** Return the ladder after one round of measures, about 2 s apart. The worst line decides, unless only its other end is weak. */
export function climb(ladder: Ladder, samples: readonly Sample[]): Ladder {
  if (samples.length === 0) return ladder;
  const harm = harmOf(samples);
  if (harm === "none" || (harm === "strained" && ladder.step > SPARED)) return rest(ladder);
  if (harm === "some") return { ...ladder, bad: 0 };
  if (harm === "cut" || (harm === "strained" && ladder.step === SPARED)) return { ...ladder, good: 0, bad: 0 };
  if (ladder.climbed) return undone(ladder);
  const bad = ladder.bad + 1;
  if (bad < ENOUGH) return { ...ladder, good: 0, bad };
  const step = Math.min(LAST, ladder.step + (harm === "severe" && ladder.step > 0 ? 2 : 1));
  return { ...ladder, step, good: 0, bad };
}

/** After a climb that the sound suffered from: back to the step that was good. */
function undone(ladder: Ladder): Ladder {
  const most = stepAt(ladder.step).own.bitrate > 0 ? MOST_PATIENCE : MOST_WITHOUT_FACES;
  const patience = Math.min(most, ladder.patience * MORE_PATIENCE);
  return { step: Math.min(LAST, ladder.step + 1), good: 0, bad: 1, climbed: false, failed: ladder.step, patience };
}

/** After a good measure: one step up once there were enough of them. */
function rest(ladder: Ladder): Ladder {
  const good = Math.min(ladder.good + 1, MOST_PATIENCE);
  const asked = ladder.step > ladder.failed + 1 ? USUAL_PATIENCE : ladder.patience;
  const climbs = ladder.step > 0 && good >= asked;
  const isHeld = climbs || good >= HELD;
  const failed = isHeld && ladder.step <= ladder.failed ? -1 : ladder.failed;
  if (climbs) return { ...ladder, step: ladder.step - 1, good: 0, bad: 0, climbed: true, failed };
  const patience = failed < 0 && good >= LONG_HELD ? USUAL_PATIENCE : ladder.patience;
  return { ...ladder, good, bad: 0, climbed: ladder.climbed && !isHeld, failed, patience };
}

export type LineWord = "good" | "cut" | "alone" | "server" | Exclude<Step["word"], "full">;

/** Return the word for the state of the line as a whole. */
export function lineWord(lines: readonly string[], ladder: Ladder, signallingUp: boolean): LineWord {
  if (lines.some((line) => line === "cut")) return "cut";
  if (!signallingUp) return lines.includes("connected") ? "server" : "cut";
  if (lines.length === 0) return "alone";
  const { word } = stepAt(ladder.step);
  return word === "full" ? "good" : word;
}
