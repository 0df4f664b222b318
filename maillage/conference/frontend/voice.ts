/** For how long this side speaks: its own microphone, told in seconds, never what is said. */
import { audioContext, levelOf } from "./meter.ts";

const STEP = 200;
const SPEECH = 0.28;
/** After speech, so many steps still count: people breathe. */
const BREATH = 3;

/** Adds up speech from levels 0 to 1, one every STEP ms. Pure. */
export class SpeechCount {
  private steps = 0;
  private breath = 0;

  hear(level: number): void {
    this.breath = level >= SPEECH ? BREATH : Math.max(0, this.breath - 1);
    if (this.breath > 0) this.steps += 1;
  }

  /** Return the seconds of speech since the last call. */
  take(): number {
    const seconds = (this.steps * STEP) / 1000;
    this.steps = 0;
    return seconds;
  }
}

/** Listen to `track`, telling `level` at each step; return what stops. A track that is switched off is silent. */
export function listen(track: MediaStreamTrack, level: (level: number) => void): () => void {
  const context = audioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = window.setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    level(track.enabled ? levelOf(samples) : 0);
  }, STEP);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}
