/** The panel « Les lieux »: who is in, who speaks and who waits to, the agenda; and, for the side that leads, its acts. */
import { clock, hasHand, itemLeft, leads, maySpeak, moved, turnLeft, type Conduct, type Floor, type Hand } from "./conduct.ts";
import type { Present, Said } from "./protocol.ts";
import { showRows, write } from "./rows.ts";
import { partyWords, say, type Texts } from "./texts.ts";

type FloorVerb = Extract<Said, { type: "floor" }>["verb"];

export interface PanelWishes {
  texts: Texts;
  party: number;
  name: (party: number | null) => string;
  say: (message: Extract<Said, { type: "floor" | "agenda" | "entry" }>) => void;
  /** Open the form that names and introduces a side. */
  describe: (party: number) => void;
}

export class ConductPanel {
  private conduct: Conduct | null = null;
  private present: readonly Present[] = [];
  private offset = 0;
  private readonly panel: HTMLElement;
  private readonly wishes: PanelWishes;

  constructor(panel: HTMLElement, wishes: PanelWishes) {
    this.panel = panel;
    this.wishes = wishes;
    panel.addEventListener("click", (event) => this.pressed(event));
    this.find<HTMLSelectElement>("[name=mode]").addEventListener("change", (event) => this.floor("set-mode", { mode: (event.target as HTMLSelectElement).value as Floor["mode"] }));
    this.find<HTMLSelectElement>("[name=entry]").addEventListener("change", (event) => wishes.say({ type: "entry", rule: (event.target as HTMLSelectElement).value as "open" | "knock" }));
    window.setInterval(() => this.panel.hidden || this.tick(), 1000);
  }

  show(conduct: Conduct | null, present: readonly Present[]): void {
    if (conduct && conduct !== this.conduct) this.offset = conduct.now - Date.now() / 1000;
    [this.conduct, this.present] = [conduct, present];
    this.draw();
  }

  /** Show what is known now; nothing while the panel is closed. */
  draw(): void {
    if (!this.panel.hidden) this.render();
  }

  /** « Houat parle, encore 1:20. » */
  sentence(): string {
    const { texts, name } = this.wishes;
    const floor = this.conduct?.floor;
    if (!floor || (floor.holder === null && floor.mode === "free")) return say(texts, "floor_free");
    if (floor.holder === null) return say(texts, "floor_nobody", { name: name(floor.chair) });
    const left = turnLeft(floor, this.now());
    const key = left === null ? "floor_held" : left >= 0 ? "floor_left" : "floor_over";
    return say(texts, key, { name: name(floor.holder), time: clock(left ?? 0) });
  }

  private now(): number {
    return Date.now() / 1000 + this.offset;
  }

  private find<Found extends HTMLElement>(query: string): Found {
    return this.panel.querySelector<Found>(query)!;
  }

