/** One stay in one room of one bridge. If the bridge is lost, so is the visit; another one takes over. */
import type { Present, Sample, Way } from "../protocol.ts";
import { countersOf, sampleBetween, type Counters } from "../stats.ts";
import type { Line, Me, Slot, Transport, TransportEvents } from "../transport.ts";
import type { VisitWishes } from "../way_finder.ts";
import { afterNews, goneIn, slotsAt, wantedOf, type Publisher } from "./feeds.ts";
import { Incoming } from "./incoming.ts";
import { Session, type Data, type Handle } from "./janus.ts";
import { Outgoing } from "./outgoing.ts";

const WATCH = 500;
const VIDEOROOM = "janus.plugin.videoroom";
type State = "opening" | "joining" | "in" | "dead";

export class Visit implements Transport {
  readonly hearsPages = false;
  private readonly events: TransportEvents;
  private readonly wishes: VisitWishes;
  private readonly session: Session;
  private readonly outgoing: Outgoing;
  private readonly handles: Promise<[Handle, Handle]>;
  private readonly watchdog: number;
  private incoming: Incoming | null = null;
  private way: Way;
  private state: State = "opening";
  private publishers: Publisher[] = [];
  private others: readonly Present[] = [];
  private me: Me = { isIn: false, order: 0, soundOnly: false };
  private step = 0;
  private readonly heights = new Map<string, [number, Slot, number]>();
  private readonly lines = new Map<number, Line>();
  private readonly counted = new Map<number, Counters>();

  constructor(wishes: VisitWishes, events: TransportEvents) {
    [this.wishes, this.events, this.way] = [wishes, events, wishes.way];
    const address = wishes.way.bridges[0];
    this.session = new Session(address?.url ?? "", address?.door_token ?? "");
    this.session.lost = () => void this.recover();
    this.outgoing = new Outgoing(wishes.iceServers);
    this.outgoing.connection.onconnectionstatechange = () => this.observe();
    this.handles = this.open();
    this.handles.catch(() => this.die());
    this.watchdog = window.setInterval(() => this.incoming?.isStuck(performance.now()) && this.die(), WATCH);
  }

  follows(way: Way): boolean {
    const [mine, next] = [this.way.bridges[0], way.bridges[0]];
    if (this.state === "dead" || way.topology !== "bridge" || !mine || mine.url !== next?.url) return false;
    if (this.way.room && way.room && this.way.room !== way.room) return false;
    this.way = way;
    this.session.token = next.door_token;
    this.join();
    return true;
  }

  arrange(others: readonly Present[], me: Me): void {
    for (const party of [...this.lines.keys()]) if (!others.some((one) => one.party === party)) this.forget(party);
    [this.others, this.me] = [others, me];
    this.outgoing.setNarrow(others.some((one) => one.sound_only || one.images !== "full"));
    this.join();
    this.look();
  }

  /** Pages do not speak to each other here. */
  receive(): void {}

  send(slot: Slot, track: MediaStreamTrack | null): void {
    this.outgoing.send(slot, track);
  }

  /** The bridge's own websocket comes back by itself. */
  resume(): void {}

  setStep(step: number): void {
    this.step = step;
    this.outgoing.setStep(step);
    this.incoming?.setStep(step);
    this.look();
  }

  shown(party: number, slot: Slot, height: number): void {
    this.heights.set(`${party} ${slot}`, [party, slot, height]);
    this.incoming?.shown(party, slot, height);
  }

  async measure(): Promise<Sample[]> {
    const { incoming } = this;
    if (!incoming || this.state !== "in") return [];
    const [sent, received] = (await Promise.all([this.outgoing.connection.getStats(), incoming.connection.getStats()])) as unknown as Map<string, Data>[];
    return [...this.lines].flatMap(([party, line]) => {
      if (line !== "connected") return [];
      const mids = new Set([...incoming.mids].filter(([, one]) => one.party === party).map(([mid]) => mid));
      const from = [...received!].filter(([, entry]) => entry.type !== "inbound-rtp" || mids.has(String(entry.mid)));
      const to = [...sent!].filter(([, entry]) => entry.type === "outbound-rtp" || entry.type === "remote-inbound-rtp");
      const after = countersOf([...from, ...to], performance.now());
      const before = this.counted.get(party);
      this.counted.set(party, after);
      return before ? [sampleBetween(party, before, after)] : [];
    });
  }

