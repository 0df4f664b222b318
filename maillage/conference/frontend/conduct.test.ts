/** The pure rules of the conduct, as the page shows them. */
import { describe, expect, it } from "vitest";
import { linesAfter, type Line } from "./chat.ts";
import { clock, itemLeft, maySpeak, moved, turnLeft, type Conduct, type Floor } from "./conduct.ts";
import { newsBetween } from "./conduct_news.ts";
import { isForThePage } from "./shortcuts.ts";
import { SpeakerOrder } from "./speaker.ts";
import { AT_DOOR, next, sendsSound } from "./state.ts";
import { SpeechCount } from "./voice.ts";

const [OUESSANT, HOUAT, RENNES] = [1, 2, 3] as const;
const floor = (values: Partial<Floor> = {}): Floor => ({
  mode: "free", present: [OUESSANT, HOUAT, RENNES], chair: OUESSANT, holder: null, held_since: 0, box_seconds: null, queue: [], round_left: [], ...values,
});
const conduct = (values: Partial<Conduct> = {}): Conduct => ({
  version: 1, now: 100, entry: "open", floor: floor(), agenda: null, introductions: {}, knocks: [], spoken: {}, ...values,
});
const hand = (site: number) => ({ site, raised_at: 0, is_reply: false });

describe("the floor", () => {
  it("lets everyone speak when free, else the holder and who leads", () => {
    expect(maySpeak(floor(), RENNES)).toBe(true);
    const strict = floor({ mode: "strict", holder: HOUAT });
    expect([OUESSANT, HOUAT, RENNES].map((site) => maySpeak(strict, site))).toEqual([true, true, false]);
    expect(maySpeak(null, RENNES)).toBe(true);
  });

  it("moves a hand by one place and not past the ends", () => {
    const queue = [hand(OUESSANT), hand(HOUAT), hand(RENNES)];
    expect(moved(queue, RENNES, -1)).toEqual([OUESSANT, RENNES, HOUAT]);
    expect(moved(queue, OUESSANT, -1)).toBeNull();
    expect(moved(queue, 9, 1)).toBeNull();
  });

  it("counts a turn down and past its time", () => {
    const held = floor({ holder: HOUAT, held_since: 100, box_seconds: 60 });
    expect(turnLeft(held, 130)).toBe(30);
    expect(turnLeft(held, 170)).toBe(-10);
    expect(turnLeft(floor({ holder: HOUAT }), 170)).toBeNull();
  });

  it("shuts the microphone of a side that may not speak, and never opens it by itself", () => {
    const inside = { ...AT_DOOR, phase: "in" as const, hasMicrophone: true };
    const held = next(inside, { type: "floor", allowed: false });
    expect(sendsSound(held)).toBe(false);
    expect(sendsSound(next(held, { type: "toggle", what: "microphone" }))).toBe(false);
    const freed = next(held, { type: "floor", allowed: true });
    expect(sendsSound(freed)).toBe(false);
    expect(sendsSound(next(freed, { type: "toggle", what: "microphone" }))).toBe(true);
    expect(next(inside, { type: "floor", allowed: true })).toBe(inside);
  });
});

describe("what is said of a change", () => {
  it("tells a side of its own turn with two notes, the others in words alone", () => {
    const after = conduct({ floor: floor({ mode: "strict", holder: HOUAT }) });
    expect(newsBetween(conduct(), after, HOUAT)).toContainEqual({ key: "your_turn", party: HOUAT, rings: true });
    expect(newsBetween(conduct(), after, RENNES)).toContainEqual({ key: "turn_of", party: HOUAT, rings: false });
  });

  it("tells of hands to who leads only, and of who knocks to all", () => {
    const knock = { party: 9, name: "Groix", head_count: 1, kind: "phone" as const, since: 0, all_open_at: 120 };
    const after = conduct({ floor: floor({ queue: [hand(RENNES)] }), knocks: [knock] });
    expect(newsBetween(conduct(), after, OUESSANT).map((news) => news.key)).toEqual(["knocks", "hand_of"]);
    expect(newsBetween(conduct(), after, HOUAT).map((news) => news.key)).toEqual(["knocks"]);
    expect(newsBetween(after, after, OUESSANT)).toEqual([]);
  });
});

describe("time", () => {
  it("is written as on a clock", () => {
    expect([clock(5), clock(125), clock(-3725)]).toEqual(["0:05", "2:05", "1:02:05"]);
  });

  it("of an open item runs, of another stands", () => {
    const items = [{ title: "Budget", planned_seconds: 600, spent_seconds: 60 }, { title: "Divers", planned_seconds: 300, spent_seconds: 0 }];
    const agenda = { items, current: 0, opened_at: 100, is_over: false };
    expect([itemLeft(agenda, 0, 200), itemLeft(agenda, 1, 200)]).toEqual([440, 300]);
  });

  it("spoken counts speech and the breath after it", () => {
    const count = new SpeechCount();
    for (const level of [0.5, 0.5, 0, 0, 0, 0, 0]) count.hear(level);
    expect(count.take()).toBeCloseTo(0.8);
    expect(count.take()).toBe(0);
  });
});

describe("who speaks", () => {
  it("is the loudest for long enough, and stays through silence", () => {
    const order = new SpeakerOrder();
    expect(order.round(new Map([[HOUAT, 0.5]]))).toBe(true);
    order.round(new Map([[RENNES, 0.6]]));
    expect(order.speaker).toBe(HOUAT);
    for (let round = 0; round < 3; round += 1) order.round(new Map([[RENNES, 0.6]]));
    expect(order.speaker).toBe(RENNES);
    order.round(new Map());
    expect(order.speaker).toBe(RENNES);
    order.left(RENNES);
    expect(order.speaker).toBeNull();
  });
});

describe("lines and keys", () => {
  it("shows each line once, in its order", () => {
    const line = (id: number): Line => ({ id, party: 1, name: "P", at: 0, text: String(id) });
    expect(linesAfter([line(1), line(3)], [line(2), line(3)]).map((one) => one.id)).toEqual([1, 2, 3]);
  });

  it("leaves keys to fields, dialogs and the browser", () => {
    const plain = { ctrlKey: false, altKey: false, metaKey: false, defaultPrevented: false };
    expect(isForThePage(plain, { closest: () => null })).toBe(true);
    expect(isForThePage(plain, { closest: () => ({}) as Element })).toBe(false);
    expect(isForThePage({ ...plain, ctrlKey: true }, null)).toBe(false);
  });
});