  private pressed({ target }: Event): void {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-do]") : null;
    if (!button) return;
    const site = Number(button.closest<HTMLElement>("[data-key]")?.dataset.key ?? 0);
    const minutes = Number(this.find<HTMLSelectElement>("[name=minutes]").value);
    switch (button.dataset.do) {
      case "grant":
        return this.floor("grant", { site, seconds: minutes ? minutes * 60 : null });
      case "earlier":
      case "later": {
        const order = moved(this.conduct?.floor?.queue ?? [], site, button.dataset.do === "later" ? 1 : -1);
        return order ? this.floor("reorder", { order }) : undefined;
      }
      case "give-chair":
        return this.floor("give-chair", { site });
      case "describe":
        return this.wishes.describe(site);
      case "item":
        return this.wishes.say({ type: "agenda", item: this.nextItem() });
      case "reply":
        return this.floor("ask-reply", {});
      case "withdraw":
        return this.floor("withdraw", {});
    }
  }

  private floor(verb: FloorVerb, about: { site?: number; order?: number[]; mode?: Floor["mode"]; seconds?: number | null }): void {
    this.wishes.say({ type: "floor", verb, ...about });
  }

  private nextItem(): number {
    const agenda = this.conduct?.agenda;
    return agenda && agenda.current !== null ? agenda.current + 1 : 0;
  }

  private render(): void {
    const floor = this.conduct?.floor ?? null;
    const isLeading = leads(floor, this.wishes.party);
    for (const place of this.panel.querySelectorAll<HTMLElement>("[data-chair-only]")) place.hidden = !isLeading;
    this.find("[data-do=withdraw]").hidden = !isLeading || floor?.holder == null;
    this.find("[data-do=reply]").hidden = floor?.holder == null || floor.holder === this.wishes.party;
    this.find<HTMLSelectElement>("[name=mode]").value = floor?.mode ?? "free";
    this.find<HTMLSelectElement>("[name=entry]").value = this.conduct?.entry ?? "open";
    const queue = floor?.queue ?? [];
    this.find("[data-no-hand]").hidden = queue.length > 0;
    showRows(this.find("#hands"), this.find<HTMLTemplateElement>("#hand"), queue, (hand) => String(hand.site), (row, hand, index) => this.hand(row, hand, index, isLeading));
    showRows(this.find("#sites"), this.find<HTMLTemplateElement>("#site"), this.present, (one) => String(one.party), (row, one) => this.site(row, one, isLeading));
    this.agenda(isLeading);
    this.tick();
  }

  private hand(row: HTMLElement, hand: Hand, index: number, isLeading: boolean): void {
    const { texts, name } = this.wishes;
    write(row.querySelector("[data-name]"), name(hand.site));
    write(row.querySelector("[data-reply]"), hand.is_reply ? say(texts, "wants_reply") : "");
    row.querySelector<HTMLElement>("[data-acts]")!.hidden = !isLeading;
    row.querySelector<HTMLButtonElement>("[data-do=earlier]")!.disabled = index === 0;
    row.querySelector<HTMLButtonElement>("[data-do=later]")!.disabled = index === (this.conduct?.floor?.queue.length ?? 0) - 1;
    for (const button of row.querySelectorAll("[data-do]")) button.setAttribute("aria-label", `${button.textContent!.trim()} : ${name(hand.site)}`);
  }

  private site(row: HTMLElement, one: Present, isLeading: boolean): void {
    const floor = this.conduct?.floor ?? null;
    const spoken = this.conduct?.spoken[one.party] ?? 0;
    write(row.querySelector("[data-name]"), partyWords(this.wishes.texts, one));
    write(row.querySelector("[data-introduction]"), this.conduct?.introductions[one.party] ?? "");
    write(row.querySelector("[data-spoken]"), say(this.wishes.texts, spoken < 1 ? "not_spoken" : "has_spoken", { time: clock(spoken) }));
    const marks = { leads: leads(floor, one.party), holds: floor?.holder === one.party, hand: hasHand(floor, one.party), muted: !one.microphone, held: !maySpeak(floor, one.party) };
    for (const [mark, shown] of Object.entries(marks)) row.querySelector<HTMLElement>(`[data-mark=${mark}]`)!.hidden = !shown;
    row.querySelector<HTMLElement>("[data-do=grant]")!.hidden = !isLeading || marks.holds;
    row.querySelector<HTMLElement>("[data-do=give-chair]")!.hidden = !isLeading || marks.leads;
    for (const button of row.querySelectorAll("[data-do]")) button.setAttribute("aria-label", `${button.textContent!.trim()} : ${one.name}`);
  }

  private agenda(isLeading: boolean): void {
    const agenda = this.conduct?.agenda ?? null;
    this.find("#agenda").hidden = !agenda;
    if (!agenda) return;
    showRows(this.find("#items"), this.find<HTMLTemplateElement>("#item"), agenda.items, (item) => item.title, (row, item, index) => {
      write(row.querySelector("[data-title]"), item.title);
      if (agenda.current === index) row.setAttribute("aria-current", "step");
      else row.removeAttribute("aria-current");
    });
    const next = this.find<HTMLElement>("[data-do=item]");
    next.hidden = !isLeading || agenda.is_over;
    write(next, say(this.wishes.texts, agenda.current === null ? "agenda_begin" : agenda.current + 1 < agenda.items.length ? "agenda_next" : "agenda_close"));
  }

  /** What changes with time alone. */
  private tick(): void {
    write(this.find("#floor-now"), this.sentence());
    const now = this.now();
    for (const hand of this.conduct?.floor?.queue ?? []) {
      const row = this.find("#hands").querySelector(`[data-key="${hand.site}"]`);
      write(row?.querySelector("[data-wait]") ?? null, say(this.wishes.texts, "waits_since", { time: clock(Math.max(0, now - hand.raised_at)) }));
      write(row?.querySelector("[data-spoken]") ?? null, say(this.wishes.texts, "has_spoken", { time: clock(this.conduct?.spoken[hand.site] ?? 0) }));
    }
    const agenda = this.conduct?.agenda;
    agenda?.items.forEach((item, index) => {
      const left = itemLeft(agenda, index, now);
      const isOpen = agenda.current === index;
      const words = isOpen ? say(this.wishes.texts, left >= 0 ? "item_left" : "item_over", { time: clock(left) }) : say(this.wishes.texts, "item_planned", { time: clock(item.planned_seconds) });
      write(this.find("#items").children[index]?.querySelector("[data-left]") ?? null, words);
    });
  }
}
