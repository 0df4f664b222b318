/** What this page receives from the bridge: one connection for everyone, whose places come and go. */
import { withAudioNack } from "../sdp.ts";
import type { Slot } from "../transport.ts";
import { layerFor, type Wanted } from "./feeds.ts";
import type { Data, Handle, Jsep, Told } from "./janus.ts";
import { Paths } from "./paths.ts";

interface Stream {
  mid: string;
  active?: boolean;
  feed_id?: string;
  feed_mid?: string;
}

/** A medium that the bridge sends here, by its `mid` in our connection; `key`: whose it is. */
interface Brought {
  mid: string;
  feed: string;
  key: string;
}

export interface IncomingWishes {
  iceServers: RTCIceServer[];
  join: Data;
  handle: Handle;
  track: (party: number, slot: Slot, track: MediaStreamTrack) => void;
  changed: () => void;
}

const AGAIN = 300;
/** After which what is asked and does not come is asked of another connection, in milliseconds. */
const PATIENCE = 3000;
/** How long a new picture is left to appear before its size is chosen anew, in milliseconds: each choice asks for a whole
 *  picture, and a sender that has just been asked for one makes the next ask wait. */
const APPEARS = 700;
const UNKNOWN_HEIGHT = 360;
const keyOf = (feed: string, mid: string): string => `${feed} ${mid}`;

export class Incoming {
  readonly connection: RTCPeerConnection;
  /** The mids of the connection that bring each party, for its measures. */
  readonly mids = new Map<string, Wanted>();
  private readonly wishes: IncomingWishes;
  private wanted: readonly Wanted[] = [];
  private published = new Set<string>();
  /** What the bridge said, in its order: an offer taken before an earlier one would undo it. */
  private readonly inbox: Told[] = [];
  private asked = new Set<string>();
  /** All that the bridge sends, also what is not wanted any more, or came twice. */
  private brought: readonly Brought[] = [];
  private joined = false;
  private work: Promise<void> = Promise.resolve();
  private readonly heights = new Map<string, number>();
  private readonly layers = new Map<string, number>();
  private step = 0;
  private missingSince = 0;
  private isStopped = false;
  private choosing = 0;
  private readonly paths: Paths;

  constructor(wishes: IncomingWishes) {
    this.wishes = wishes;
    this.connection = new RTCPeerConnection({ iceServers: wishes.iceServers, bundlePolicy: "max-bundle" });
    this.connection.onicecandidate = ({ candidate }) => wishes.handle.trickle(candidate?.toJSON() ?? null);
    this.connection.onconnectionstatechange = () => {
      if (this.connection.connectionState === "connected") this.chooseLater();
      wishes.changed();
    };
    this.paths = new Paths(this.connection, wishes.handle);
    wishes.handle.heard = (told) => {
      if (told.jsep) this.take(told); // the bridge changed it by itself: someone left
    };
  }

  /** Receive exactly `wanted`. `published`: the participants who send; the bridge itself takes back what others sent. */
  want(wanted: readonly Wanted[], published: readonly string[]): void {
    [this.wanted, this.published] = [wanted, new Set(published)];
    this.queue(async () => this.catchUp());
  }

  shown(party: number, slot: Slot, height: number): void {
    this.heights.set(`${party} ${slot}`, height);
    this.chooseLater();
  }

  setStep(step: number): void {
    this.step = step;
    this.chooseLayers();
  }

  /** Tell whether the sound of `party` is among what is received. */
  brings(party: number): boolean {
    return [...this.mids.values()].some((one) => one.party === party);
  }

  /** Tell whether something that is asked has not come for too long. */
  isStuck(now: number): boolean {
    const missing = this.wanted.some((one) => !this.isThere(one));
    if (!missing) this.missingSince = 0;
    else this.missingSince ||= now;
    return missing && now - this.missingSince > PATIENCE;
  }

  private isThere({ feed, mid }: Wanted): boolean {
    return this.connection.connectionState === "connected" && [...this.mids.values()].some((one) => one.feed === feed && one.mid === mid);
  }