  close(): void {
    clearInterval(this.watchdog);
    this.state = "dead";
    this.incoming?.close();
    this.outgoing.close();
    this.session.close();
  }

  private async open(): Promise<[Handle, Handle]> {
    await this.session.open();
    return Promise.all([this.session.attach(VIDEOROOM), this.session.attach(VIDEOROOM)]);
  }

  private join(): void {
    if (this.state !== "opening" || !this.me.isIn || !this.way.room) return;
    this.state = "joining";
    this.enter().catch(() => this.die());
  }

  private async enter(): Promise<void> {
    void this.outgoing.admit(); // what is sent may be put in place while the bridge answers
    const [[publisher, subscriber], { jsep, videocodec }] = await Promise.all([this.handles, this.outgoing.offer()]);
    const { room } = this.way;
    const token = this.way.bridges[0]?.room_token;
    publisher.heard = ({ data }, verb) => (verb === "hangup" ? this.die() : this.news(data));
    const id = this.wishes.names.next();
    const body = { request: "joinandconfigure", ptype: "publisher", room, id, token, audio: true, video: true, audiocodec: "opus", videocodec };
    this.outgoing.leave(publisher);
    const told = await publisher.ask(body, jsep);
    this.state = "in";
    this.incoming = this.listen(subscriber, { room, token, private_id: told.data.private_id });
    this.news(told.data);
    await Promise.resolve(); // what is to be received is asked for first: putting our answer in place takes some milliseconds
    if (told.jsep) await this.outgoing.accept(told.jsep);
  }

  private listen(handle: Handle, join: Data): Incoming {
    const incoming = new Incoming({
      iceServers: this.wishes.iceServers,
      join,
      handle,
      track: (party, slot, track) => this.events.track(party, slot, track),
      changed: () => this.observe(),
    });
    for (const height of this.heights.values()) incoming.shown(...height);
    incoming.setStep(this.step);
    return incoming;
  }

  private news(data: Data): void {
    for (const name of goneIn(data)) this.wishes.roll.left(name);
    this.publishers = afterNews(this.publishers, data);
    this.look();
  }

  private look(): void {
    const published = this.publishers.map((one) => one.id);
    this.incoming?.want(wantedOf(this.publishers, this.others, slotsAt(this.step, this.me.soundOnly), this.wishes.roll), published);
    this.observe();
  }

  private observe(): void {
    const ways = [this.outgoing.connection.connectionState, this.incoming?.connection.connectionState ?? "new"];
    if (ways.includes("failed")) return this.die();
    const line: Line = ways.includes("disconnected") ? "cut" : "connected";
    for (const { party } of this.others) {
      const isThere = ways[1] === "connected" || ways[1] === "disconnected";
      this.say(party, this.state === "in" && isThere && this.incoming?.brings(party) ? line : "connecting");
    }
  }

  private say(party: number, line: Line): void {
    if (this.lines.get(party) === line) return;
    this.lines.set(party, line);
    this.events.line(party, line);
  }

  private forget(party: number): void {
    this.lines.delete(party);
    this.counted.delete(party);
    this.events.gone(party);
  }

  /** The websocket is gone: the bridge may still be there, with all that passes through it. */
  private async recover(): Promise<void> {
    if (this.state === "dead") return;
    if (!(await this.session.reclaim())) this.die();
  }

  private die(): void {
    if (this.state === "dead") return;
    clearInterval(this.watchdog);
    this.state = "dead";
    this.incoming?.stop();
    for (const party of this.lines.keys()) this.say(party, "cut");
    this.events.lost(this.way.generation);
  }
}
