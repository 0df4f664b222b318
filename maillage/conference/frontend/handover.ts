/** From one way to another without a gap: the old line carries sound until the new one does, and a moment longer,
 *  since the others may not be as far. To the meeting it is one transport. */
import { isReady } from "./readiness.ts";
import type { Present, Sample, SignalBody, Way } from "./protocol.ts";
import { SLOTS, type Line, type Me, type Slot, type Tracks, type Transport, type TransportEvents } from "./transport.ts";

const LINGER = 8000;
/** After which an old line is let go whatever the new one does, in milliseconds. */
const LONGEST = 20_000;
const MOST_EARLY = 60;
/** How long what is measured tells of the change itself rather than of the line, in milliseconds. */
const UNSETTLED = 4500;

interface Leg {
  transport: Transport;
  lines: Map<number, Line>;
  tracks: Map<string, MediaStreamTrack>;
  /** What is played from it. */
  played: Set<string>;
  /** What waits for the line to stand, while the old one plays it. */
  held: Map<string, () => void>;
}

const keyOf = (party: number, slot: Slot): string => `${party} ${slot}`;

export class Handover {
  private current: Leg | null = null;
  private old: Leg | null = null;
  private readonly tracks: Tracks = { audio: null, camera: null, screen: null };
  private readonly sizes = new Map<string, [number, Slot, number]>();
  private readonly events: TransportEvents;
  private others: readonly Present[] = [];
  private me: Me = { isIn: false, order: Infinity, soundOnly: false };
  private step = 0;
  private early: [number, string, SignalBody][] = [];
  private closing = 0;
  /** The old line is not needed any more, and about to go. */
  private lingers = false;
  private changedAt = -UNSETTLED;

  constructor(events: TransportEvents) {
    this.events = events;
  }

  follows(way: Way): boolean {
    return this.current?.transport.follows(way) ?? false;
  }

  /** Tell whether the way, or one of its lines, has just changed: sound that lacked meanwhile says nothing of the line. */
  isUnsettled(now: number): boolean {
    return now - this.changedAt < UNSETTLED;
  }

  /** Go on by what `make` makes. */
  to(make: (events: TransportEvents) => Transport): void {
    this.changedAt = performance.now();
    if (this.current && this.old && this.current.played.size === 0) this.current.transport.close(); // it came to nothing
    else this.retire();
    const lines = new Map<number, Line>();
    const leg: Leg = { transport: null as never, lines, tracks: new Map(), played: new Set(), held: new Map() };
    this.current = leg;
    leg.transport = make(this.eventsOf(leg));
    for (const slot of SLOTS) leg.transport.send(slot, this.tracks[slot]);
    leg.transport.setStep(this.step);
    for (const size of this.sizes.values()) leg.transport.shown(...size);
    leg.transport.arrange(this.others, this.me, {});
    for (const heard of this.early.splice(0)) leg.transport.receive(...heard);
  }

  private retire(): void {
    this.dropOld();
    const leg = this.current;
    if (!leg) return;
    if (leg.played.size === 0) return leg.transport.close();
    this.old = leg;
    this.closing = window.setTimeout(() => this.dropOld(), LONGEST);
  }

  arrange(others: readonly Present[], me: Me, left: Readonly<Record<string, string>>): void {
    [this.others, this.me] = [others, me];
    this.current?.transport.arrange(others, me, left);
    this.settle();
  }

  receive(from: number, page: string, body: SignalBody): void {
    const takers = this.legs().filter((leg) => leg.transport.hearsPages);
    for (const leg of takers) leg.transport.receive(from, page, body);
    if (takers.length === 0 && this.early.length < MOST_EARLY) this.early.push([from, page, body]); // the other page is ahead of us
  }

  send(slot: Slot, track: MediaStreamTrack | null): void {
    this.tracks[slot] = track;
    for (const leg of this.legs()) leg.transport.send(slot, track);
  }

  resume(): void {
    for (const leg of this.legs()) leg.transport.resume();
  }

  setStep(step: number): void {
    this.step = step;
    for (const leg of this.legs()) leg.transport.setStep(step);
  }

