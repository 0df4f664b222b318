/** From one way to another: the old line carries until the new one does. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Handover } from "./handover.ts";
import type { Present } from "./protocol.ts";
import type { Transport, TransportEvents } from "./transport.ts";

const OTHER: Present = {
  party: 7, page: "page-0007", order: 1, name: "Houat", head_count: 1, microphone: true, camera: true, screen: false, sound_only: false, images: "full",
};
const track = (): MediaStreamTrack => ({ kind: "audio", muted: false, readyState: "live", addEventListener: () => undefined }) as unknown as MediaStreamTrack;

class Way implements Transport {
  readonly hearsPages = false;
  isClosed = false;
  readonly events: TransportEvents;

  constructor(events: TransportEvents) {
    this.events = events;
  }
  arrange(): void {}
  receive(): void {}
  send(): void {}
  resume(): void {}
  setStep(): void {}
  shown(): void {}
  measure = async (): Promise<[]> => [];
  follows = (): boolean => false;
  close(): void {
    this.isClosed = true;
  }
}

function begun(): { handover: Handover; played: MediaStreamTrack[]; gone: number[]; go: () => Way } {
  const played: MediaStreamTrack[] = [];
  const gone: number[] = [];
  const handover = new Handover({
    track: (_party, _slot, heard) => void played.push(heard),
    line: () => undefined,
    gone: (party) => void gone.push(party),
    signal: () => undefined,
    lost: () => undefined,
  });
  const go = (): Way => {
    const ways: Way[] = [];
    handover.to((events) => {
      ways.push(new Way(events));
      return ways[0]!;
    });
    return ways[0]!;
  };
  handover.arrange([OTHER], { isIn: true, order: 2, soundOnly: false }, {});
  return { handover, played, gone, go };
}

describe("from one way to another", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("plays the old sound until the new line stands, then lets the old one go a little later", async () => {
    const { played, go, gone } = begun();
    const [before, after] = [track(), track()];
    const old = go();
    old.events.line(7, "connected");
    old.events.track(7, "audio", before);
    const next = go();
    next.events.track(7, "audio", after);
    await vi.advanceTimersByTimeAsync(50);
    expect(played).toEqual([before]);
    next.events.line(7, "connected");
    expect(played).toEqual([before, after]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(old.isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(5000);
    expect([old.isClosed, next.isClosed, gone]).toEqual([true, false, []]);
  });

  it("lets the old line go in time, whoever comes and goes meanwhile", async () => {
    const { handover, go } = begun();
    const old = go();
    old.events.line(7, "connected");
    old.events.track(7, "audio", track());
    const next = go();
    next.events.line(7, "connected");
    next.events.track(7, "audio", track());
    for (let second = 0; second < 10; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      handover.arrange([OTHER], { isIn: true, order: 2, soundOnly: false }, {});
    }
    expect([old.isClosed, next.isClosed]).toEqual([true, false]);
  });

  it("keeps what still plays when a new way comes to nothing", () => {
    const { go } = begun();
    const old = go();
    old.events.line(7, "connected");
    old.events.track(7, "audio", track());
    const failed = go();
    const next = go();
    expect([old.isClosed, failed.isClosed, next.isClosed]).toEqual([false, true, false]);
  });

  it("says for some seconds that what is measured tells of the change, not of the line", async () => {
    const { handover, go } = begun();
    expect(handover.isUnsettled(performance.now())).toBe(false);
    const way = go();
    expect(handover.isUnsettled(performance.now())).toBe(true);
    await vi.advanceTimersByTimeAsync(5000);
    expect(handover.isUnsettled(performance.now())).toBe(false);
    way.events.line(7, "connected");
    expect(handover.isUnsettled(performance.now())).toBe(true);
  });
});
