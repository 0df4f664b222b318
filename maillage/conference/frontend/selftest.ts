/** « Essayer mon matériel »: hear a tone, see one's voice move, hear it back, know what the line carries. What is said never leaves the page.
 *
 *  <section data-line-address data-csrf> [data-tone] [data-record] [data-try-line] <audio data-replay> [data-selftest-says] </section>
 */
import { lineSpeed, verdictOf } from "./line_test.ts";
import { audioContext } from "./meter.ts";
import { say, type Texts } from "./texts.ts";

const SECONDS = 3;

/** Three notes. */
export async function playTone(): Promise<void> {
  const context = audioContext();
  await context.resume();
  const gain = context.createGain();
  gain.connect(context.destination);
  for (const [index, frequency] of [523.25, 659.25, 783.99].entries()) {
    const note = context.createOscillator();
    note.frequency.value = frequency;
    note.connect(gain);
    note.start(context.currentTime + index * 0.35);
    note.stop(context.currentTime + index * 0.35 + 0.3);
  }
  gain.gain.setValueAtTime(0.25, context.currentTime);
  gain.gain.setTargetAtTime(0, context.currentTime + 1, 0.1);
}

/** Record `track` for some time. */
export async function record(track: MediaStreamTrack, milliseconds = SECONDS * 1000): Promise<Blob> {
  const recorder = new MediaRecorder(new MediaStream([track]));
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((done) => (recorder.onstop = done));
  recorder.start();
  await new Promise((done) => setTimeout(done, milliseconds));
  recorder.stop();
  await stopped;
  return new Blob(parts, { type: recorder.mimeType });
}

/** Do what `button` asks, unless it is being done. */
async function once(button: HTMLButtonElement, act: () => Promise<void>): Promise<void> {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  await act();
  button.removeAttribute("aria-disabled");
}

/** Bind the panel; `sound` gives the present microphone. */
export function mountSelfTest(panel: HTMLElement, texts: Texts, sound: () => MediaStreamTrack | null): () => void {
  const stop = new AbortController();
  const says = panel.querySelector<HTMLElement>("[data-selftest-says]")!;
  const replay = panel.querySelector<HTMLAudioElement>("[data-replay]")!;
  const start = panel.querySelector<HTMLButtonElement>("[data-record]")!;
  panel.querySelector("[data-tone]")!.addEventListener(
    "click",
    () => {
      void playTone();
      says.textContent = say(texts, "tone_played");
    },
    { signal: stop.signal },
  );
  start.addEventListener("click", () => void once(start, listen), { signal: stop.signal });
  const tryLine = panel.querySelector<HTMLButtonElement>("[data-try-line]")!;
  tryLine.addEventListener("click", () => void once(tryLine, measure), { signal: stop.signal });

  async function measure(): Promise<void> {
    says.textContent = say(texts, "trying_line");
    const speed = await lineSpeed(panel.dataset.lineAddress ?? "", panel.dataset.csrf ?? "");
    const verdict = speed && verdictOf(speed);
    says.textContent = verdict ? say(texts, `line_carries_${verdict.word}`, { count: verdict.sites }) : say(texts, "line_untried");
  }

  async function listen(): Promise<void> {
    const track = sound();
    if (!track) {
      says.textContent = say(texts, "no_microphone");
      return;
    }
    says.textContent = say(texts, "recording", { seconds: SECONDS });
    const heard = await record(track);
    replay.src = URL.createObjectURL(heard);
    replay.hidden = false;
    says.textContent = say(texts, "recorded");
    await replay.play().catch(() => undefined);
  }
  return () => stop.abort();
}
