/** The conduct of the meeting on the page: binds the panels, the door, the notes and the hand to what the server tells. */
import { ring, tellAsked } from "./asked.ts";
import { mountCaptions } from "./captions.ts";
import { Chat } from "./chat.ts";
import { hasHand, leads, maySpeak, type Conduct, type Knock } from "./conduct.ts";
import { newsBetween, type News } from "./conduct_news.ts";
import { ConductPanel } from "./conduct_panel.ts";
import type { Present, Said, Told } from "./protocol.ts";
import { showRows, write } from "./rows.ts";
import { say, type Texts } from "./texts.ts";

export interface ConductWishes {
  texts: Texts;
  language: string;
  party: number;
  expected: readonly { party: number; name: string }[];
  say: (message: Said) => void;
  announce: (sentence: string) => void;
  /** Whether this side's microphone is let through now. */
  allowed: (isAllowed: boolean) => void;
  /** The sides that are not heard while the floor is another's. */
  silenced: (parties: ReadonlySet<number>) => void;
  introduced: (party: number, text: string) => void;
}

const find = <Found extends HTMLElement = HTMLElement>(query: string): Found => document.querySelector<Found>(query)!;
const SHOWN = 12_000;

export class ConductPage {
  private conduct: Conduct | null = null;
  private present: readonly Present[] = [];
  private readonly names = new Map<number, string>();
  private readonly wishes: ConductWishes;
  private readonly chat: Chat;
  private readonly panel: ConductPanel;
  private described = 0;

