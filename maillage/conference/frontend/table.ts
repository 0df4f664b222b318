/** What lies on the table of a meeting: documents, shown screens, the recording. Binds what the templates rendered. */
import { DocumentBoard } from "./documents.ts";
import type { Said, TableNews } from "./protocol.ts";
import { mountRecording } from "./recording.ts";
import { ScreenPointer } from "./screen_pointer.ts";
import { mountSharing, type Sharing } from "./sharing.ts";
import type { Texts } from "./texts.ts";

export interface TableWishes {
  texts: Texts;
  language: string;
  party: number;
  address: string;
  csrf: string;
  nameOf: (party: number) => string;
  say: (message: Said) => void;
  announce: (sentence: string) => void;
  screen: (track: MediaStreamTrack | null) => void;
}

export interface Table {
  hear: (news: TableNews) => void;
  sharing: Sharing;
}

export function mountTable(wishes: TableWishes): Table {
  const find = <Found extends HTMLElement>(query: string): Found => document.querySelector<Found>(query)!;
  const board = new DocumentBoard({ ...wishes, root: find("#board") });
  const tellRecording = mountRecording({ ...wishes, root: find("#recording") });
  document.querySelector("[data-ask-recording]")?.addEventListener("click", () => wishes.say({ type: "recording", act: "ask" }));
  const sharing = mountSharing({
    ...wishes,
    dialog: find<HTMLDialogElement>("#share"),
    note: find("#shares-screen"),
    shown: wishes.screen,
    show: (document) => board.show(document),
  });
  const pointer = new ScreenPointer({ ...wishes, stage: find("#stage"), note: find("#shares-screen") });
  const hear = (news: TableNews): void => {
    if (news.type === "recording") tellRecording(news);
    else if (news.type === "pointer" && news.screen !== null) pointer.hear(news);
    else board.hear(news);
  };
  return { hear, sharing };
}
