/** The pure rules of the page of a meeting. */
import { describe, expect, it } from "vitest";
import { delayBefore } from "./backoff.ts";
import { barWords } from "./bar.ts";
import { deviceHint } from "./devices.ts";
import { readIdentity, keepIdentity, roomConnection } from "./identity.ts";
import { levelOf } from "./meter.ts";
import { isIgnored, isStale } from "./negotiation.ts";
import { EMPTY, heardOf, mine, others } from "./presence.ts";
import { readHeard, type Present } from "./protocol.ts";
import { orderedCodecs, withAudioNack } from "./sdp.ts";
import { AT_DOOR, next, sendsCamera, sendsScreen, sendsSound, type CallState } from "./state.ts";
import { countersOf, sampleBetween } from "./stats.ts";
import { listWords, partyWords, say } from "./texts.ts";

const present = (party: number, page = `page-${party}`): Present => ({
  party, page, order: party, name: `P${party}`, head_count: 1, microphone: true, camera: true, screen: false, sound_only: false, images: "full",
});

describe("trying again", () => {
  it("waits longer each time, never beyond the longest, and never the same for all", () => {
    expect(delayBefore(0, 1)).toBe(200);
    expect(delayBefore(3, 1)).toBe(1600);
    expect(delayBefore(50, 1)).toBe(2500);
    expect(delayBefore(50, 0)).toBe(1250);
  });
});

describe("presence", () => {
  it("tells who arrived and who left", () => {
    const first = heardOf(EMPTY, { version: 1, present: [present(1)] })!;
    expect(first.arrived.map((one) => one.party)).toEqual([1]);
    const second = heardOf(first.room, { version: 2, present: [present(2)] })!;
    expect(second.arrived.map((one) => one.party)).toEqual([2]);
    expect(second.left.map((one) => one.party)).toEqual([1]);
  });
  it("never goes back to older news", () => {
    const room = heardOf(EMPTY, { version: 5, present: [present(1)] })!.room;
    expect(heardOf(room, { version: 4, present: [] })).toBeNull();
    expect(heardOf(room, { version: 5, present: [present(1)] })!.arrived).toEqual([]);
  });
  it("knows this page from another page of the same party", () => {
    const room = heardOf(EMPTY, { version: 1, present: [present(1, "page-old"), present(2)] })!.room;
    expect(mine(room, 1, "page-new")).toBeUndefined();
    expect(mine(room, 1, "page-old")?.party).toBe(1);
    expect(others(room, 1).map((one) => one.party)).toEqual([2]);
  });
});

describe("when two pages offer at once", () => {
  const colliding = { makingOffer: true, signalingState: "stable" as const };
  it("the polite one yields and the other goes on", () => {
    expect(isIgnored({ polite: false, ...colliding }, "offer")).toBe(true);
    expect(isIgnored({ polite: true, ...colliding }, "offer")).toBe(false);
    expect(isIgnored({ polite: false, makingOffer: false, signalingState: "have-local-offer" }, "offer")).toBe(true);
    expect(isIgnored({ polite: false, makingOffer: false, signalingState: "stable" }, "offer")).toBe(false);
  });
  it("an answer to an offer taken back is dropped", () => {
    expect(isStale({ polite: true, makingOffer: false, signalingState: "stable" }, "answer")).toBe(true);
    expect(isStale({ polite: true, makingOffer: false, signalingState: "have-local-offer" }, "answer")).toBe(false);
  });
});

