/** One voice each way with one other page, and nothing else: the line to the concierge. It knows neither socket nor screen. */
import type { Description, SignalBody } from "./protocol.ts";

export interface AudioCallWishes {
  iceServers: RTCIceServer[];
  microphone: MediaStreamTrack | null;
  send: (body: SignalBody) => void;
  /** The other's voice can be played. */
  heard: (voice: MediaStream) => void;
  /** True once they hear each other, false when the path is lost for good. */
  open: (isOpen: boolean) => void;
}

export class AudioCall {
  private readonly connection: RTCPeerConnection;
  private readonly wishes: AudioCallWishes;
  private early: RTCIceCandidateInit[] = [];
  private work: Promise<void> = Promise.resolve();

  constructor(wishes: AudioCallWishes) {
    this.wishes = wishes;
    this.connection = new RTCPeerConnection({ iceServers: wishes.iceServers });
    this.connection.ontrack = ({ track }) => wishes.heard(new MediaStream([track]));
    this.connection.onicecandidate = ({ candidate }) => {
      if (candidate) wishes.send({ description: null, candidates: [candidate.toJSON()] });
    };
    this.connection.onconnectionstatechange = () => {
      const state = this.connection.connectionState;
      if (state === "connected") wishes.open(true);
      if (state === "failed") wishes.open(false);
    };
  }

  /** Whether the voices pass. */
  get isOpen(): boolean {
    return this.connection.connectionState === "connected";
  }

  /** The caller's page opens the line. */
  offer(): void {
    this.queue(async () => {
      const { microphone } = this.wishes;
      this.connection.addTransceiver(microphone ?? "audio", { direction: "sendrecv" });
      await this.connection.setLocalDescription();
      this.sayLocal();
    });
  }

  receive(body: SignalBody): void {
    this.queue(async () => {
      if (body.description) await this.hear(body.description);
      for (const candidate of body.candidates) await this.add(candidate);
    });
  }

  close(): void {
    this.connection.onconnectionstatechange = this.connection.onicecandidate = this.connection.ontrack = null;
    this.connection.close();
  }

  private async hear(description: Description): Promise<void> {
    await this.connection.setRemoteDescription(description);
    for (const candidate of this.early.splice(0)) await this.add(candidate);
    if (description.type !== "offer") return;
    const place = this.connection.getTransceivers()[0];
    if (place) {
      place.direction = "sendrecv";
      await place.sender.replaceTrack(this.wishes.microphone);
    }
    await this.connection.setLocalDescription();
    this.sayLocal();
  }

  private sayLocal(): void {
    const local = this.connection.localDescription;
    if (local?.type === "offer" || local?.type === "answer") this.wishes.send({ description: { type: local.type, sdp: local.sdp }, candidates: [] });
  }

  private async add(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.connection.remoteDescription) await this.connection.addIceCandidate(candidate).catch(() => undefined);
    else this.early.push(candidate);
  }

  private queue(act: () => Promise<void>): void {
    this.work = this.work.then(act).catch((reason: unknown) => {
      if (this.connection.signalingState !== "closed") console.warn("voice line:", reason);
    });
  }
}
