/** Follows what the server says of the way, fetches the script of the bridge when first needed, and looks for another
 *  bridge by itself when one is lost. */
import { delayBefore } from "./backoff.ts";
import type { Handover } from "./handover.ts";
import { Mesh } from "./mesh.ts";
import { Roll, type OwnNames } from "./names.ts";
import type { Way } from "./protocol.ts";
import type { Transport, TransportEvents } from "./transport.ts";

export interface VisitWishes {
  way: Way;
  names: OwnNames;
  /** Whose the others' names are, from one bridge to the next. */
  roll: Roll;
  iceServers: RTCIceServer[];
}

export interface BridgeScript {
  visit: (wishes: VisitWishes, events: TransportEvents) => Transport;
}

export interface WayFinderWishes {
  handover: Handover;
  names: OwnNames;
  bridgeScript: string;
  ask: (generation: number) => void;
  failed: (detail: string) => void;
}

/** How long the server is given to say where to go, in milliseconds. */
const ANSWER = 400;
const FETCH_AGAIN = 1000;
/** Between two tries: sound is missing meanwhile, and a line that was cut may be back at any moment. */
const LONGEST_PAUSE = 1200;
/** A bridge lost sooner than that was never good. */
const GOOD = 3000;

export class WayFinder {
  iceServers: RTCIceServer[] = [];
  private readonly wishes: WayFinderWishes;
  private readonly roll = new Roll();
  private way: Way | null = null;
  private script: Promise<BridgeScript> | null = null;
  private timer = 0;
  private stopped: Way | null = null;
  private tries = 0;
  private openedAt = 0;

  constructor(wishes: WayFinderWishes) {
    this.wishes = wishes;
  }

  /** Go by `way`, unless newer news were heard or we do already. */
  async follow(way: Way): Promise<void> {
    if (this.way && way.generation < this.way.generation) return;
    this.way = way;
    clearTimeout(this.timer);
    if (this.wishes.handover.follows(way)) return;
    if (way.topology === "p2p") return this.take(way, (events) => new Mesh(this.iceServers, events));
    const script = await this.fetched();
    if (this.way !== way || this.wishes.handover.follows(way)) return;
    if (!script) this.timer = window.setTimeout(() => void this.follow(way), FETCH_AGAIN);
    else this.take(way, (events) => script.visit({ way, names: this.wishes.names, roll: this.roll, iceServers: this.iceServers }, events));
  }

  private take({ topology }: Way, make: (events: TransportEvents) => Transport): void {
    this.openedAt = performance.now();
    document.documentElement.dataset.way = topology; // for tests and recorders
    this.wishes.handover.to(make);
  }

  /** The bridge is lost: the server knows where the meeting goes; if it does not say, the same address is tried again,
   *  then the next one. */
  lost(): void {
    const { way } = this;
    if (!way) return;
    this.tries = performance.now() - this.openedAt < GOOD ? this.tries + 1 : 0;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(way), this.tries > 0 ? delayBefore(this.tries, Math.random(), LONGEST_PAUSE) : 0);
  }

  private ask(way: Way): void {
    this.wishes.ask(way.generation);
    const [first, ...next] = way.bridges;
    const isElsewhere = this.tries % 2 === 1; // at first the line is more often cut than two servers are dead
    const bridges = first && isElsewhere ? [...next, first] : way.bridges;
    this.timer = window.setTimeout(() => void this.follow({ ...way, bridges }), ANSWER);
  }

  /** Link again as last told, after having hung up. */
  again(): void {
    if (this.stopped) void this.follow({ ...this.stopped });
  }

  stop(): void {
    clearTimeout(this.timer);
    [this.stopped, this.way] = [this.way ?? this.stopped, null];
    this.wishes.handover.close();
  }

  private async fetched(): Promise<BridgeScript | null> {
    this.script ??= import(this.wishes.bridgeScript) as Promise<BridgeScript>;
    try {
      return await this.script;
    } catch (refused) {
      this.script = null;
      this.wishes.failed(`bridge script: ${String(refused)}`);
      return null;
    }
  }
}
