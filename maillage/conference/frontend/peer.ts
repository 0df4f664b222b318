/** The line with one page of one other party: one connection, three places (sound, camera, screen) that never change.
 *  A track comes and goes without a new negotiation; only a broken path makes one. */
import { isIgnored, isStale } from "./negotiation.ts";
import type { Description, SignalBody } from "./protocol.ts";
import { orderedCodecs, withAudioNack } from "./sdp.ts";
import { stepAt, type Picture } from "./ladder.ts";
import { tuneSender } from "./tuning.ts";
import { SLOTS, type Line, type Slot, type Tracks } from "./transport.ts";

export interface PeerWishes {
  iceServers: RTCIceServer[];
  /** The later of the two pages opens the line; the other one yields if both do. */
  opens: boolean;
  tracks: Tracks;
  send: (body: SignalBody) => void;
  track: (slot: Slot, track: MediaStreamTrack) => void;
  line: (line: Line) => void;
}

const PATIENCE = 5000;
/** How long an offer is left to work before another is made. */
const FRESH = 2000;
/** After which a line that just opened may be tuned without disturbing its first image, in milliseconds. */
const SETTLED = 400;

export class Peer {
  readonly connection: RTCPeerConnection;
  line: Line = "connecting";
  private readonly slots = new Map<Slot, RTCRtpTransceiver>();
  private readonly stream = new MediaStream();
  private readonly wishes: PeerWishes;
  private makingOffer = false;
  private ignoring = false;
  private early: RTCIceCandidateInit[] = [];
  private batch: RTCIceCandidateInit[] = [];
  private work: Promise<void> = Promise.resolve();
  private watchdog = 0;
  private pictures: { camera: Picture; screen: Picture } = { camera: stepAt(0).own, screen: stepAt(0).share };
  private held = false;
  private admitted = false;
  private offeredAt = performance.now();

  constructor(wishes: PeerWishes) {
    this.wishes = wishes;
    this.connection = new RTCPeerConnection({ iceServers: wishes.iceServers, bundlePolicy: "max-bundle" });
    this.connection.onicecandidate = ({ candidate }) => this.trickle(candidate);
    this.connection.ontrack = ({ transceiver, track }) => this.place(transceiver, track);
    this.connection.onconnectionstatechange = () => this.observe();
    if (!wishes.opens) return;
    this.prepare();
    this.watch();
  }

  /** Both are in: sound and image may go from here. Before, the line is open and nothing passes. */
  admit(): void {
    if (this.admitted) return;
    this.admitted = true;
    if (!this.wishes.opens) this.watch();
    for (const [slot, place] of this.slots) void this.attach(slot, place);
  }

  receive(body: SignalBody): void {
    this.queue(async () => {
      if (body.description) await this.hear(body.description);
      for (const candidate of body.candidates) await this.add(candidate);
    });
  }

  setTrack(slot: Slot, track: MediaStreamTrack | null): void {
    this.wishes.tracks[slot] = track;
    const place = this.slots.get(slot);
    if (place) void this.attach(slot, place).then(() => slot === "screen" && tuneSender(slot, place.sender, this.pictures.screen));
  }

  /** Send no more picture than these. */
  setPictures(camera: Picture, screen: Picture): void {
    if (this.pictures.camera === camera && this.pictures.screen === screen) return;
    this.pictures = { camera, screen };
    this.tune();
  }

  private watch(): void {
    this.watchdog = window.setInterval(() => this.mend(), PATIENCE);
  }

  /** Offer again if the path is not there: what was said while the socket was away may be lost. */
  mend(): void {
    const mayOffer = this.wishes.opens || this.admitted;
    const isFresh = performance.now() - this.offeredAt < FRESH; // two offers in a row undo each other
    if (mayOffer && !isFresh && this.connection.connectionState !== "connected") this.queue(async () => this.offer(true));
  }

