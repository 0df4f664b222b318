// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { News } from "./second_news.ts";
import { REFUSED, SecondWire } from "./second_wire.ts";

const HERE: News = { type: "here", lined: false };
let opened: FakeSocket[];
let heard: News[];
let closed: number[];
let wire: SecondWire;

class FakeSocket {
  static readonly OPEN = 1;
  readyState = 1;
  said: string[] = [];
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: (event: { code: number }) => void = () => undefined;

  constructor() {
    opened.push(this);
  }

  send(text: string): void {
    this.said.push(text);
  }

  close(): void {
    this.readyState = 3;
  }

  hears(message: object): void {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  [opened, heard, closed] = [[], [], []];
  wire = new SecondWire("second", {
    heard: (news) => heard.push(news),
    welcomed: () => undefined,
    closed: (code) => closed.push(code) > 0 && code !== REFUSED,
  });
  wire.keep();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("alone, it says that it is there now and then; with the other end, each time", () => {
  opened[0]!.hears({ type: "welcome" });
  for (let turn = 0; turn < 3; turn++) wire.say(HERE);
  expect(opened[0]!.said).toHaveLength(1);
  opened[0]!.hears({ type: "pointer", spot: null });
  for (let turn = 0; turn < 3; turn++) wire.say(HERE);
  expect(opened[0]!.said).toHaveLength(4);
  expect(heard).toEqual([{ type: "pointer", spot: null }]);
});

test("cut, it comes back by itself, and stays away when its key is refused", () => {
  opened[0]!.onclose({ code: 1006 });
  vi.advanceTimersByTime(1000);
  expect(opened).toHaveLength(2);
  opened[1]!.onclose({ code: REFUSED });
  vi.advanceTimersByTime(60_000);
  expect([opened.length, closed]).toEqual([2, [1006, REFUSED]]);
});

test("a line that died in silence is left for another; one that the server answers on is kept", () => {
  for (let turn = 0; turn < 6; turn++) {
    vi.advanceTimersByTime(10_000);
    opened[0]!.hears({ type: "beat" });
  }
  expect(opened).toHaveLength(1);
  vi.advanceTimersByTime(60_000);
  expect(opened).toHaveLength(2);
  expect(opened[0]!.readyState).toBe(3);
});
