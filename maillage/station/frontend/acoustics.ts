/** The arithmetic of the room's acoustic test: a known sound is played, and looked for in what the microphone heard. */

/** Three notes that no fan hums and every loudspeaker gives, in hertz; each lasts NOTE_SECONDS. */
export const NOTES = [500, 1000, 2000] as const;
export const NOTE_SECONDS = 0.4;

/** The test sound: the notes one after the other, at a quarter of full scale, with soft edges. */
export function testSound(rate: number): Float32Array {
  const each = Math.round(rate * NOTE_SECONDS);
  const sound = new Float32Array(each * NOTES.length);
  NOTES.forEach((hertz, rank) => {
    for (let place = 0; place < each; place++) {
      const edge = Math.min(1, place / 480, (each - place) / 480);
      sound[rank * each + place] = 0.25 * edge * Math.sin((2 * Math.PI * hertz * place) / rate);
    }
  });
  return sound;
}

/** Root mean square in dB relative to full scale; -120 for silence. */
export function loudness(samples: Float32Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return decibels(Math.sqrt(energy / Math.max(1, samples.length)));
}

/** Amplitude of one frequency in dB relative to full scale (Goertzel's algorithm, 1958). */
export function noteLevel(samples: Float32Array, hertz: number, rate: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / rate);
  let before = 0;
  let beforeThat = 0;
  for (const sample of samples) {
    const present = sample + turn * before - beforeThat;
    beforeThat = before;
    before = present;
  }
  const power = before * before + beforeThat * beforeThat - turn * before * beforeThat;
  return decibels((2 * Math.sqrt(Math.max(0, power))) / Math.max(1, samples.length));
}

export interface Heard {
  /** The faintest note's level, dB relative to full scale: all three must pass. */
  soundDbfs: number;
  /** From the start of the recording to the first note, milliseconds; null if none stands out. */
  delayMs: number | null;
}

/** Look for the three notes in `heard`; a note stands out when it is 6 dB above `noiseDbfs`. */
export function findNotes(heard: Float32Array, rate: number, noiseDbfs: number): Heard {
  const step = Math.round(rate * 0.02);
  const width = Math.round(rate * 0.1);
  const loudest = NOTES.map(() => -120);
  let first: number | null = null;
  for (let start = 0; start + width <= heard.length; start += step) {
    const slice = heard.subarray(start, start + width);
    NOTES.forEach((hertz, rank) => {
      const level = noteLevel(slice, hertz, rate);
      if (level > (loudest[rank] ?? -120)) loudest[rank] = level;
      if (rank === 0 && first === null && level > noiseDbfs + 6) first = start;
    });
  }
  return { soundDbfs: Math.min(...loudest), delayMs: first === null ? null : (first / rate) * 1000 };
}

function decibels(amplitude: number): number {
  return amplitude > 1e-6 ? 20 * Math.log10(amplitude) : -120;
}
