/** « Que voulez-vous montrer ? »: a screen, a video on it, or a PDF. Rendered by conference/_share.html. */
import { openScreen, suitScreen, type ScreenKind } from "./devices.ts";
import { say, type Texts } from "./texts.ts";

export interface SharingWishes {
  dialog: HTMLDialogElement;
  /** Shown while one's own screen is; holds the switch « C'est une vidéo ». */
  note: HTMLElement;
  texts: Texts;
  address: string;
  csrf: string;
  /** The screen that is shown now, null when none is; said again when what is on it changes. */
  shown: (track: MediaStreamTrack | null) => void;
  show: (document: number) => void;
}

interface Listed {
  document: number;
  name: string;
  pages: number;
  mine: boolean;
}

interface Problem {
  title?: string;
  advice?: string;
}

export interface Sharing {
  open: () => void;
  stop: () => void;
}

export function mountSharing(wishes: SharingWishes): Sharing {
  const { dialog, note, texts, address } = wishes;
  const list = dialog.querySelector<HTMLElement>("[data-documents]")!;
  const trouble = dialog.querySelector<HTMLElement>("[data-share-trouble]")!;
  const chosen = dialog.querySelector<HTMLInputElement>("[data-share-file]")!;
  const isVideo = note.querySelector<HTMLInputElement>("[data-is-video]")!;
  let track: MediaStreamTrack | null = null;

  const ask = async (path: string, body?: FormData): Promise<Response> =>
    fetch(`${address}${path}`, { headers: { Accept: "application/json", "X-CSRFToken": wishes.csrf }, cache: "no-store", ...(body ? { method: "POST", body } : {}) });

  const fail = (words: string): void => {
    trouble.textContent = words;
    trouble.hidden = words === "";
  };

  const use = (shown: MediaStreamTrack | null, kind: ScreenKind): void => {
    track?.stop();
    track = shown;
    note.hidden = shown === null;
    isVideo.checked = kind === "motion";
    shown?.addEventListener("ended", () => track === shown && use(null, "detail"));
    wishes.shown(shown);
  };

  const refresh = async (): Promise<void> => {
    const answer = await ask("");
    const { documents } = answer.ok ? ((await answer.json()) as { documents: Listed[] }) : { documents: [] };
    list.replaceChildren(...documents.map(row));
  };

  const row = (listed: Listed): HTMLElement => {
    const line = (dialog.querySelector<HTMLTemplateElement>("[data-document-row]")!.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    line.querySelector("[data-name]")!.textContent = say(texts, listed.pages > 1 ? "document_pages" : "document_page", { name: listed.name, pages: listed.pages });
    line.querySelector("[data-show]")!.addEventListener("click", () => {
      wishes.show(listed.document);
      dialog.close();
    });
    const back = line.querySelector<HTMLElement>("[data-take-back]")!;
    back.hidden = !listed.mine;
    back.addEventListener("click", () => void ask(`/${listed.document}/reprendre`, new FormData()).then(refresh));
    return line;
  };

  const send = async (file: File): Promise<void> => {
    fail("");
    dialog.setAttribute("aria-busy", "true");
    const body = new FormData();
    body.append("file", file);
    const answer = await ask("", body).catch(() => null);
    dialog.removeAttribute("aria-busy");
    chosen.value = "";
    if (answer?.ok) {
      wishes.show(((await answer.json()) as Listed).document);
      dialog.close();
      return;
    }
    const problem = answer ? ((await answer.json().catch(() => ({}))) as Problem) : {};
    fail(problem.title ? [problem.title, problem.advice].filter(Boolean).join(" ") : say(texts, "document_not_sent"));
  };

  dialog.addEventListener("click", ({ target }) => {
    const kind = target instanceof Element ? target.closest<HTMLElement>("[data-share]")?.dataset.share : undefined;
    if (kind !== "detail" && kind !== "motion") return;
    dialog.close();
    void openScreen(kind).then((opened) => opened && use(opened, kind));
  });
  chosen.addEventListener("change", () => chosen.files?.[0] && void send(chosen.files[0]));
  isVideo.addEventListener("change", () => {
    if (!track) return;
    suitScreen(track, isVideo.checked ? "motion" : "detail");
    wishes.shown(track);
  });

  return {
    open: () => {
      fail("");
      void refresh().catch(() => undefined);
      dialog.showModal();
    },
    stop: () => use(null, "detail"),
  };
}
