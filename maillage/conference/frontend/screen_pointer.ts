/** Pointing at a screen that another site shows, and seeing where somebody points; who shows it is told in words, since they look at
 *  the screen itself and not at the meeting. */
import { pictureBox, placeIn } from "./board.ts";
import { drawAt, Pointing, type Spot } from "./pointing.ts";
import type { Said, TableNews } from "./protocol.ts";
import { say, type Texts } from "./texts.ts";

type PointerNews = Extract<TableNews, { type: "pointer" }>;

export interface ScreenPointerWishes {
  stage: HTMLElement;
  /** Shown while one's own screen is; holds [data-pointed-at]. */
  note: HTMLElement;
  party: number;
  texts: Texts;
  nameOf: (party: number) => string;
  say: (message: Extract<Said, { type: "pointer" }>) => void;
}

/** After which a pointer that says nothing more is taken away, in milliseconds: its page may be gone. */
const FORGOTTEN = 10_000;
const THIRDS = [1 / 3, 2 / 3];

/** Return the text key of the ninth of a screen in which `spot` is: "screen_0_0" at its top left, row first. */
export function ninthOf({ x, y }: Spot): string {
  const third = (share: number): number => THIRDS.filter((limit) => share > limit).length;
  return `screen_${third(y)}_${third(x)}`;
}

export class ScreenPointer {
  private readonly wishes: ScreenPointerWishes;
  private readonly pointing: Pointing;
  private readonly timers = new Map<HTMLElement, number>();
  private tile: HTMLElement | null = null;

  constructor(wishes: ScreenPointerWishes) {
    this.wishes = wishes;
    this.pointing = new Pointing((spot) => this.told(spot));
    const { stage } = wishes;
    stage.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("[data-tile-point]") : null;
      const tile = button?.closest<HTMLElement>(".tile");
      if (tile) this.toggle(tile);
    });
    stage.addEventListener("pointermove", (event) => {
      const video = this.videoUnder(event.target);
      if (video) this.pointing.point(placeIn(boxOf(video), event));
    });
    stage.addEventListener("pointerout", ({ target }) => this.videoUnder(target) && this.pointing.away());
    stage.addEventListener("keydown", (event) => event.target instanceof Element && event.target.matches("[data-tile-point]") && this.pointing.key(event));
    new MutationObserver(() => this.tile && !this.tile.matches("[data-screen]") && this.release()).observe(stage, { subtree: true, childList: true, attributeFilter: ["data-screen"] });
  }

  hear({ from, screen, x, y }: PointerNews): void {
    const spot = x === null || y === null ? null : { x, y };
    if (screen === this.wishes.party) return this.word(spot && say(this.wishes.texts, "screen_pointed", { name: this.wishes.nameOf(from), where: say(this.wishes.texts, ninthOf(spot)) }));
    const tile = this.wishes.stage.querySelector<HTMLElement>(`.tile[data-party="${screen}"]`);
    if (tile) show(tile, tile.matches("[data-screen]") ? spot : null, this.timers);
  }

  private toggle(tile: HTMLElement): void {
    if (this.tile && this.tile !== tile) this.release();
    this.tile = tile;
    this.pointing.toggle();
    if (this.pointing.isOn) press(tile, true);
    else this.release();
  }

  private release(): void {
    this.pointing.stop();
    if (this.tile) press(this.tile, false);
    this.tile = null;
  }

  private told(spot: Spot | null): void {
    const screen = Number(this.tile?.dataset.party);
    if (!this.tile || !screen) return;
    this.wishes.say({ type: "pointer", screen, x: spot?.x ?? null, y: spot?.y ?? null });
    show(this.tile, spot, this.timers);
  }

  private videoUnder(target: EventTarget | null): HTMLVideoElement | null {
    return target instanceof HTMLVideoElement && target.matches("[data-tile-screen]") && target.closest(".tile") === this.tile ? target : null;
  }

  private word(words: string | null): void {
    const place = this.wishes.note.querySelector<HTMLElement>("[data-pointed-at]");
    if (!place || place.textContent === (words ?? "")) return;
    place.textContent = words ?? "";
    forgetLater(this.timers, place, () => (place.textContent = ""));
  }
}

function boxOf(video: HTMLVideoElement): { left: number; top: number; width: number; height: number } {
  return pictureBox(video.getBoundingClientRect(), video.videoWidth, video.videoHeight);
}

function press(tile: HTMLElement, isOn: boolean): void {
  tile.querySelector("[data-tile-point]")?.setAttribute("aria-pressed", String(isOn));
}

function show(tile: HTMLElement, spot: Spot | null, timers: Map<HTMLElement, number>): void {
  const [pointer, video] = [tile.querySelector<HTMLElement>("[data-tile-pointer]"), tile.querySelector<HTMLVideoElement>("[data-tile-screen]")];
  if (!pointer || !video) return;
  drawAt(pointer, spot, tile.getBoundingClientRect(), boxOf(video));
  if (spot) forgetLater(timers, pointer, () => (pointer.hidden = true));
}

function forgetLater(timers: Map<HTMLElement, number>, place: HTMLElement, forget: () => void): void {
  clearTimeout(timers.get(place));
  timers.set(place, window.setTimeout(() => {
    timers.delete(place);
    forget();
  }, FORGOTTEN));
}
