/** The other sites, one tile each. A tile is cloned from the page's <template id="tile">, so that its words are the page's. */
import type { Present } from "./protocol.ts";
import { write } from "./rows.ts";
import { partyWords, say, type Texts } from "./texts.ts";
import type { Line, Slot } from "./transport.ts";

const INTRODUCED = 12_000;

interface Tile {
  root: HTMLElement;
  camera: HTMLVideoElement;
  screen: HTMLVideoElement;
  audio: HTMLAudioElement;
}

export class Stage {
  private readonly tiles = new Map<number, Tile>();
  private readonly root: HTMLElement;
  private readonly texts: Texts;
  private readonly blocked: () => void;
  private volume = 1;
  private readonly balance = new Map<number, number>();

  /** `blocked` is called when the browser will not play sound before a gesture. */
  constructor(root: HTMLElement, texts: Texts, blocked: () => void) {
    this.root = root;
    this.texts = texts;
    this.blocked = blocked;
  }

  /** Show exactly `others`. */
  show(others: readonly Present[]): void {
    const wanted = new Set(others.map((one) => one.party));
    for (const party of [...this.tiles.keys()]) if (!wanted.has(party)) this.remove(party);
    for (const other of others) this.word(this.tile(other.party), other);
    this.root.dataset.count = String(others.length);
    this.root.toggleAttribute("data-sharing", others.some((one) => one.screen));
  }

  play(party: number, slot: Slot, track: MediaStreamTrack): void {
    const place = this.tile(party)[slot];
    place.srcObject = new MediaStream([track]);
    void this.start(place);
  }

  /** The volume of all, 0 to 1: what the room chose. */
  setVolume(volume: number): void {
    this.volume = volume;
    for (const party of this.tiles.keys()) this.level(party);
  }

  /** The share of it that a site gets, so that all are heard alike. */
  setBalance(party: number, share: number): void {
    this.balance.set(party, share);
    this.level(party);
  }

  line(party: number, line: Line): void {
    const tile = this.tiles.get(party);
    if (!tile) return;
    tile.root.dataset.line = line;
    tile.root.querySelector("[data-tile-line]")!.textContent = line === "connected" ? "" : say(this.texts, `tile_${line}`);
  }

  /** Let nothing be heard of `parties`, whatever they send: the floor is another's. */
  silence(parties: ReadonlySet<number>): void {
    for (const [party, tile] of this.tiles) tile.audio.muted = parties.has(party);
  }

  /** Say under a picture who sits there, for some seconds. */
  introduce(party: number, text: string): void {
    const place = this.tiles.get(party)?.root.querySelector<HTMLElement>("[data-tile-introduction]");
    if (!place) return;
    place.textContent = text;
    place.hidden = text === "";
    setTimeout(() => (place.hidden = true), INTRODUCED);
  }

  /** Try again to play, after a gesture. */
  wake(): void {
    for (const tile of this.tiles.values()) for (const place of [tile.audio, tile.camera, tile.screen]) if (place.srcObject) void this.start(place);
  }

  clear(): void {
    for (const party of [...this.tiles.keys()]) this.remove(party);
  }

  private level(party: number): void {
    const tile = this.tiles.get(party);
    if (tile) tile.audio.volume = this.volume * (this.balance.get(party) ?? 1);
  }

  private async start(place: HTMLMediaElement): Promise<void> {
    try {
      await place.play();
    } catch (refused) {
      if (refused instanceof Error && refused.name === "NotAllowedError") this.blocked();
    }
  }

  private word(tile: Tile, other: Present): void {
    const name = partyWords(this.texts, other);
    write(tile.root.querySelector("[data-tile-name]"), name);
    tile.root.querySelector<HTMLElement>("[data-tile-muted]")!.hidden = other.microphone;
    tile.root.querySelector<HTMLElement>("[data-tile-blank]")!.hidden = other.camera;
    write(tile.root.querySelector("[data-tile-initial]"), other.name.slice(0, 1).toUpperCase());
    tile.camera.hidden = !other.camera;
    tile.screen.hidden = !other.screen;
    tile.camera.setAttribute("aria-label", say(this.texts, "picture_of", { name }));
    tile.screen.setAttribute("aria-label", say(this.texts, "screen_of", { name }));
    tile.root.toggleAttribute("data-screen", other.screen);
    const point = tile.root.querySelector<HTMLElement>("[data-tile-point]");
    if (point) point.hidden = !other.screen;
    if (!other.screen) tile.root.querySelector<HTMLElement>("[data-tile-pointer]")!.hidden = true;
  }

  private tile(party: number): Tile {
    const known = this.tiles.get(party);
    if (known) return known;
    const template = document.querySelector<HTMLTemplateElement>("#tile")!;
    const root = document.importNode(template.content, true).firstElementChild as HTMLElement;
    root.dataset.party = String(party);
    const tile: Tile = {
      root,
      camera: root.querySelector("[data-tile-camera]")!,
      screen: root.querySelector("[data-tile-screen]")!,
      audio: root.querySelector("[data-tile-audio]")!,
    };
    this.root.append(root);
    this.tiles.set(party, tile);
    this.line(party, "connecting");
    this.level(party);
    return tile;
  }

  private remove(party: number): void {
    const tile = this.tiles.get(party);
    for (const place of tile ? [tile.audio, tile.camera, tile.screen] : []) place.srcObject = null;
    tile?.root.remove();
    this.tiles.delete(party);
  }
}
