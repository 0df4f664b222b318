/** What the page says of the sound while something is wrong with it; the desk is told what people cannot see from their chair. */
import type { LineWord } from "./ladder.ts";
import type { FailureCode } from "./protocol.ts";
import { SoundWatch } from "./sound_watch.ts";
import type { Stage } from "./stage.ts";
import { say, type Texts } from "./texts.ts";

/** In milliseconds. */
const LISTENS_AFTER = 600;

interface SoundNoteWishes {
  isOn: () => boolean;
  stage: Stage;
  texts: Texts;
  nameOf: (party: number) => string;
  failed: (code: FailureCode, detail?: string, about?: number) => void;
}

/** Listen to the meeting and keep #sound-note true. */
export function watchSound({ isOn, stage, texts, nameOf, failed }: SoundNoteWishes): SoundWatch {
  const note = document.querySelector<HTMLElement>("#sound-note")!;
  const words = document.querySelector<HTMLElement>("#sound-words")!;
  return new SoundWatch({
    isOn,
    volume: (party, share) => stage.setBalance(party, share),
    trouble: (now) => {
      note.hidden = now === null;
      const name = now?.what === "echo" ? nameOf(now.party) : "";
      words.textContent = now ? say(texts, `sound_${now.what.replaceAll("-", "_")}`, { name }) : "";
      if (now?.what === "echo") failed("echo", `${now.delay} ms`, now.party);
      else if (now?.what === "microphone-silent") failed("microphone-silent");
    },
  });
}

interface Ear {
  hear: (party: number, track: MediaStreamTrack) => void;
}

/** Have `ears` follow how loud a side is once its sound has played for a moment: its line opens meanwhile, and that comes first. */
export function listenLater(ears: readonly Ear[], party: number, track: MediaStreamTrack, here: ReadonlySet<number>): void {
  setTimeout(() => {
    if (here.has(party) && track.readyState === "live") for (const ear of ears) ear.hear(party, track);
  }, LISTENS_AFTER);
}

/** Mark the page with the state of its line, and offer the telephone when nothing else is left to give up. */
export function tellLine(word: LineWord): void {
  document.documentElement.dataset.line = word;
  const phone = document.querySelector<HTMLElement>("#phone-way");
  if (phone) phone.hidden = word !== "phone";
}
