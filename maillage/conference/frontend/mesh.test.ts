/** With whom a page makes direct lines. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Mesh } from "./mesh.ts";
import type { Present } from "./protocol.ts";

const present = (party: number, page: string): Present => ({
  party, page, order: party, name: "Houat", head_count: 1, microphone: true, camera: true, screen: false, sound_only: false, images: "full",
});

class Connection extends EventTarget {
  connectionState = "new";
  iceConnectionState = "new";
  signalingState = "stable";
  localDescription: RTCSessionDescriptionInit | null = null;
  addTransceiver = () => ({ sender: { setParameters: async () => undefined, getParameters: () => ({ encodings: [] }), replaceTrack: async () => undefined }, setCodecPreferences: () => undefined });
  getTransceivers = () => [];
  close = () => undefined;
  createOffer = async () => ({ type: "offer", sdp: "v=0\r\n" });
  setLocalDescription = async () => {
    this.localDescription = { type: "offer", sdp: "v=0\r\n" };
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("RTCPeerConnection", Connection);
  vi.stubGlobal("MediaStream", class {});
  vi.stubGlobal("RTCRtpReceiver", { getCapabilities: () => ({ codecs: [] }) });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("offers a line to a browser, and none to a terminal, however long it is there", async () => {
  const offered: [number, string][] = [];
  const mesh = new Mesh([], { track: () => undefined, line: () => undefined, gone: () => undefined, lost: () => undefined, signal: (to, page) => void offered.push([to, page]) });

  mesh.arrange([present(2, "page-0002"), present(3, "sip.85b540c4")], { isIn: true, order: 1, soundOnly: false }, {});
  await vi.advanceTimersByTimeAsync(3500);
  mesh.close();

  expect(new Set(offered.map(([to]) => to))).toEqual(new Set([2]));
});
