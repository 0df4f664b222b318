import { describe, expect, it } from "vitest";
import { follow, hear, look, NOTHING, pageSeen, pictureBox, placeIn, type Shown } from "./board.ts";
import { drawAt, moved, Pointing, spotOf } from "./pointing.ts";
import { ninthOf } from "./screen_pointer.ts";

const shown = (over: Partial<Shown>): Shown => ({ version: 1, document: 7, name: "Plan", pages: 5, page: 1, by: 1, ...over });

describe("the shared page", () => {
  it("ignores older news", () => {
    const board = hear(NOTHING, shown({ version: 4, page: 3 }));
    expect(hear(board, shown({ version: 3, page: 1 }))).toBe(board);
  });

  it("leaves alone a side that looks back, until it follows again or meets the shown page", () => {
    const alone = look(hear(NOTHING, shown({ page: 3 })), -1);
    expect(pageSeen(alone)).toBe(2);
    const turned = hear(alone, shown({ version: 2, page: 4 }));
    expect(pageSeen(turned)).toBe(2);
    expect(pageSeen(follow(turned))).toBe(4);
    expect(hear(alone, shown({ version: 2, page: 2 })).alone).toBeNull();
    expect(look(alone, 1).alone).toBeNull();
  });

  it("never turns past the ends, and another document brings everyone together", () => {
    const first = hear(NOTHING, shown({}));
    expect(pageSeen(look(first, -1))).toBe(1);
    expect(pageSeen(look(look(first, 9), 9))).toBe(5);
    expect(hear(look(first, 2), shown({ version: 2, document: 8 })).alone).toBeNull();
  });
});

describe("pointing", () => {
  it("gives shares of the page and nothing beside it", () => {
    const box = { left: 100, top: 50, width: 400, height: 200 };
    expect(placeIn(box, { x: 200, y: 150 })).toEqual({ x: 0.25, y: 0.5 });
    expect(placeIn(box, { x: 99, y: 150 })).toBeNull();
  });
  it("knows where a picture lies that is shown whole in its place", () => {
    const box = { left: 100, top: 50, width: 400, height: 200 };
    expect(pictureBox(box, 400, 400)).toEqual({ left: 200, top: 50, width: 200, height: 200 });
    expect(pictureBox(box, 800, 200)).toEqual({ left: 100, top: 100, width: 400, height: 100 });
    expect(pictureBox(box, 0, 0)).toEqual(box);
  });
  it("moves by arrow keys, within the picture", () => {
    expect(moved({ x: 0.5, y: 0.99 }, "ArrowDown")).toEqual({ x: 0.5, y: 1 });
    expect(moved({ x: 0.5, y: 0.5 }, "ArrowLeft")).toEqual({ x: 0.48, y: 0.5 });
    expect(moved({ x: 0.5, y: 0.5 }, "Enter")).toBeNull();
  });
  it("is told ten times a second at most, and that it is over at once", () => {
    const told: unknown[] = [];
    const pointing = new Pointing((spot) => told.push(spot));
    pointing.point({ x: 0, y: 0 }, 0);
    pointing.toggle();
    for (const now of [0, 50, 100]) pointing.point({ x: 0.1, y: now / 100 }, now);
    pointing.toggle();
    expect(told).toEqual([{ x: 0.5, y: 0.5 }, { x: 0.1, y: 0 }, { x: 0.1, y: 1 }, null]);
  });
  it("is read back where it was drawn, for a second screen", () => {
    const pointer = document.createElement("span");
    drawAt(pointer, { x: 0.5, y: 0.25 }, { left: 10, top: 0 }, { left: 110, top: 20, width: 400, height: 200 });
    expect([pointer.style.left, pointer.style.top, spotOf(pointer)]).toEqual(["300px", "70px", { x: 0.5, y: 0.25 }]);
    drawAt(pointer, null, { left: 0, top: 0 }, { left: 0, top: 0, width: 1, height: 1 });
    expect([pointer.hidden, spotOf(pointer), spotOf(null)]).toEqual([true, null, null]);
  });
  it("is put in words for who shows the screen", () => {
    expect([ninthOf({ x: 0, y: 0 }), ninthOf({ x: 0.5, y: 0.9 }), ninthOf({ x: 1, y: 0.5 })]).toEqual(["screen_0_0", "screen_2_1", "screen_1_2"]);
  });
});