describe("session descriptions", () => {
  const offer = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n";
  it("ask once for lost sound to be sent again", () => {
    const asked = withAudioNack(offer);
    expect(asked).toContain("a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 nack\r\n");
    expect(withAudioNack(asked)).toBe(asked);
    expect(withAudioNack("v=0\r\n")).toBe("v=0\r\n");
  });
  it("offer H.264 constrained baseline before VP8, and no codec that costs more", () => {
    const codecs = [
      { mimeType: "video/VP8" }, { mimeType: "video/rtx" }, { mimeType: "video/AV1" },
      { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=0;profile-level-id=42e01f" },
      { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1;profile-level-id=42e01f" },
    ];
    const kept = orderedCodecs(codecs);
    expect(kept.filter((codec) => codec.mimeType === "video/AV1")).toEqual([]);
    expect(kept).toHaveLength(3);
  });
});

describe("what is sent", () => {
  const inside: CallState = { ...AT_DOOR, phase: "in", hasCamera: true, hasMicrophone: true };
  it("is what the person wants and the devices allow", () => {
    expect(sendsSound(inside)).toBe(true);
    expect(sendsSound({ ...inside, hasMicrophone: false })).toBe(false);
    expect(sendsCamera(next(inside, { type: "toggle", what: "camera" }))).toBe(false);
  });
  it("is sound alone when sound only is asked", () => {
    const quiet = next({ ...inside, screen: true }, { type: "toggle", what: "soundOnly" });
    expect([sendsSound(quiet), sendsCamera(quiet), sendsScreen(quiet)]).toEqual([true, false, false]);
  });
  it("no longer shows a screen after leaving, and nobody enters after the end", () => {
    const gone = next({ ...inside, screen: true }, { type: "phase", phase: "over" });
    expect(gone.screen).toBe(false);
    expect(next(gone, { type: "entered" }).phase).toBe("over");
    expect(next(inside, { type: "entering" }).phase).toBe("in");
  });
  it("is worded on the buttons", () => {
    expect(barWords(inside)).toEqual({ microphone: "mute", camera: "camera_off", screen: "screen_on", soundOnly: "sound_only_on" });
    expect(barWords(AT_DOOR).microphone).toBe("microphone_none");
    expect(barWords({ ...inside, microphone: false, screen: true })).toMatchObject({ microphone: "unmute", screen: "screen_off" });
  });
});

describe("measures", () => {
  const report = (lost: number, received: number, bytes: number, frames: number): [string, unknown][] => [
    ["a", { id: "a", type: "inbound-rtp", kind: "audio", packetsLost: lost, packetsReceived: received, bytesReceived: bytes, totalAudioEnergy: received / 100, totalSamplesDuration: received / 50 }],
    ["v", { id: "v", type: "inbound-rtp", kind: "video", framesDecoded: frames, bytesReceived: bytes }],
    ["r", { id: "r", type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.05 }],
    ["t", { id: "t", type: "transport", selectedCandidatePairId: "p" }],
    ["p", { id: "p", type: "candidate-pair", currentRoundTripTime: 0.042, localCandidateId: "l" }],
    ["l", { id: "l", type: "local-candidate", candidateType: "relay" }],
  ];
  it("are what happened between two reports", () => {
    const sample = sampleBetween(7, countersOf(report(0, 0, 0, 0), 0), countersOf(report(10, 90, 12_500, 30), 2000));
    expect(sample).toMatchObject({ remote: 7, rtt_ms: 42, loss_in: 0.1, loss_out: 0.05, frames_per_second: 15, kbps_in: 100, path: "relay" });
    expect(sample.audio_level_in).toBeCloseTo(Math.sqrt(0.5));
  });
  it("are empty, not zero, when nothing was heard", () => {
    const nothing = countersOf([], 0);
    expect(sampleBetween(7, nothing, { ...nothing, at: 1000 })).toMatchObject({ loss_in: null, loss_out: null, rtt_ms: null, audio_level_in: null });
  });
  it("of loudness go from silence to full", () => {
    expect(levelOf(new Float32Array(64))).toBe(0);
    expect(levelOf(new Float32Array(64).fill(1))).toBe(1);
  });
});

describe("words", () => {
  it("fill names in, and show a missing text as its key", () => {
    const texts = { party: "{name}, {count} personnes", left: "{name} est parti." };
    expect(partyWords(texts, { name: "Mairie de Houat", head_count: 4 })).toBe("Mairie de Houat, 4 personnes");
    expect(partyWords(texts, { name: "Houat", head_count: 1 })).toBe("Houat");
    expect(say(texts, "left", { name: "<b>" })).toBe("<b> est parti.");
    expect(say(texts, "nowhere")).toBe("nowhere");
    expect(listWords(["Lannion", "Houat", "Rennes"], "fr")).toBe("Lannion, Houat et Rennes");
  });
  it("name a browser shortly", () => {
    expect(deviceHint("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36")).toBe("Chrome 156, Linux");
    expect(deviceHint("")).toBe("");
  });
});

describe("the screen's name", () => {
  it("survives a reload, the page's does not, and being in is remembered", () => {
    sessionStorage.clear();
    const first = readIdentity("token-of-a-party", sessionStorage);
    expect(first.wasIn).toBe(false);
    keepIdentity("token-of-a-party", sessionStorage, first, true);
    const again = readIdentity("token-of-a-party", sessionStorage);
    expect(again.connection).toBe(first.connection);
    expect(again.page).not.toBe(first.page);
    expect(again.wasIn).toBe(true);
  });

  it("is the same for all meetings of a room's own screen, even after its power was cut", () => {
    localStorage.clear();
    sessionStorage.clear();
    const before = readIdentity("token-of-monday", sessionStorage, roomConnection(localStorage));
    sessionStorage.clear();
    const after = readIdentity("token-of-tuesday", sessionStorage, roomConnection(localStorage));
    expect(after.connection).toBe(before.connection);
    expect(after.connection).toMatch(/^[0-9a-f]{24}$/);
    expect(readIdentity("token-of-a-person", sessionStorage).connection).not.toBe(before.connection);
  });
});

describe("the server's messages", () => {
  it("are read if known; a later server's are left alone", () => {
    expect(readHeard('{"type":"beat"}')).toEqual({ type: "beat" });
    expect(readHeard('{"type":"poetry"}')).toBeNull();
    expect(readHeard("null")).toBeNull();
  });
});