  close(): void {
    clearInterval(this.watchdog);
    this.connection.onicecandidate = this.connection.ontrack = this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  private queue(act: () => Promise<void>): void {
    this.work = this.work.then(act).catch((reason: unknown) => {
      if (this.connection.signalingState !== "closed") console.warn("line:", reason);
    });
  }

  private prepare(): void {
    for (const slot of SLOTS) {
      const kind = slot === "audio" ? "audio" : "video";
      const place = this.connection.addTransceiver(kind, { direction: "sendrecv", streams: [this.stream] });
      this.prefer(slot, place);
      this.slots.set(slot, place);
      void this.attach(slot, place);
    }
    this.queue(async () => this.offer(false));
  }

  private prefer(slot: Slot, place: RTCRtpTransceiver): void {
    const known = slot === "audio" ? null : RTCRtpReceiver.getCapabilities("video");
    if (known && "setCodecPreferences" in place) place.setCodecPreferences(orderedCodecs(known.codecs));
  }

  private async offer(iceRestart: boolean): Promise<void> {
    if (this.connection.signalingState === "have-remote-offer" || this.connection.signalingState === "closed") return;
    if (this.slots.size === 0) {
      this.prepare();
      return;
    }
    this.makingOffer = true;
    this.offeredAt = performance.now();
    try {
      await this.setLocal(await this.connection.createOffer({ iceRestart }));
      this.sayLocal();
    } finally {
      this.makingOffer = false;
    }
  }

  private async setLocal(made: RTCSessionDescriptionInit): Promise<void> {
    try {
      await this.connection.setLocalDescription({ type: made.type, sdp: withAudioNack(made.sdp ?? "") });
    } catch {
      await this.connection.setLocalDescription(made); // a browser that refuses the added line does without it
    }
  }

  private sayLocal(): void {
    const local = this.connection.localDescription;
    if (!local || (local.type !== "offer" && local.type !== "answer")) return;
    this.batch = [];
    this.wishes.send({ description: { type: local.type, sdp: local.sdp }, candidates: [] });
  }

  private async hear(description: Description): Promise<void> {
    const bargain = { polite: !this.wishes.opens, makingOffer: this.makingOffer, signalingState: this.connection.signalingState };
    this.ignoring = isIgnored(bargain, description.type);
    if (this.ignoring || isStale(bargain, description.type)) return;
    await this.connection.setRemoteDescription(description);
    for (const candidate of this.early.splice(0)) await this.add(candidate);
    if (description.type !== "offer") return;
    await this.adopt();
    await this.setLocal(await this.connection.createAnswer());
    this.sayLocal();
  }

  /** Take the three places of the other's offer as ours. */
  private async adopt(): Promise<void> {
    if (this.slots.size === 0) this.holdCamera();
    for (const stray of this.connection.getTransceivers()) if (stray.mid === null) stray.stop(); // of an offer we took back
    for (const [index, place] of this.agreed().entries()) {
      const slot = SLOTS[index];
      if (!slot) continue;
      this.slots.set(slot, place);
      if (place.direction !== "sendrecv") {
        place.direction = "sendrecv";
        this.prefer(slot, place);
        if ("setStreams" in place.sender) place.sender.setStreams(this.stream);
      }
      await this.attach(slot, place);
    }
  }

  private async attach(slot: Slot, place: RTCRtpTransceiver): Promise<void> {
    const waits = !this.admitted || (this.held && slot === "camera");
    const track = waits ? null : this.wishes.tracks[slot];
    if (place.sender.track === track) return;
    await place.sender.replaceTrack(track);
  }

  /** An answer takes a moment to arrive: a first image sent before it is lost, and the next takes long. Once the other
   *  is heard, it has the answer. */
  private holdCamera(): void {
    this.held = true;
    this.agreed()[0]?.receiver.track.addEventListener("unmute", () => this.releaseCamera(), { once: true });
  }

  private releaseCamera(): void {
    if (!this.held) return;
    this.held = false;
    this.setTrack("camera", this.wishes.tracks.camera);
  }

  private agreed(): RTCRtpTransceiver[] {
    return this.connection.getTransceivers().filter((one) => one.mid !== null);
  }

  private async add(candidate: RTCIceCandidateInit): Promise<void> {
    if (!this.connection.remoteDescription) {
      this.early.push(candidate);
      return;
    }
    try {
      await this.connection.addIceCandidate(candidate);
    } catch (refused) {
      if (!this.ignoring) console.warn("path refused", refused);
    }
  }

  private trickle(candidate: RTCIceCandidate | null): void {
    if (!candidate) return;
    if (this.batch.push(candidate.toJSON()) > 1) return;
    queueMicrotask(() => {
      const found = this.batch.splice(0);
      if (found.length > 0) this.wishes.send({ description: null, candidates: found });
    });
  }

  private place(transceiver: RTCRtpTransceiver, track: MediaStreamTrack): void {
    const slot = [...this.slots].find(([, place]) => place === transceiver)?.[0] ?? SLOTS[this.agreed().indexOf(transceiver)];
    if (slot) this.wishes.track(slot, track);
  }

  private observe(): void {
    const state = this.connection.connectionState;
    const line: Line = state === "connected" ? "connected" : state === "disconnected" || state === "failed" ? "cut" : this.line === "cut" ? "cut" : "connecting";
    if (state === "failed") this.mend();
    if (line === this.line) return;
    this.line = line;
    if (line === "connected") setTimeout(() => this.settle(), SETTLED);
    this.wishes.line(line);
  }

  private settle(): void {
    this.releaseCamera();
    if (this.connection.connectionState !== "closed") this.tune();
  }

  private tune(): void {
    for (const [slot, { sender }] of this.slots) tuneSender(slot, sender, slot === "screen" ? this.pictures.screen : this.pictures.camera);
  }
}
