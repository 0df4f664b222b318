import { describe, expect, it } from "vitest";
import { follow, hear, look, NOTHING, pageSeen, placeIn, type Shown } from "./board.ts";

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
});