  /** Ask nothing more of a bridge that is lost; what still comes is let play. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.choosing);
  }

  close(): void {
    this.stop();
    this.wishes.handle.heard = this.wishes.handle.found = () => undefined;
    this.connection.onicecandidate = this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  private queue(act: () => Promise<void>): void {
    this.work = this.work.then(async () => (this.isStopped ? undefined : act())).catch((reason: unknown) => {
      if (this.isStopped) return;
      console.warn("bridge:", reason);
      this.asked = new Set(this.brought.map(({ key }) => key));
      setTimeout(() => this.queue(async () => this.catchUp()), AGAIN); // someone left meanwhile, or has just come
    });
  }

  private async catchUp(): Promise<void> {
    await this.drain();
    await this.sync();
  }

  private async sync(): Promise<void> {
    this.assign();
    const names = new Map(this.wanted.map((one) => [keyOf(one.feed, one.mid), this.ordered(one)]));
    const missing = [...names].filter(([key]) => !this.asked.has(key));
    const subscribe = missing.map(([, stream]) => stream);
    const given = new Set([...this.mids.values()].map((one) => keyOf(one.feed, one.mid)));
    const isSurplus = ({ mid, feed, key }: Brought): boolean => this.published.has(feed) && !this.mids.has(mid) && (!names.has(key) || given.has(key));
    const unsubscribe = this.brought.filter(isSurplus).map(({ mid }) => ({ sub_mid: mid }));
    if (subscribe.length === 0 && unsubscribe.length === 0) return;
    for (const [key] of missing) this.asked.add(key);
    const body = !this.joined
      ? { request: "join", ptype: "subscriber", use_msid: false, ...this.wishes.join, streams: subscribe }
      : { request: "update", ...(subscribe.length > 0 && { subscribe }), ...(unsubscribe.length > 0 && { unsubscribe }) };
    if (!this.joined && subscribe.length === 0) return;
    const told = await this.wishes.handle.ask(body);
    this.joined = true;
    this.inbox.push(told);
    await this.drain(); // asked for more before it has our answer, the bridge would put it off
  }

  /** What is asked of the bridge: a camera's picture in the size it is shown in, as far as that is known. */
  private ordered({ party, slot, feed, mid }: Wanted): Data {
    const substream = layerFor(this.heights.get(`${party} ${slot}`) || UNKNOWN_HEIGHT, this.step);
    return slot === "camera" ? { feed, mid, substream, temporal: 2 } : { feed, mid };
  }

  private take(told: Told): void {
    this.inbox.push(told);
    this.queue(async () => this.catchUp());
  }

  private async drain(): Promise<void> {
    for (let next = this.inbox.shift(); next; next = this.inbox.shift()) await this.negotiate(next);
  }

  private async negotiate({ data, jsep }: Told): Promise<void> {
    if (jsep) await this.answer(jsep);
    if (Array.isArray(data.streams)) this.place(data.streams as Stream[]); // not all that is said tells what is sent
    this.wishes.changed();
  }

  private async answer(offer: Jsep): Promise<void> {
    await this.connection.setRemoteDescription({ type: "offer", sdp: withAudioNack(offer.sdp) });
    this.paths.open();
    const made = await this.connection.createAnswer();
    const answer: Jsep = { type: "answer", sdp: withAudioNack(made.sdp ?? "") };
    // the bridge reads the answer while the browser puts it in place
    await Promise.all([this.wishes.handle.ask({ request: "start" }, answer), this.connection.setLocalDescription(answer)]);
  }

  /** Note what each place of the connection now brings. */
  private place(streams: readonly Stream[]): void {
    this.brought = streams.flatMap(({ mid, active, feed_id: feed, feed_mid }) =>
      active === false || !feed || !feed_mid ? [] : [{ mid, feed, key: keyOf(feed, feed_mid) }],
    );
    this.asked = new Set(this.brought.map(({ key }) => key));
    this.assign();
    this.chooseLater();
  }

  /** Give what is brought to whom it is of, each wanted medium once. */
  private assign(): void {
    const awaited = new Map(this.wanted.map((one) => [keyOf(one.feed, one.mid), one]));
    const receivers = new Map(this.connection.getTransceivers().map((one) => [one.mid, one.receiver]));
    const before = new Map(this.mids);
    this.mids.clear();
    for (const { mid, key } of this.brought) {
      const [wanted, receiver] = [awaited.get(key), receivers.get(mid)];
      if (!wanted || !receiver) continue;
      awaited.delete(key);
      this.mids.set(mid, wanted);
      if (before.get(mid)?.feed === wanted.feed && before.get(mid)?.mid === wanted.mid) continue;
      this.layers.delete(mid);
      this.wishes.track(wanted.party, wanted.slot, receiver.track);
    }
  }

  private chooseLater(): void {
    clearTimeout(this.choosing);
    this.choosing = window.setTimeout(() => this.chooseLayers(), APPEARS);
  }

  private chooseLayers(): void {
    if (this.connection.connectionState !== "connected") return;
    const changes: Data[] = [];
    for (const [mid, { party, slot }] of this.mids) {
      const height = this.heights.get(`${party} ${slot}`);
      if (slot !== "camera" || height === undefined) continue;
      const layer = layerFor(height, this.step);
      if (this.layers.get(mid) === layer) continue;
      this.layers.set(mid, layer);
      changes.push({ mid, substream: layer, temporal: 2 });
    }
    if (changes.length > 0 && !this.isStopped) void this.wishes.handle.ask({ request: "configure", streams: changes }).catch(() => undefined);
  }
}
