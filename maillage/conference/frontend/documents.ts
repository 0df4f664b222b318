/** The document that all look at: its page, its buttons, and where somebody points. Rendered by conference/_board.html. */
import { follow, hear, look, NOTHING, pageSeen, placeIn, type Board } from "./board.ts";
import { drawAt, Pointing, type Spot } from "./pointing.ts";
import type { Said, TableNews } from "./protocol.ts";
import { say, type Texts } from "./texts.ts";

export interface BoardWishes {
  root: HTMLElement;
  texts: Texts;
  /** Where the documents of this meeting are, without a slash at the end. */
  address: string;
  say: (message: Extract<Said, { type: "document" | "pointer" }>) => void;
  announce: (sentence: string) => void;
}

export class DocumentBoard {
  private board: Board = NOTHING;
  private readonly pointing: Pointing;
  private readonly picture: HTMLImageElement;
  private readonly pointer: HTMLElement;
  private readonly wishes: BoardWishes;

  constructor(wishes: BoardWishes) {
    this.wishes = wishes;
    this.picture = wishes.root.querySelector("[data-board-page]")!;
    this.pointer = wishes.root.querySelector("[data-board-pointer]")!;
    this.pointing = new Pointing((spot) => {
      wishes.say({ type: "pointer", screen: null, x: spot?.x ?? null, y: spot?.y ?? null });
      this.showPointer(spot);
    });
    wishes.root.addEventListener("click", ({ target }) => this.press(target));
    this.picture.addEventListener("pointermove", (event) => this.pointing.point(placeIn(this.picture.getBoundingClientRect(), event)));
    this.picture.addEventListener("pointerleave", () => this.pointing.away());
    this.picture.addEventListener("keydown", (event) => this.pointing.key(event));
    this.picture.addEventListener("error", () => this.write("[data-board-words]", say(wishes.texts, "page_missing")));
  }

  hear(news: Extract<TableNews, { type: "document" | "pointer" }>): void {
    if (news.type === "pointer") return this.showPointer(news.x === null || this.board.alone !== null ? null : { x: news.x, y: news.y ?? 0 });
    const before = this.board.shown;
    this.board = hear(this.board, news);
    if (this.board.shown === before) return;
    this.showPointer(null);
    if (news.document === null) this.pointing.isOn = false;
    if (news.document !== before.document && news.document !== null) this.wishes.announce(say(this.wishes.texts, "document_shown", { name: news.name }));
    this.draw();
  }

  /** Show a document to all, from its first page. */
  show(document: number, page = 1): void {
    this.wishes.say({ type: "document", document, page });
  }

  private press(target: EventTarget | null): void {
    const act = target instanceof Element ? target.closest<HTMLElement>("[data-board]")?.dataset.board : undefined;
    const { shown } = this.board;
    if (!act || shown.document === null) return;
    if (act === "previous" || act === "next") this.turn(act === "next" ? 1 : -1);
    else if (act === "follow") this.board = follow(this.board);
    else if (act === "show") this.show(shown.document, pageSeen(this.board));
    else if (act === "point") this.togglePointing();
    else this.wishes.say({ type: "document", document: null, page: 1 });
    this.draw();
  }

  /** The side that shows turns for all; the others look on their own, until they choose to show. */
  private turn(by: number): void {
    const { shown } = this.board;
    const wanted = pageSeen(look(this.board, by));
    if (this.isMine() && shown.document !== null) this.show(shown.document, wanted);
    else this.board = look(this.board, by);
  }

  private isMine(): boolean {
    return this.board.shown.by === Number(this.wishes.root.dataset.party);
  }

  private togglePointing(): void {
    this.pointing.toggle();
    if (this.pointing.isOn) this.picture.focus();
  }

  private showPointer(spot: Spot | null): void {
    drawAt(this.pointer, spot, this.pointer.parentElement!.getBoundingClientRect(), this.picture.getBoundingClientRect());
  }

  private draw(): void {
    const { root, texts, address } = this.wishes;
    const { shown, alone } = this.board;
    root.hidden = shown.document === null;
    document.documentElement.toggleAttribute("data-board-open", shown.document !== null);
    root.dataset.page = String(pageSeen(this.board));
    if (shown.document === null) return this.picture.removeAttribute("src");
    const page = pageSeen(this.board);
    const source = `${address}/${shown.document}/${page}`;
    if (this.picture.getAttribute("src") !== source) this.picture.src = source;
    this.picture.alt = say(texts, "page_alt", { page, name: shown.name });
    if (page < shown.pages) new Image().src = `${address}/${shown.document}/${page + 1}`;
    this.write("[data-board-name]", shown.name);
    this.write("[data-board-words]", say(texts, alone === null ? "page_of" : "page_alone", { page, pages: shown.pages, shown: shown.page }));
    this.toggle("follow", alone === null);
    this.toggle("show", alone === null);
    for (const [act, out] of [["previous", page <= 1], ["next", page >= shown.pages]] as const) this.button(act)?.toggleAttribute("disabled", out);
    this.button("point")?.setAttribute("aria-pressed", String(this.pointing.isOn));
  }

  private button(act: string): HTMLElement | null {
    return this.wishes.root.querySelector(`[data-board="${act}"]`);
  }

  private toggle(act: string, hidden: boolean): void {
    const button = this.button(act);
    if (button) button.hidden = hidden;
  }

  private write(place: string, words: string): void {
    const element = this.wishes.root.querySelector(place);
    if (element && element.textContent !== words) element.textContent = words;
  }
}