  constructor(wishes: ConductWishes) {
    this.wishes = wishes;
    for (const one of wishes.expected) this.names.set(one.party, one.name);
    const { texts, language, party, announce } = wishes;
    this.chat = new Chat(find("#panel-chat"), {
      texts, language, party, announce,
      write: (key, text) => wishes.say({ type: "chat", key, text }),
      caption: mountCaptions(document.querySelector("#captions")),
      unread: (count) => write(find("[data-unread]"), count > 0 ? String(count) : ""),
    });
    this.panel = new ConductPanel(find("#panel-sites"), { texts, party, name: (one) => this.name(one), say: wishes.say, describe: (one) => this.describe(one) });
    window.setInterval(() => this.floorLine(), 1000);
    find("#open-door").addEventListener("click", () => wishes.say({ type: "open" }));
    find("#knocks").addEventListener("click", (event) => this.answer(event));
    for (const close of document.querySelectorAll<HTMLElement>("[data-close-panel]")) close.addEventListener("click", () => this.toggle(close.closest<HTMLElement>(".panel")!.id, false));
    find<HTMLFormElement>("#describe form").addEventListener("submit", (event) => this.keepDescription(event));
    addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && !document.querySelector("dialog[open]")) for (const open of document.querySelectorAll<HTMLElement>(".panel:not([hidden])")) this.toggle(open.id, false);
    });
  }

  hear(message: Told): void {
    if (message.type === "conduct") this.hearConduct(message);
    else if (message.type === "chat") this.chat.hear(message.lines);
    else if (message.type === "note") this.note(say(this.wishes.texts, `note_${message.what.replaceAll("-", "_")}`, { by: this.name(message.by), name: message.name }));
    else if (message.type === "refused") this.note(`${message.sentence} ${message.advice}`);
    else if (this.conduct) {
      this.conduct = { ...this.conduct, now: Date.now() / 1000 + (this.conduct.now - this.heardAt), spoken: { ...this.conduct.spoken, [message.party]: message.seconds } };
      this.heardAt = Date.now() / 1000;
      this.render();
    }
  }

  private heardAt = 0;

  /** At the door: whether this side may open for itself. */
  waiting(mayOpen: boolean): void {
    find("#may-open").hidden = !mayOpen;
  }

  room(present: readonly Present[]): void {
    for (const one of present) this.names.set(one.party, one.name);
    this.present = present;
    this.render();
  }

  /** The button « Lever la main »: raises, lowers, or gives the floor back. */
  hand(): void {
    const floor = this.conduct?.floor ?? null;
    const verb = floor?.holder === this.wishes.party ? "release" : hasHand(floor, this.wishes.party) ? "lower" : "ask";
    this.wishes.say({ type: "floor", verb });
  }

  /** Open or close a panel; the other one makes way. The focus goes in with it, and back to its button. */
  toggle(id: string, wanted?: boolean): void {
    const panel = find(`#${id}`);
    const isOpen = wanted ?? panel.hidden;
    for (const other of document.querySelectorAll<HTMLElement>(".panel")) other.hidden = other.id !== id || !isOpen;
    for (const button of document.querySelectorAll<HTMLElement>("[aria-controls^=panel-]")) button.setAttribute("aria-expanded", String(isOpen && button.getAttribute("aria-controls") === id));
    if (!isOpen) find(`[aria-controls=${id}]`).focus();
    else if (id === "panel-chat") this.chat.opened();
    else {
      this.panel.draw();
      panel.focus();
    }
  }

  /** Say a sentence on the page for a while, without taking the focus. */
  note(sentence: string, rings = false): void {
    this.wishes.announce(sentence);
    const place = find("#told");
    if (rings) return tellAsked(place, sentence);
    place.textContent = sentence;
    place.hidden = false;
    setTimeout(() => (place.hidden = place.textContent === sentence || place.hidden), SHOWN);
  }

  private name(party: number | null): string {
    if (party === null) return say(this.wishes.texts, "the_concierge");
    return this.names.get(party) ?? say(this.wishes.texts, "a_side");
  }

  private hearConduct(told: Conduct): void {
    const before = this.conduct;
    if (before && told.version < before.version) return;
    this.conduct = told;
    this.heardAt = Date.now() / 1000;
    for (const knock of told.knocks) this.names.set(knock.party, knock.name);
    for (const news of newsBetween(before, told, this.wishes.party)) this.tell(news);
    for (const [party, text] of Object.entries(told.introductions)) if (before?.introductions[party] !== text) this.wishes.introduced(Number(party), text);
    this.render();
  }

  private tell(news: News): void {
    const agenda = this.conduct?.agenda;
    const item = agenda && agenda.current !== null ? agenda.items[agenda.current]!.title : "";
    const sentence = say(this.wishes.texts, `news_${news.key}`, { name: this.name(news.party), item });
    if (news.key === "knocks") ring(); // the list of those who wait says the rest
    if (news.rings && news.key !== "knocks") this.note(sentence, true);
    else this.wishes.announce(sentence);
  }

  private render(): void {
    const floor = this.conduct?.floor ?? null;
    const me = this.wishes.party;
    this.panel.show(this.conduct, this.present);
    this.wishes.allowed(maySpeak(floor, me));
    this.wishes.silenced(new Set(this.present.map((one) => one.party).filter((party) => !maySpeak(floor, party))));
    const key = floor?.holder === me ? "hand_release" : hasHand(floor, me) ? "hand_lower" : "hand_raise";
    const hand = document.querySelector<HTMLElement>("[data-act=hand]"); // none in the corridor
    write(hand?.querySelector("[data-words]") ?? null, say(this.wishes.texts, key));
    if (hand) hand.dataset.state = key;
    if (hand && "whenLed" in hand.dataset) hand.hidden = !floor || floor.mode === "free"; // a room's bar says no more than needed
    this.floorLine();
    this.knocks(floor ? leads(floor, me) : false);
  }

  private floorLine(): void {
    const floor = this.conduct?.floor;
    write(find("#floor-line"), floor && (floor.mode !== "free" || floor.holder !== null) ? this.panel.sentence() : "");
  }

  private knocks(isLeading: boolean): void {
    const now = (this.conduct?.now ?? 0) + Date.now() / 1000 - this.heardAt;
    const knocks = this.conduct?.knocks ?? [];
    showRows(find("#knocks"), find<HTMLTemplateElement>("#knock"), knocks, (knock) => String(knock.party), (row, knock: Knock) => {
      write(row.querySelector("[data-who]"), say(this.wishes.texts, `knocks_${knock.kind}`, { name: knock.name }));
      const mayOpen = isLeading || now >= knock.all_open_at;
      row.querySelector<HTMLElement>("[data-acts]")!.hidden = !mayOpen;
      if (!mayOpen) setTimeout(() => this.render(), Math.max(1, knock.all_open_at - now) * 1000);
    });
    find("#knocks").hidden = knocks.length === 0;
  }

  private answer({ target }: Event): void {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-admit]") : null;
    const row = button?.closest<HTMLElement>("[data-key]");
    if (button && row) this.wishes.say({ type: "answer", party: Number(row.dataset.key), admit: button.dataset.admit === "yes" });
  }

  private describe(party: number): void {
    const one = this.present.find((other) => other.party === party);
    if (!one) return;
    this.described = party;
    const form = find<HTMLFormElement>("#describe form");
    const field = (name: string): HTMLInputElement => form.querySelector<HTMLInputElement>(`[name=${name}]`)!;
    [field("name").value, field("head_count").value, field("introduction").value] = [one.name, String(one.head_count), this.conduct?.introductions[party] ?? ""];
    find<HTMLDialogElement>("#describe").showModal();
  }

  private keepDescription(event: SubmitEvent): void {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const [name, text] = [String(given.get("name")).trim().slice(0, 120), String(given.get("introduction")).trim().slice(0, 160)];
    const party = this.described;
    const [was, count] = [this.present.find((one) => one.party === party), Math.min(500, Math.max(1, Number(given.get("head_count")) || 1))];
    if (name && (was?.name !== name || was.head_count !== count)) this.wishes.say({ type: "rename", name, head_count: count, party });
    this.wishes.say({ type: "introduce", text, party });
    find<HTMLDialogElement>("#describe").close();
  }
}
