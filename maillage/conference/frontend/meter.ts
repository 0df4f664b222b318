/** How loud a track is, drawn in a <meter>. */
let shared: AudioContext | null = null;

/** Return the page's audio context, woken by the first gesture if the browser holds it. */
export function audioContext(): AudioContext {
  if (!shared) {
    shared = new AudioContext();
    const wake = (): void => void shared?.resume();
    for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, wake);
  }
  return shared;
}

/** Return the level of one frame of samples, 0 to 1: root mean square, on a scale where ordinary speech fills half. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-10);
  return Math.min(1, Math.max(0, (decibels + 60) / 55));
}

/** Draw the level of `track` in `meter` until the returned function is called. */
export function mountMeter(meter: HTMLMeterElement, track: MediaStreamTrack, heard?: (level: number) => void): () => void {
  const context = audioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = window.setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    meter.value = levelOf(samples);
    heard?.(meter.value);
  }, 80);
  return () => {
    clearInterval(timer);
    source.disconnect();
    meter.value = 0;
  };
}
