/** Sound first: what is given up for it, and what is noticed of it. */
import { describe, expect, it } from "vitest";
import { layersAt } from "./bridge/outgoing.ts";
import { layerFor, slotsAt } from "./bridge/feeds.ts";
import { echoDelay, KEPT } from "./echo.ts";
import { AT_FULL, climb, forReceiver, LAST, lineWord, STEPS, stepAt, type Ladder } from "./ladder.ts";
import { MOST_SITES, verdictOf } from "./line_test.ts";
import { heard, SILENT, volumesOf } from "./loudness.ts";
import { after, isDead, QUIET, speaksWhileCut } from "./own_voice.ts";
import type { Sample } from "./protocol.ts";

const line = (values: Partial<Sample>): Sample => ({ remote: 1, ...values });
const rounds = (ladder: Ladder, values: Partial<Sample>, count: number): Ladder =>
  Array.from({ length: count }).reduce<Ladder>((now) => climb(now, [line(values)]), ladder);

describe("the order of what is given up", () => {
  it("is the others' images, one's own, the rate of what is shown, its picture, then the telephone", () => {
    expect(STEPS.map((step) => step.word)).toEqual(["full", "others_small", "others_none", "own_small", "own_none", "share_slow", "share_none", "phone"]);
  });
  it("never gives back at a lower step what a higher one took", () => {
    const images = ["none", "small", "full"];
    for (const [index, step] of STEPS.entries()) {
      const before = stepAt(index - 1 < 0 ? 0 : index - 1);
      expect(images.indexOf(step.others)).toBeLessThanOrEqual(images.indexOf(before.others));
      expect(step.own.bitrate).toBeLessThanOrEqual(before.own.bitrate);
      expect(step.share.bitrate).toBeLessThanOrEqual(before.share.bitrate);
    }
  });
  it("keeps what is shown when every face is gone", () => {
    const faceless = STEPS.find((step) => step.word === "own_none")!;
    expect([faceless.others, faceless.own.bitrate]).toEqual(["none", 0]);
    expect(faceless.share).toEqual(STEPS[0]!.share);
    expect(slotsAt(STEPS.indexOf(faceless), false)).toEqual(["audio", "screen"]);
  });
  it("is felt at the bridge as on a direct line", () => {
    expect([layerFor(720, 0), layerFor(720, 1), layerFor(180, 0)]).toEqual([2, 0, 0]);
    expect([layersAt(0), layersAt(3), layersAt(4)]).toEqual([3, 1, 0]);
    expect(slotsAt(0, true)).toEqual(["audio"]);
    expect(forReceiver(STEPS[0]!.own, "none").bitrate).toBe(0);
    expect(forReceiver(STEPS[0]!.own, "small").bitrate).toBeLessThan(STEPS[0]!.own.bitrate);
    expect(forReceiver(STEPS[4]!.own, "small").bitrate).toBe(0);
  });
});

