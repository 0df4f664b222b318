/** Direct lines to every other party: the transport for two sides, and up to four without a media server.
 *
 *  A page at the door opens its lines to those who are in: paths are found, nothing passes. Sound and image go only
 *  between two pages that are both in. A line is known by the other page; a party may have one in and one at the door.
 */
import { isCaller } from "./names.ts";
import { Peer } from "./peer.ts";
import type { Images, Present, Sample, SignalBody, Way } from "./protocol.ts";
import { countersOf, sampleBetween, type Counters } from "./stats.ts";
import { forReceiver, stepAt } from "./ladder.ts";
import type { Line, Me, Slot, Tracks, Transport, TransportEvents } from "./transport.ts";

interface Side {
  party: number;
  page: string;
  peer: Peer;
  /** Both pages are in. */
  admitted: boolean;
  soundOnly: boolean;
  /** What its line lets it receive. */
  images: Images;
  received: Map<Slot, MediaStreamTrack>;
  counted: Counters | null;
}

const OPEN_AFTER = 3000;
/** Pages at the door for which lines are kept open: enough for every party of a mesh and its second screen. */
const MOST_GUESTS = 8;

export class Mesh implements Transport {
  readonly hearsPages = true;
  private readonly sides = new Map<string, Side>();
  private readonly tracks: Tracks = { audio: null, camera: null, screen: null };
  private readonly iceServers: RTCIceServer[];
  private readonly events: TransportEvents;
  private wanted = new Set<number>();
  private step = 0;

  constructor(iceServers: RTCIceServer[], events: TransportEvents) {
    this.iceServers = iceServers;
    this.events = events;
  }

  arrange(others: readonly Present[], me: Me, left: Readonly<Record<string, string>>): void {
    this.wanted = new Set(others.map((one) => one.party));
    const pages = new Set(others.map((one) => one.page));
    for (const side of [...this.sides.values()]) {
      const silent = !this.wanted.has(side.party) && left[side.party] !== "left" && side.peer.line === "connected";
      if (!side.admitted || pages.has(side.page) || silent) continue; // at the door; in; or only its socket is lost
      this.drop(side);
    }
    for (const other of others.filter(({ page }) => !isCaller(page))) {
      const side = this.sides.get(other.page) ?? this.link(other.party, other.page, !me.isIn || me.order > other.order);
      [side.soundOnly, side.images] = [other.sound_only, other.images];
      if (me.isIn) this.admit(side);
      this.feed(side);
    }
  }

  receive(from: number, page: string, body: SignalBody): void {
    const known = this.sides.get(page);
    if (known ? known.party !== from : body.description?.type !== "offer") return;
    (known ?? this.welcome(from, page)).peer.receive(body);
  }

  /** Take the offer of a page at the door; the oldest line of that kind makes way. */
  private welcome(party: number, page: string): Side {
    const guests = [...this.sides.values()].filter((side) => !side.admitted);
    if (guests.length >= MOST_GUESTS) this.drop(guests[0]!);
    return this.link(party, page, false);
  }

  send(slot: Slot, track: MediaStreamTrack | null): void {
    this.tracks[slot] = track;
    for (const side of this.sides.values()) this.feed(side);
  }

  resume(): void {
    for (const { peer } of this.sides.values()) peer.mend();
  }

  setStep(step: number): void {
    if (step === this.step) return;
    this.step = step;
    for (const side of this.sides.values()) this.feed(side);
  }

  /** Each line is coded for one receiver, who gets what there is. */
  shown(): void {}

  follows(way: Way): boolean {
    return way.topology === "p2p";
  }

  async measure(): Promise<Sample[]> {
    const measured = [...this.sides.values()].map(async (side): Promise<Sample | null> => {
      if (!side.admitted || side.peer.line !== "connected") return null;
      const report = (await side.peer.connection.getStats()) as unknown as Iterable<[string, unknown]>;
      const [before, after] = [side.counted, countersOf(report, performance.now())];
      side.counted = after;
      return before && sampleBetween(side.party, before, after);
    });
    return (await Promise.all(measured)).filter((sample) => sample !== null);
  }

  close(): void {
    for (const side of [...this.sides.values()]) this.drop(side);
  }

  private link(party: number, page: string, opens: boolean): Side {
    const peer = new Peer({
      iceServers: this.iceServers,
      opens,
      tracks: { ...this.tracks, camera: stepAt(this.step).own.bitrate > 0 ? this.tracks.camera : null },
      send: (body) => this.events.signal(party, page, body),
      track: (slot, track) => this.received(side, slot, track),
      line: (line) => this.lineChanged(side, line),
    });
    const side: Side = { party, page, peer, admitted: false, soundOnly: false, images: "full", received: new Map(), counted: null };
    this.sides.set(page, side);
    if (!opens) window.setTimeout(() => peer.mend(), OPEN_AFTER); // the newcomer's offer was lost
    return side;
  }

  private admit(side: Side): void {
    if (side.admitted) return;
    side.admitted = true;
    side.peer.admit();
    for (const [slot, track] of side.received) this.events.track(side.party, slot, track);
    this.events.line(side.party, side.peer.line);
  }

  private received(side: Side, slot: Slot, track: MediaStreamTrack): void {
    side.received.set(slot, track);
    if (side.admitted) this.events.track(side.party, slot, track);
  }

  private lineChanged(side: Side, line: Line): void {
    if (side.admitted) this.events.line(side.party, line);
    if (line === "cut" && !this.wanted.has(side.party)) this.drop(side); // one who left the door, or whose sound alone remained
  }

  /** What goes to a side: less when our line is weak, and no more than it wants. */
  private feed(side: Side): void {
    const { own, share } = stepAt(this.step);
    const camera = forReceiver(own, side.soundOnly ? "none" : side.images);
    side.peer.setPictures(camera, share);
    const tracks: Tracks = {
      audio: this.tracks.audio,
      camera: camera.bitrate > 0 ? this.tracks.camera : null,
      screen: side.soundOnly || share.bitrate === 0 ? null : this.tracks.screen,
    };
    for (const slot of ["audio", "camera", "screen"] as const) side.peer.setTrack(slot, tracks[slot]);
  }

  private drop(side: Side): void {
    side.peer.close();
    this.sides.delete(side.page);
    const remains = [...this.sides.values()].some((one) => one.party === side.party && one.admitted);
    if (side.admitted && !remains) this.events.gone(side.party);
  }
}