  shown(party: number, slot: Slot, height: number): void {
    this.sizes.set(keyOf(party, slot), [party, slot, height]);
    for (const leg of this.legs()) leg.transport.shown(party, slot, height);
  }

  async measure(): Promise<Sample[]> {
    const samples = (await this.current?.transport.measure()) ?? [];
    return samples.length > 0 ? samples : ((await this.old?.transport.measure()) ?? []);
  }

  close(): void {
    this.dropOld();
    this.current?.transport.close();
    this.current = null;
    this.early = [];
  }

  private legs(): Leg[] {
    return [this.current, this.old].filter((leg) => leg !== null);
  }

  private eventsOf(leg: Leg): TransportEvents {
    return {
      track: (party, slot, track) => this.heardTrack(leg, party, slot, track),
      line: (party, line) => this.heardLine(leg, party, line),
      gone: (party) => this.heardGone(leg, party),
      signal: this.events.signal,
      lost: (generation) => {
        if (leg === this.current) this.events.lost(generation);
      },
    };
  }

  private heardTrack(leg: Leg, party: number, slot: Slot, track: MediaStreamTrack): void {
    const key = keyOf(party, slot);
    leg.tracks.set(key, track);
    const carries = leg === this.current && this.carriedByOld(key);
    if (leg === this.old && this.current?.played.has(key)) return;
    if (!carries) return this.play(leg, party, slot, track);
    void isReady(track).then(() => {
      if (leg !== this.current || leg.tracks.get(key) !== track) return;
      if (leg.lines.get(party) === "connected" || !this.old) this.play(leg, party, slot, track);
      else leg.held.set(key, () => this.play(leg, party, slot, track)); // some browsers say that a track is there before its sound
    });
  }

  private release(leg: Leg, party: number): void {
    for (const slot of SLOTS) {
      const key = keyOf(party, slot);
      const play = leg.held.get(key);
      leg.held.delete(key);
      play?.();
    }
  }

  /** The old line still brings this sound or picture. */
  private carriedByOld(key: string): boolean {
    const track = this.old?.tracks.get(key);
    return track !== undefined && !track.muted && track.readyState === "live";
  }

  private play(leg: Leg, party: number, slot: Slot, track: MediaStreamTrack): void {
    leg.played.add(keyOf(party, slot));
    this.events.track(party, slot, track);
    this.settle();
  }

  private heardLine(leg: Leg, party: number, line: Line): void {
    leg.lines.set(party, line);
    const [other] = this.legs().filter((one) => one !== leg);
    if (line === "connected") {
      if (leg === this.current) this.changedAt = performance.now();
      this.release(leg, party);
    }
    if (line !== "connected" && other?.lines.get(party) === "connected") return;
    this.events.line(party, line);
    this.settle();
  }

  private heardGone(leg: Leg, party: number): void {
    leg.lines.delete(party);
    for (const slot of SLOTS) for (const kept of [leg.tracks, leg.played]) kept.delete(keyOf(party, slot));
    if (!this.legs().some((one) => one.lines.has(party))) this.events.gone(party);
  }

  /** Let the old line go, a little later, once the new one brings everyone it brought. */
  private settle(): void {
    const { old, current } = this;
    if (!old || !current) return;
    const arrived = this.others.every(({ party }) => {
      const sound = keyOf(party, "audio");
      return !old.lines.has(party) || (current.lines.get(party) === "connected" && (current.played.has(sound) || !this.carriedByOld(sound)));
    });
    if (!arrived || this.lingers) return; // what comes and goes meanwhile does not keep it longer
    this.lingers = true;
    clearTimeout(this.closing);
    this.closing = window.setTimeout(() => this.dropOld(), LINGER);
  }

  private dropOld(): void {
    clearTimeout(this.closing);
    this.lingers = false;
    const leg = this.old;
    this.old = null;
    leg?.transport.close();
    const { current } = this;
    if (!leg || !current) return;
    for (const party of leg.lines.keys()) if (!current.lines.has(party)) this.events.gone(party);
    for (const [party, line] of current.lines) {
      this.release(current, party);
      this.events.line(party, line);
    }
  }
}
