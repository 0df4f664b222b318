/** Direct lines to every other party: the transport for two sides, and up to four without a media server. */
import { Peer } from "./peer.ts";
import type { Present, Sample, SignalBody } from "./protocol.ts";
import { countersOf, sampleBetween, type Counters } from "./stats.ts";
import { STEPS } from "./ladder.ts";
import type { Line, Slot, Tracks, Transport, TransportEvents } from "./transport.ts";

interface Side {
  page: string;
  peer: Peer;
  soundOnly: boolean;
  counted: Counters | null;
}

const OPEN_AFTER = 3000;

export class Mesh implements Transport {
  private readonly sides = new Map<number, Side>();
  private readonly tracks: Tracks = { audio: null, camera: null, screen: null };
  private readonly iceServers: RTCIceServer[];
  private readonly events: TransportEvents;
  private wanted = new Set<number>();
  private step = 0;

  constructor(iceServers: RTCIceServer[], events: TransportEvents) {
    this.iceServers = iceServers;
    this.events = events;
  }

  arrange(others: readonly Present[], me: { isIn: boolean; order: number }, left: Readonly<Record<string, string>>): void {
    const wanted = new Map(others.map((one) => [one.party, one]));
    this.wanted = new Set(wanted.keys());
    for (const [party, side] of this.sides) {
      const now = wanted.get(party);
      const silent = !now && left[party] !== "left" && side.peer.line === "connected";
      if (now?.page === side.page || silent) continue; // only its socket is lost: its sound still comes
      this.drop(party);
    }
    for (const other of others) {
      const side = this.sides.get(other.party) ?? this.link(other, !me.isIn || me.order > other.order);
      side.soundOnly = other.sound_only;
      this.feed(side);
      if (me.isIn) side.peer.open();
    }
  }

  receive(from: number, page: string, body: SignalBody): void {
    const side = this.sides.get(from);
    if (side?.page === page) side.peer.receive(body);
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
    for (const side of this.sides.values()) {
      side.peer.setStep(step);
      this.feed(side);
    }
  }

  async measure(): Promise<Sample[]> {
    const measured = [...this.sides].map(async ([party, side]): Promise<Sample | null> => {
      if (side.peer.line !== "connected") return null;
      const report = (await side.peer.connection.getStats()) as unknown as Iterable<[string, unknown]>;
      const [before, after] = [side.counted, countersOf(report, performance.now())];
      side.counted = after;
      return before && sampleBetween(party, before, after);
    });
    return (await Promise.all(measured)).filter((sample) => sample !== null);
  }

  close(): void {
    for (const party of [...this.sides.keys()]) this.drop(party);
  }

  private link(other: Present, opens: boolean): Side {
    const peer = new Peer({
      iceServers: this.iceServers,
      opens,
      tracks: this.allowed(other.sound_only),
      send: (body) => this.events.signal(other.party, other.page, body),
      track: (slot, track) => this.events.track(other.party, slot, track),
      line: (line) => this.lineChanged(other.party, line),
    });
    const side: Side = { page: other.page, peer, soundOnly: other.sound_only, counted: null };
    this.sides.set(other.party, side);
    peer.setStep(this.step);
    if (!opens) window.setTimeout(() => peer.mend(), OPEN_AFTER); // the newcomer's offer was lost
    return side;
  }

  private lineChanged(party: number, line: Line): void {
    this.events.line(party, line);
    if (line === "cut" && !this.wanted.has(party)) this.drop(party);
  }

  private allowed(soundOnly: boolean): Tracks {
    const picture = !soundOnly;
    const camera = picture && (STEPS[this.step]?.bitrate ?? 0) > 0;
    return { audio: this.tracks.audio, camera: camera ? this.tracks.camera : null, screen: picture ? this.tracks.screen : null };
  }

  private feed(side: Side): void {
    const tracks = this.allowed(side.soundOnly);
    for (const slot of ["audio", "camera", "screen"] as const) side.peer.setTrack(slot, tracks[slot]);
  }

  private drop(party: number): void {
    this.sides.get(party)?.peer.close();
    this.sides.delete(party);
    this.events.gone(party);
  }
}
