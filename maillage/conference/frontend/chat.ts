/** What the sides write to each other: text for those inside, read also by those who come late. */
import { freshName } from "./identity.ts";
import { showRows, write } from "./rows.ts";
import { say, type Texts } from "./texts.ts";

export interface Line {
  id: number;
  party: number;
  name: string;
  at: number;
  text: string;
}

/** The lines after `told`: each once, in the order they were written. Pure. */
export function linesAfter(lines: readonly Line[], told: readonly Line[]): Line[] {
  const byId = new Map([...lines, ...told].map((line) => [line.id, line]));
  return [...byId.values()].sort((one, other) => one.id - other.id);
}

interface ChatWishes {
  texts: Texts;
  language: string;
  party: number;
  write: (key: string, text: string) => void;
  announce: (sentence: string) => void;
  /** On a room's own screen, which has no panel to open: the line is read over the picture. */
  caption: (sentence: string) => void;
  /** How many lines came while the panel was closed. */
  unread: (count: number) => void;
}

export class Chat {
  private lines: Line[] = [];
  private unread = 0;
  private isHistory = true;
  /** Slow to make, and not needed before the first line. */
  private hour: Intl.DateTimeFormat | null = null;
  private readonly panel: HTMLElement;
  private readonly wishes: ChatWishes;

  constructor(panel: HTMLElement, wishes: ChatWishes) {
    this.panel = panel;
    this.wishes = wishes;
    const form = panel.querySelector<HTMLFormElement>("form")!;
    const field = form.querySelector<HTMLTextAreaElement>("textarea")!;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (text) wishes.write(freshName(), text.slice(0, 1000));
      field.value = "";
      field.focus();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    for (const kind of ["drop", "paste"] as const) panel.addEventListener(kind, (event) => this.refuseFile(event));
    panel.addEventListener("dragover", (event) => event.preventDefault());
  }

  hear(told: readonly Line[]): void {
    const before = this.lines.length;
    this.lines = linesAfter(this.lines, told);
    const fresh = this.lines.slice(before).filter((line) => line.party !== this.wishes.party);
    this.show();
    const { texts, announce, caption } = this.wishes;
    if (!this.isHistory)
      for (const line of fresh) {
        announce(say(texts, "chat_heard", { name: line.name, text: line.text }));
        caption(say(texts, "chat_caption", { name: line.name, text: line.text }));
      }
    this.isHistory = false;
    if (this.panel.hidden && fresh.length > 0) this.wishes.unread((this.unread += fresh.length));
  }

  /** The panel was opened. */
  opened(): void {
    this.unread = 0;
    this.wishes.unread(0);
    this.panel.querySelector("textarea")!.focus();
    this.show();
  }

  private show(): void {
    const list = this.panel.querySelector<HTMLElement>("[data-lines]")!;
    this.panel.querySelector<HTMLElement>("[data-none]")!.hidden = this.lines.length > 0;
    if (this.lines.length === 0) return;
    const hour = (this.hour ??= new Intl.DateTimeFormat(this.wishes.language, { hour: "2-digit", minute: "2-digit" }));
    showRows(list, this.panel.querySelector("template")!, this.lines, (line) => String(line.id), (row, line) => {
      row.toggleAttribute("data-mine", line.party === this.wishes.party);
      write(row.querySelector("[data-name]"), line.name);
      write(row.querySelector("[data-at]"), hour.format(line.at * 1000));
      write(row.querySelector("[data-text]"), line.text);
    });
    if (!this.panel.hidden) list.scrollTop = list.scrollHeight;
  }

  /** No file passes here: say what to do instead. */
  private refuseFile(event: DragEvent | ClipboardEvent): void {
    const carried = "dataTransfer" in event ? event.dataTransfer : event.clipboardData;
    if (!carried || carried.files.length === 0) return;
    event.preventDefault();
    write(this.panel.querySelector("[data-note]"), say(this.wishes.texts, "chat_no_file"));
  }
}
