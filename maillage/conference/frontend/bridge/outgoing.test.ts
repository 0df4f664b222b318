/** What is sent to the bridge is set once for each place, and anew for what is shown. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LEAN_SOUND, SOUND } from "../tuning.ts";
import { Outgoing } from "./outgoing.ts";

interface Sender {
  track: MediaStreamTrack | null;
  tuned: RTCRtpSendParameters[];
}

let senders: Sender[];

class FakeConnection {
  localDescription = { sdp: "" };

  addTransceiver(_kind: string, { sendEncodings }: RTCRtpTransceiverInit): object {
    const sender = {
      track: null as MediaStreamTrack | null,
      tuned: [] as RTCRtpSendParameters[],
      getParameters: () => ({ encodings: sendEncodings!.map((one) => ({ ...one })) }),
      setParameters: async (wanted: RTCRtpSendParameters) => void sender.tuned.push(wanted),
      replaceTrack: async (track: MediaStreamTrack | null) => void (sender.track = track),
    };
    senders.push(sender);
    return { sender };
  }
  createOffer = async (): Promise<object> => ({ type: "offer", sdp: "" });
  setLocalDescription = async (): Promise<void> => undefined;
  setRemoteDescription = async (): Promise<void> => undefined;
}

const picture = (contentHint: string): MediaStreamTrack => ({ kind: "video", contentHint }) as MediaStreamTrack;

beforeEach(() => {
  senders = [];
  vi.stubGlobal("RTCPeerConnection", FakeConnection);
  vi.stubGlobal("RTCRtpReceiver", { getCapabilities: () => null });
});
afterEach(() => void vi.unstubAllGlobals());

async function accepted(step: number): Promise<Outgoing> {
  const outgoing = new Outgoing([]);
  outgoing.setStep(step);
  for (const sender of senders) sender.tuned = [];
  await outgoing.admit();
  await outgoing.accept({ type: "answer", sdp: "" });
  return outgoing;
}

it("starts no encoder twice on a good line, and sends less from the start on a weak one", async () => {
  await accepted(0);
  expect(senders.map((one) => one.tuned.length)).toEqual([0, 0, 0]);
  senders = [];
  await accepted(3);
  expect(senders[1]!.tuned.at(-1)!.encodings.map((one) => one.active)).toEqual([false, false, true]);
});

it("sends a lean sound while someone who hears it has a narrow line", async () => {
  const rate = (): number | undefined => senders[0]!.tuned.at(-1)?.encodings[0]!.maxBitrate;
  const outgoing = await accepted(0);
  outgoing.setNarrow(true);
  expect(rate()).toBe(LEAN_SOUND);
  expect(senders.map((one) => one.tuned.length)).toEqual([1, 0, 0]);
  outgoing.setStep(1);
  expect(rate()).toBe(LEAN_SOUND);
  outgoing.setNarrow(false);
  expect(rate()).toBe(SOUND);
  outgoing.setStep(3);
  expect(rate()).toBe(LEAN_SOUND);
});

it("keeps the letters of slides sharp, and the movement of a film", async () => {
  const outgoing = await accepted(0);
  for (const [hint, preference] of [["detail", "maintain-resolution"], ["motion", "maintain-framerate"]] as const) {
    outgoing.send("screen", picture(hint));
    await vi.waitFor(() => expect(senders[2]!.tuned.at(-1)?.degradationPreference).toBe(preference));
  }
});
