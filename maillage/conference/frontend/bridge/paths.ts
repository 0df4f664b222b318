/** The paths to the bridge that it tells by and by: kept until its description is there, then tried at once. Without them the
 *  bridge alone looks for a path, and not before it has read ours. */
import type { Handle } from "./janus.ts";

export class Paths {
  private readonly connection: RTCPeerConnection;
  private early: RTCIceCandidateInit[] | null = [];

  constructor(connection: RTCPeerConnection, handle: Handle) {
    this.connection = connection;
    handle.found = (candidate) => (this.early ? this.early.push(candidate) : this.add(candidate));
  }

  /** The description of the other end is in place. */
  open(): void {
    const { early } = this;
    this.early = null;
    for (const candidate of early ?? []) this.add(candidate);
  }

  private add(candidate: RTCIceCandidateInit): void {
    this.connection.addIceCandidate(candidate).catch(() => undefined); // one of no use is no loss
  }
}
