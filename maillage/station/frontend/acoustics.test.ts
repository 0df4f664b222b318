import { expect, test } from "vitest";
import { findNotes, loudness, noteLevel, NOTES, testSound } from "./acoustics";

const RATE = 48_000;

/** A room: silence, then the sound `delay` seconds later at `gain`, over a little noise drawn from a fixed seed. */
function room(delay: number, gain: number, noise = 0.0005): Float32Array {
  const sound = testSound(RATE);
  const heard = new Float32Array(Math.round(RATE * 2.5));
  let seed = 7;
  for (let place = 0; place < heard.length; place++) {
    seed = (seed * 16_807) % 2_147_483_647;
    heard[place] = noise * (seed / 1_073_741_823 - 1);
  }
  const start = Math.round(delay * RATE);
  sound.forEach((sample, place) => {
    if (start + place < heard.length) heard[start + place]! += gain * sample;
  });
  return heard;
}

test("a full sine is 0 dB at its note and nothing at another", () => {
  const sine = Float32Array.from({ length: RATE }, (_, place) => Math.sin((2 * Math.PI * 1000 * place) / RATE));
  expect(noteLevel(sine, 1000, RATE)).toBeCloseTo(0, 1);
  expect(noteLevel(sine, 2000, RATE)).toBeLessThan(-60);
  expect(loudness(sine)).toBeCloseTo(-3.01, 1);
});

test.each([0.05, 0.2, 0.6])("the sound is found %s s after the start", (delay) => {
  const found = findNotes(room(delay, 0.5), RATE, -60);
  expect(found.delayMs).not.toBeNull();
  expect(Math.abs(found.delayMs! - delay * 1000)).toBeLessThan(100);
});

test("half the gain is six decibels less", () => {
  const loud = findNotes(room(0.1, 0.8), RATE, -60).soundDbfs;
  const soft = findNotes(room(0.1, 0.4), RATE, -60).soundDbfs;
  expect(loud - soft).toBeCloseTo(6.02, 0);
});

test("a deaf room hears nothing", () => {
  const found = findNotes(room(0.1, 0), RATE, -60);
  expect(found.delayMs).toBeNull();
  expect(found.soundDbfs).toBeLessThan(-60);
});

test("a loudspeaker that lacks one note is told by the faintest", () => {
  const heard = room(0.1, 0.5);
  const each = Math.round(RATE * 0.4);
  heard.fill(0, Math.round(0.1 * RATE) + each * (NOTES.length - 1));
  expect(findNotes(heard, RATE, -60).soundDbfs).toBeLessThan(-40);
});
