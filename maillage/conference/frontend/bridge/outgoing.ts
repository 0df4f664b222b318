/** What this page sends to the bridge: one connection, three places (sound, camera in three sizes, screen). */
import { forReceiver, stepAt } from "../ladder.ts";
import { orderedCodecs, withAudioNack } from "../sdp.ts";
import { SOUND, tuneSender } from "../tuning.ts";
import type { Slot, Tracks } from "../transport.ts";
import type { Handle, Jsep } from "./janus.ts";
import { Paths } from "./paths.ts";

const { frames: FRAMES } = stepAt(0).own;
/** Largest first, as Janus reads them. Sizes are those of a camera of 720 lines. */
const LAYERS: RTCRtpEncodingParameters[] = [
  { rid: "h", maxBitrate: 900_000, scaleResolutionDownBy: 1 },
  { rid: "m", maxBitrate: 400_000, scaleResolutionDownBy: 2 },
  { rid: "l", maxBitrate: 130_000, scaleResolutionDownBy: 4 },
].map((layer) => ({ ...layer, maxFramerate: FRAMES, priority: "low", networkPriority: "low" }));
/** How each place sends on a good line, said before it opens: said later, its encoders would start twice. */
const ENCODINGS: Record<Slot, RTCRtpEncodingParameters[]> = {
  audio: [{ maxBitrate: SOUND, priority: "high", networkPriority: "high" }],
  camera: LAYERS,
  screen: [{ maxBitrate: stepAt(0).share.bitrate, maxFramerate: stepAt(0).share.frames, priority: "medium", networkPriority: "medium" }],
};

/** Return how many layers a step of the ladder leaves, the largest given up first. */
export const layersAt = (step: number): number => LAYERS.filter(({ maxBitrate }) => (maxBitrate ?? 0) <= stepAt(step).own.bitrate).length;

export class Outgoing {
  readonly connection: RTCPeerConnection;
  private readonly places = new Map<Slot, RTCRtpTransceiver>();
  private readonly ready: Promise<void>;
  private handle: Handle | null = null;
  private paths: Paths | null = null;
  private isAccepted = false;
  private early: (RTCIceCandidateInit | null)[] = [];
  private admitted = false;
  private readonly tracks: Tracks = { audio: null, camera: null, screen: null };
  private step = 0;
  private isNarrow = false;

  constructor(iceServers: RTCIceServer[]) {
    this.connection = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    this.connection.onicecandidate = ({ candidate }) => this.trickle(candidate?.toJSON() ?? null);
    const codecs = RTCRtpReceiver.getCapabilities("video")?.codecs ?? [];
    for (const slot of ["audio", "camera", "screen"] as const) {
      const sendEncodings = ENCODINGS[slot].map((encoding) => ({ ...encoding }));
      const place = this.connection.addTransceiver(slot === "audio" ? "audio" : "video", { direction: "sendonly", sendEncodings });
      if (slot !== "audio" && "setCodecPreferences" in place) place.setCodecPreferences(orderedCodecs(codecs));
      this.places.set(slot, place);
    }
    this.ready = this.prepare();
  }

  /** Return our offer, with its picture's codec: the bridge takes the first it is told. */
  async offer(): Promise<{ jsep: Jsep; videocodec: string }> {
    await this.ready;
    const sdp = this.connection.localDescription?.sdp ?? "";
    return { jsep: { type: "offer", sdp }, videocodec: /^a=rtpmap:\d+ H264\//im.test(sdp) ? "h264" : "vp8" };
  }

  /** Put the tracks in place; from here they leave as soon as there is a way. */
  async admit(): Promise<void> {
    this.admitted = true;
    await Promise.all([...this.places.keys()].map((slot) => this.attach(slot)));
  }

  /** Note by which `handle` the offer leaves; paths are told once it is answered. */
  leave(handle: Handle): void {
    this.handle = handle;
    this.paths = new Paths(this.connection, handle);
  }

  async accept(answer: Jsep): Promise<void> {
    const { handle } = this;
    if (handle) for (const candidate of this.early.splice(0)) handle.trickle(candidate);
    this.isAccepted = true;
    await this.connection.setRemoteDescription({ type: "answer", sdp: withAudioNack(answer.sdp) });
    this.paths?.open();
    if (this.step > 0) this.tune();
    else if (this.isNarrow) this.tuneSound();
  }

  send(slot: Slot, track: MediaStreamTrack | null): void {
    this.tracks[slot] = track;
    if (this.admitted) void this.attach(slot);
  }

  setStep(step: number): void {
    if (step === this.step) return;
    this.step = step;
    this.tune();
  }

  /** Note whether someone who hears this page has a narrow line: all get one sound, so it is a lean one. */
  setNarrow(isNarrow: boolean): void {
    if (isNarrow === this.isNarrow) return;
    this.isNarrow = isNarrow;
    if (this.isAccepted) this.tuneSound();
  }

  close(): void {
    this.connection.onicecandidate = this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  private async prepare(): Promise<void> {
    const made = await this.connection.createOffer();
    try {
      await this.connection.setLocalDescription({ type: "offer", sdp: withAudioNack(made.sdp ?? "") });
    } catch {
      await this.connection.setLocalDescription(made); // a browser that refuses the added line does without it
    }
  }

  private async attach(slot: Slot): Promise<void> {
    const sender = this.places.get(slot)?.sender;
    if (!sender || sender.track === this.tracks[slot]) return;
    await sender.replaceTrack(this.tracks[slot]).catch(() => undefined);
    if (slot === "screen" && this.isAccepted) tuneSender(slot, sender, stepAt(this.step).share); // slides and films are coded otherwise
  }

  private trickle(candidate: RTCIceCandidateInit | null): void {
    if (this.handle && this.isAccepted) this.handle.trickle(candidate);
    else this.early.push(candidate);
  }

  private tune(): void {
    this.tuneSound();
    const [camera, screen] = [this.places.get("camera"), this.places.get("screen")];
    if (camera) this.tuneCamera(camera.sender);
    if (screen) tuneSender("screen", screen.sender, stepAt(this.step).share);
  }

  private tuneSound(): void {
    const sound = this.places.get("audio");
    if (sound) tuneSender("audio", sound.sender, forReceiver(stepAt(this.step).own, this.isNarrow ? "none" : "full"));
  }

  private tuneCamera(sender: RTCRtpSender): void {
    const wanted = sender.getParameters();
    const kept = layersAt(this.step);
    wanted.encodings?.forEach((encoding, index, all) => {
      encoding.active = index >= all.length - kept;
      encoding.priority = encoding.networkPriority = "low";
      encoding.maxFramerate = stepAt(this.step).own.frames;
    });
    sender.setParameters(wanted).catch(() => undefined);
  }
}
