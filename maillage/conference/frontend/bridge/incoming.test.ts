/** What is received from the bridge: everything wanted, once, whatever the order in which things are asked and told. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Incoming } from "./incoming.ts";
import type { Wanted } from "./feeds.ts";
import type { Data, Handle, Jsep, Told } from "./janus.ts";

interface Place {
  mid: string;
  active: boolean;
  feed_id: string;
  feed_mid: string;
}

/** The subscriptions of one connection, as the bridge keeps them: an update that comes before the answer to its last offer
 *  is put off, and its reply tells nothing of what is sent. */
class FakeBridge {
  readonly places: Place[] = [];
  readonly asked: Data[] = [];
  heard: (told: Told) => void = () => undefined;
  found = (): void => undefined;
  private isAnswered = true;
  private isLate = false;

  trickle(): void {}

  async ask(body: Data, jsep?: Jsep): Promise<Told> {
    this.asked.push(body);
    await Promise.resolve();
    if (jsep) return this.answered();
    for (const { feed, mid } of (body.subscribe ?? body.streams ?? []) as { feed: string; mid: string }[])
      this.places.push({ mid: String(this.places.length), active: true, feed_id: feed, feed_mid: mid });
    for (const { sub_mid } of (body.unsubscribe ?? []) as { sub_mid: string }[]) this.places.find((one) => one.mid === sub_mid)!.active = false;
    if (this.isAnswered) return this.offer();
    this.isLate = true;
    return { data: { videoroom: "updating" }, jsep: null };
  }

  sent(): string[] {
    return this.places.filter((one) => one.active).map((one) => `${one.feed_id} ${one.feed_mid}`);
  }

  /** Offer what is sent now, unasked. */
  change(): void {
    this.heard(this.offer());
  }

  private answered(): Told {
    this.isAnswered = true;
    if (this.isLate) queueMicrotask(() => this.change());
    this.isLate = false;
    return { data: { videoroom: "event", started: "ok" }, jsep: null };
  }

  private offer(): Told {
    this.isAnswered = false;
    return { data: { streams: this.places.map((one) => ({ ...one })) }, jsep: { type: "offer", sdp: "" } };
  }
}

let bridge: FakeBridge;

class FakeConnection {
  connectionState = "connected";
  getTransceivers = (): object[] => bridge.places.map(({ mid }) => ({ mid, receiver: { track: { id: mid } } }));
  setRemoteDescription = async (): Promise<void> => undefined;
  createAnswer = async (): Promise<object> => ({ sdp: "" });
  setLocalDescription = async (): Promise<void> => undefined;
  close = (): void => undefined;
}

const sound = (party: number): Wanted => ({ party, slot: "audio", feed: `site${party}`, mid: "0" });
const camera = (party: number): Wanted => ({ party, slot: "camera", feed: `site${party}`, mid: "1" });
const PUBLISHED = ["site1", "site2"];

beforeEach(() => {
  bridge = new FakeBridge();
  vi.useFakeTimers();
  vi.stubGlobal("RTCPeerConnection", FakeConnection);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const tracks: string[] = [];
function listen(): Incoming {
  tracks.length = 0;
  const track = (party: number, slot: string): void => void tracks.push(`${slot} of ${party}`);
  return new Incoming({ iceServers: [], join: {}, handle: bridge as unknown as Handle, track, changed: () => undefined });
}
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(2000);

it("receives each medium once when more is wanted before the first is there", async () => {
  const incoming = listen();
  incoming.want([sound(1)], PUBLISHED);
  await Promise.resolve();
  incoming.want([sound(1), sound(2)], PUBLISHED);
  incoming.want([sound(1), camera(1), sound(2), camera(2)], PUBLISHED);
  await settled();
  incoming.want([sound(1), camera(1), sound(2), camera(2)], PUBLISHED);
  await settled();
  expect(bridge.sent().sort()).toEqual(["site1 0", "site1 1", "site2 0", "site2 1"]);
  expect([...tracks].sort()).toEqual(["audio of 1", "audio of 2", "camera of 1", "camera of 2"]);
});

it("loses nothing when the bridge puts off what is asked while its own change waits for an answer", async () => {
  const incoming = listen();
  incoming.want([sound(1), camera(1)], PUBLISHED);
  await settled();
  bridge.change();
  incoming.want([sound(1), camera(1), sound(2)], PUBLISHED);
  await settled();
  incoming.want([sound(1), camera(1), sound(2)], PUBLISHED);
  await settled();
  expect(bridge.sent().sort()).toEqual(["site1 0", "site1 1", "site2 0"]);
  expect([incoming.brings(1), incoming.brings(2)]).toEqual([true, true]);
});

it("takes back what is no longer wanted, even if it was while it was on its way, and what came twice", async () => {
  const incoming = listen();
  incoming.want([sound(1), camera(1)], PUBLISHED);
  await Promise.resolve();
  incoming.want([sound(1)], PUBLISHED);
  await settled();
  expect(bridge.sent()).toEqual(["site1 0"]);
  bridge.places.push({ mid: "9", active: true, feed_id: "site1", feed_mid: "0" });
  bridge.change();
  await settled();
  expect(bridge.sent()).toEqual(["site1 0"]);
});

it("shows anew what was not wanted for a moment", async () => {
  const incoming = listen();
  incoming.want([sound(1), camera(1)], PUBLISHED);
  await settled();
  incoming.want([sound(1)], PUBLISHED);
  await settled();
  incoming.want([sound(1), camera(1)], PUBLISHED);
  await settled();
  expect(bridge.sent().sort()).toEqual(["site1 0", "site1 1"]);
  expect(tracks.filter((one) => one === "camera of 1")).toHaveLength(2);
});