describe("the ladder", () => {
  it("goes down when sound is missed twice in a row, faster when much is", () => {
    expect(rounds(AT_FULL, { concealed_in: 0.03 }, 1).step).toBe(0);
    expect(rounds(AT_FULL, { concealed_in: 0.03 }, 2).step).toBe(1);
    expect(rounds(AT_FULL, { concealed_in: 0.03 }, 3).step).toBe(2);
    expect(rounds(AT_FULL, { concealed_in: 0.2 }, 3).step).toBe(3);
    expect(rounds(AT_FULL, { loss_out: 0.15 }, 2).step).toBe(1);
    expect(rounds(AT_FULL, { rtt_ms: 1500 }, 2).step).toBe(1);
    expect(rounds(AT_FULL, { concealed_in: 0.3 }, 9).step).toBe(LAST);
  });
  it("does not give anything up for a loss that the ear does not hear", () => {
    expect(rounds(AT_FULL, { loss_in: 0.1, concealed_in: 0.004 }, 9).step).toBe(0);
  });
  it("does not take a cut line for a weak one", () => {
    const before = rounds(AT_FULL, { concealed_in: 0.5 }, 1);
    const during = rounds(before, { concealed_in: 1 }, 6);
    expect(rounds(during, { concealed_in: 0.5 }, 1).step).toBe(0);
  });
  it("climbs again after several good measures", () => {
    const down = rounds(AT_FULL, { loss_out: 0.2 }, 2);
    expect(rounds(down, { loss_out: 0 }, 3).step).toBe(1);
    expect(rounds(down, { loss_out: 0 }, 4).step).toBe(0);
  });
  it("undoes a climb at the first measure in which the sound suffers, and asks for more good ones before it tries that step again", () => {
    let now: Ladder = { ...AT_FULL, step: 2 };
    for (const asked of [4, 16, 64, 64]) {
      expect(rounds(now, {}, asked - 1).step).toBe(2);
      const up = rounds(now, {}, asked);
      expect(up.step).toBe(1);
      now = rounds(up, { concealed_in: 0.2 }, 1);
      expect(now.step).toBe(2);
    }
    const lower = { ...now, step: 4 };
    expect(rounds(lower, {}, 8).step).toBe(2);
  });
  it("forgets a failed climb once it has held", () => {
    const failed: Ladder = { ...AT_FULL, step: 2, failed: 1, patience: 64 };
    const up = rounds(failed, {}, 64);
    expect([up.step, up.climbed]).toEqual([1, true]);
    const held = rounds(up, {}, 10);
    expect([held.step, held.climbed, held.failed, held.patience]).toEqual([1, false, -1, 64]);
    expect(rounds(held, { concealed_in: 0.05 }, 1).step).toBe(1);
    const top = rounds(held, {}, 1);
    expect(top.step).toBe(0);
    expect(rounds(top, { concealed_in: 0.05 }, 1)).toMatchObject({ step: 1, failed: 0, patience: 64 });
    expect(rounds(top, {}, 30).patience).toBe(4);
  });
  it("is at full again little more than a minute after the worst of lines has become good", () => {
    let now: Ladder = { ...AT_FULL, step: LAST };
    for (let tries = 0; tries < 5; tries += 1) now = rounds(rounds(now, {}, 8), { concealed_in: 0.2 }, 3);
    expect([now.step, now.patience]).toEqual([LAST, 8]);
    expect(rounds(now, {}, 8 + 8 + 5 * 4).step).toBe(0);
  });
  it("is held up, not thrown back, by a measure that is neither good nor bad", () => {
    const down: Ladder = { ...AT_FULL, step: 2, good: 3 };
    expect(rounds(rounds(down, { concealed_in: 0.01 }, 5), {}, 1).step).toBe(1);
  });
  it("listens to the worst of its lines", () => {
    const both = [line({ concealed_in: 0 }), line({ concealed_in: 0.05 })];
    expect(climb(climb(AT_FULL, both), both).step).toBe(1);
  });
  it("does not take the weak end of another site for its own", () => {
    const one = [line({ loss_in: 0, concealed_in: 0 }), line({ remote: 2, loss_in: 0.1, concealed_in: 0.1 })];
    expect(climb(climb(AT_FULL, one), one).step).toBe(0);
    const all = [line({ loss_in: 0.05, concealed_in: 0.03 }), line({ remote: 2, loss_in: 0.1, concealed_in: 0.1 })];
    expect(climb(climb(AT_FULL, all), all).step).toBe(1);
  });
  it("spares a computer that does not follow the large images, never the small ones", () => {
    const slow = { loss_in: 0, rtt_ms: 3, loss_out: 0, concealed_in: 0.2 };
    expect(rounds(AT_FULL, slow, 9).step).toBe(1);
    expect(rounds({ ...AT_FULL, step: 3 }, slow, 20).step).toBe(1);
    expect(rounds(AT_FULL, { ...slow, rtt_ms: 400 }, 9).step).toBe(LAST);
  });
  it("changes nothing without a measure", () => {
    expect(climb(AT_FULL, [])).toBe(AT_FULL);
  });
  it("says the state of the line in one word", () => {
    expect(lineWord(["connected"], AT_FULL, true)).toBe("good");
    expect(lineWord(["connected"], { ...AT_FULL, step: 1 }, true)).toBe("others_small");
    expect(lineWord(["connected"], { ...AT_FULL, step: LAST }, true)).toBe("phone");
    expect(lineWord(["connected", "cut"], AT_FULL, true)).toBe("cut");
    expect(lineWord(["connected"], AT_FULL, false)).toBe("server");
    expect(lineWord([], AT_FULL, true)).toBe("alone");
  });
});

