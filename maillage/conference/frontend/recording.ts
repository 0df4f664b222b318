/** The recording of the meeting: asked, accepted by each side, always said and always seen. Rendered by _recording.html. */
import type { RecordingNews, Said } from "./protocol.ts";
import { listWords, say, type Texts } from "./texts.ts";

export interface RecordingWishes {
  root: HTMLElement;
  texts: Texts;
  language: string;
  nameOf: (party: number) => string;
  say: (message: Extract<Said, { type: "recording" }>) => void;
  announce: (sentence: string) => void;
}

/** The sentence of a state, as a text key, and which buttons it gives to side `me`. Pure. */
export function recordingShown(news: RecordingNews, me: number): { key: string; buttons: string[] } {
  if (news.step === "off") return { key: "", buttons: [] };
  if (news.waiting.includes(me)) return { key: "recording_asks", buttons: ["accept", "refuse"] };
  if (news.refused.includes(me)) return { key: "recording_you_refused", buttons: ["accept", "stop"] };
  if (news.step === "on") return { key: "recording_on", buttons: ["stop"] };
  return { key: news.refused.length > 0 ? "recording_refused" : "recording_waits", buttons: ["refuse", "stop"] };
}

export function mountRecording(wishes: RecordingWishes): (news: RecordingNews) => void {
  const { root, texts } = wishes;
  const me = Number(root.dataset.party);
  const words = root.querySelector<HTMLElement>("[data-recording-words]")!;
  let spoken = "";
  root.addEventListener("click", ({ target }) => {
    const act = target instanceof Element ? target.closest<HTMLElement>("[data-recording]")?.dataset.recording : undefined;
    if (act) wishes.say({ type: "recording", act: act as "accept" });
  });
  return (news) => {
    const { key, buttons } = recordingShown(news, me);
    const names = (parties: number[]): string => listWords(parties.filter((one) => one !== me).map(wishes.nameOf), wishes.language);
    root.hidden = news.step === "off";
    root.querySelector<HTMLElement>("[data-recording-sign]")!.hidden = news.step !== "on";
    words.textContent = key ? say(texts, key, { name: news.by === null ? say(texts, "recording_desk") : wishes.nameOf(news.by), names: names(news.refused.length > 0 ? news.refused : news.waiting) }) : "";
    for (const button of root.querySelectorAll<HTMLElement>("[data-recording]")) button.hidden = !buttons.includes(button.dataset.recording!);
    document.documentElement.dataset.recording = news.step;
    const sentence = news.step === "on" ? say(texts, "recording_sign") : news.step !== "off" || spoken === "" ? "" : say(texts, "recording_over");
    if (sentence && sentence !== spoken) speak(sentence, wishes.language);
    if (sentence && sentence !== spoken) wishes.announce(sentence);
    spoken = news.step === "off" ? "" : sentence;
  };
}

/** Said aloud where the browser has a voice; the sign stays in any case. */
function speak(sentence: string, language: string): void {
  if (!("speechSynthesis" in window)) return;
  const aloud = new SpeechSynthesisUtterance(sentence);
  aloud.lang = language;
  speechSynthesis.speak(aloud);
}
