/** The document that all look at: its page, its buttons, and where somebody points. Rendered by conference/_board.html. */
import { follow, hear, look, NOTHING, pageSeen, placeIn, type Board } from "./board.ts";
import type { RecordingNews, Said, TableNews } from "./protocol.ts";
import { say, type Texts } from "./texts.ts";

export interface BoardWishes {
  root: HTMLElement;
  texts: Texts;
  /** Where the documents of this meeting are, without a slash at the end. */
  address: string;
  say: (message: Extract<Said, { type: "document" | "pointer" }>) => void;
  announce: (sentence: string) => void;
}

const POINT_EVERY = 100;
const STEP = 0.02;
const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

export class DocumentBoard {
  private board: Board = NOTHING;
  private pointing = false;
  private pointedAt = 0;
  private spot = { x: 0.5, y: 0.5 };
  private readonly picture: HTMLImageElement;
  private readonly pointer: HTMLElement;
  private readonly wishes: BoardWishes;

  constructor(wishes: BoardWishes) {
    this.wishes = wishes;
    this.picture = wishes.root.querySelector("[data-board-page]")!;
    this.pointer = wishes.root.querySelector("[data-board-pointer]")!;
    wishes.root.addEventListener("click", ({ target }) => this.press(target));
    this.picture.addEventListener("pointermove", (event) => this.point(placeIn(this.picture.getBoundingClientRect(), event)));
    this.picture.addEventListener("pointerleave", () => this.pointing && this.wishes.say({ type: "pointer", x: null, y: null }));
    this.picture.addEventListener("keydown", (event) => this.move(event));
    this.picture.addEventListener("error", () => this.write("[data-board-words]", say(wishes.texts, "page_missing")));
  }

  hear(news: Exclude<TableNews, RecordingNews>): void {
    if (news.type === "pointer") return this.showPointer(news.x === null || this.board.alone !== null ? null : { x: news.x, y: news.y ?? 0 });
    const before = this.board.shown;
    this.board = hear(this.board, news);
    if (this.board.shown === before) return;
    this.showPointer(null);
    if (news.document === null) this.pointing = false;
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
    this.pointing = !this.pointing;
    if (this.pointing) {
      this.picture.focus();
      this.point(this.spot);
    } else {
      this.wishes.say({ type: "pointer", x: null, y: null });
      this.showPointer(null);
    }
  }

  private point(spot: { x: number; y: number } | null): void {
    const now = performance.now();
    if (!this.pointing || !spot || now - this.pointedAt < POINT_EVERY) return;
    this.pointedAt = now;
    this.spot = spot;
    this.wishes.say({ type: "pointer", ...spot });
    this.showPointer(spot);
  }

  private move(event: KeyboardEvent): void {
    const by = ARROWS[event.key];
    if (!this.pointing || !by) return;
    event.preventDefault();
    const within = (value: number): number => Math.round(Math.max(0, Math.min(1, value)) * 1000) / 1000;
    this.point({ x: within(this.spot.x + by[0]), y: within(this.spot.y + by[1]) });
  }

  private showPointer(spot: { x: number; y: number } | null): void {
    this.pointer.hidden = spot === null;
    if (!spot) return;
    const [sheet, page] = [this.pointer.parentElement!.getBoundingClientRect(), this.picture.getBoundingClientRect()];
    this.pointer.style.left = `${page.left - sheet.left + spot.x * page.width}px`;
    this.pointer.style.top = `${page.top - sheet.top + spot.y * page.height}px`;
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
    this.button("point")?.setAttribute("aria-pressed", String(this.pointing));
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
