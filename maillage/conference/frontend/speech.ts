/** Tells the server, every few seconds, for how long this side has spoken. */
import { listen, SpeechCount } from "./voice.ts";

const REPORT = 5000;

/** Follow the microphone that `track` gives, null while there is none or nobody is in. */
export function mountSpeech(track: () => MediaStreamTrack | null, tell: (seconds: number) => void): void {
  const count = new SpeechCount();
  let heard: MediaStreamTrack | null = null;
  let stop = (): void => undefined;
  window.setInterval(() => {
    const now = track();
    if (now !== heard) {
      stop();
      heard = now;
      stop = now ? listen(now, (level) => count.hear(level)) : () => undefined;
    }
    const seconds = count.take();
    if (now && seconds > 0) tell(seconds);
  }, REPORT);
}