describe("sites heard alike", () => {
  const speak = (levels: Record<number, number>) =>
    Array.from({ length: 300 }).reduce<typeof SILENT>((voices) => Object.entries(levels).reduce((now, [site, level]) => heard(now, Number(site), level), voices), SILENT);
  it("turns the loud ones down to the quietest", () => {
    const volumes = volumesOf(speak({ 1: 0.05, 2: 0.1 }));
    expect(volumes.get(1)).toBeCloseTo(1);
    expect(volumes.get(2)).toBeCloseTo(0.5, 1);
  });
  it("never turns a site down so far that it is lost", () => {
    expect(volumesOf(speak({ 1: 0.006, 2: 0.9 })).get(2)).toBeCloseTo(0.25, 1);
  });
  it("learns nothing from silence", () => {
    expect(volumesOf(speak({ 1: 0.1, 2: 0.0001 })).has(2)).toBe(false);
    expect(volumesOf(SILENT).size).toBe(0);
  });
});

describe("our voice sent back", () => {
  const voice = Array.from({ length: KEPT }, (_, moment) => (Math.sin(moment * 1.7) + Math.sin(moment * 0.61) > 0.3 ? 0.7 : 0.1));
  const late = (levels: number[], steps: number): number[] => levels.map((_, moment) => (levels[moment - steps] ?? 0.1) * 0.6);
  it("is recognised, with its delay", () => {
    expect(echoDelay(voice, late(voice, 3))).toBe(300);
    expect(echoDelay(voice, late(voice, 9))).toBe(900);
  });
  it("is not seen in another's speech, in silence, nor in too short a listening", () => {
    const other = Array.from({ length: KEPT }, (_, moment) => (Math.cos(moment * 2.9) + Math.sin(moment * 0.37) > 0.2 ? 0.7 : 0.1));
    expect(echoDelay(voice, other)).toBeNull();
    expect(echoDelay(voice, voice.map(() => 0))).toBeNull();
    expect(echoDelay(voice.map(() => 0.3), late(voice, 3))).toBeNull();
    expect(echoDelay(voice.slice(0, 40), late(voice, 3).slice(0, 40))).toBeNull();
  });
});

describe("our own microphone", () => {
  const hear = (levels: number[], isOn: boolean) => levels.reduce((voice, level) => after(voice, level, isOn), QUIET);
  it("tells who speaks with the sound cut, not who coughs", () => {
    expect(speaksWhileCut(hear(Array(10).fill(0.6), false))).toBe(true);
    expect(speaksWhileCut(hear([0.6, 0.6, 0, 0, 0, 0, 0, 0], false))).toBe(false);
    expect(speaksWhileCut(hear(Array(10).fill(0.6), true))).toBe(false);
  });
  it("is dead after half a minute of nothing at all, not of a quiet room", () => {
    expect(isDead(hear(Array(300).fill(0), true))).toBe(true);
    expect(isDead(hear(Array(299).fill(0), true))).toBe(false);
    expect(isDead(hear(Array(600).fill(0.02), true))).toBe(false);
    expect(isDead(hear(Array(600).fill(0), false))).toBe(false);
  });
});

describe("what a line carries", () => {
  it("is said in places, then slides, then sound, then the telephone", () => {
    expect(verdictOf({ down: 8000, up: 2000 })).toEqual({ word: "images", sites: MOST_SITES });
    expect(verdictOf({ down: 1800, up: 800 })).toEqual({ word: "images", sites: 3 });
    expect(verdictOf({ down: 700, up: 700 })).toEqual({ word: "image", sites: 1 });
    expect(verdictOf({ down: 512, up: 256 }).word).toBe("slides");
    expect(verdictOf({ down: 8000, up: 256 }).word).toBe("slides");
    expect(verdictOf({ down: 128, up: 128 }).word).toBe("sound");
    expect(verdictOf({ down: 40, up: 40 }).word).toBe("phone");
  });
});
