/** How the others are shown: all alike, or who speaks larger. The choice is kept on this screen. */
import { SpeakerWatch } from "./speaker.ts";
import { write } from "./rows.ts";
import { say, type Texts } from "./texts.ts";

const KEPT = "maillage.view";
type View = "equal" | "speaker";

export interface ViewChoice {
  hear: (party: number, track: MediaStreamTrack) => void;
  keep: (parties: ReadonlySet<number>) => void;
}

/** Bind the button that changes the view of `stage`; with one other side there is nothing to choose. */
export function mountView(button: HTMLButtonElement, stage: HTMLElement, texts: Texts): ViewChoice {
  let view: View = localStorage.getItem(KEPT) === "speaker" ? "speaker" : "equal";
  let speaker: number | null = null;
  let here: ReadonlySet<number> = new Set();
  const show = (): void => {
    button.hidden = here.size < 2;
    write(button, say(texts, view === "equal" ? "view_speaker" : "view_equal"));
    stage.dataset.view = here.size < 2 ? "equal" : view;
    const main = speaker ?? [...here][0];
    for (const tile of stage.querySelectorAll<HTMLElement>(".tile")) {
      tile.toggleAttribute("data-speaking", here.size > 1 && Number(tile.dataset.party) === speaker);
      tile.toggleAttribute("data-main", Number(tile.dataset.party) === main);
    }
  };
  const watch = new SpeakerWatch((party) => {
    speaker = party;
    show();
  });
  button.addEventListener("click", () => {
    view = view === "equal" ? "speaker" : "equal";
    localStorage.setItem(KEPT, view);
    show();
  });
  show();
  return {
    hear: (party, track) => watch.add(party, track),
    keep: (parties) => {
      here = new Set(parties);
      watch.keep(here);
      if (speaker !== null && !here.has(speaker)) speaker = null;
      show();
    },
  };
}
