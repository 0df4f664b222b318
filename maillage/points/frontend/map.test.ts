import { describe, expect, it } from "vitest";
import { areOnePlace, clustersOf, fan } from "./clusters.ts";
import { areasOf, spotsOf } from "./outlines.ts";

describe("outlines", () => {
  it("adds the differences up and puts latitude first", () => {
    expect(spotsOf([-6000, 96000, 10, -20], 2000)).toEqual([[48, -3], [47.99, -2.995]]);
  });

  it("takes a shared border backwards for the second area", () => {
    const outlines = {
      scale: 1,
      lines: [[0, 0, 1, 0], [1, 0, 0, 1, -1, -1], [0, 0, 0, -1, 1, 1]],
      areas: [{ name: "A", code: "a", rings: [[0, 1]] }, { name: "B", code: "b", rings: [[2, ~0]] }],
      around: [],
    };
    const [a, b] = areasOf(outlines);
    expect(a!.rings[0]!.slice(0, 2)).toEqual([[0, 0], [0, 1]]);
    expect(b!.rings[0]!.slice(-2)).toEqual([[0, 1], [0, 0]]);
  });
});

describe("marks on the map", () => {
  it("groups those that would overlap and loses none", () => {
    const marks = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 100, y: 0 }];
    const clusters = clustersOf(marks, 28);
    expect(clusters.map((cluster) => cluster.members.length)).toEqual([2, 1]);
    expect(clustersOf(marks, 5)).toHaveLength(3);
  });

  it("fans out marks of one place at least as far apart as asked", () => {
    for (const count of [2, 3, 9, 15]) {
      const spots = fan(count, 34);
      expect(spots).toHaveLength(count);
      for (const [index, spot] of spots.entries())
        for (const other of spots.slice(index + 1)) expect(Math.hypot(spot.x - other.x, spot.y - other.y)).toBeGreaterThan(32);
    }
    expect(fan(1, 34)).toEqual([{ x: 0, y: 0 }]);
  });

  it("knows when going closer is of no use", () => {
    const brest = { latitude: 48.39, longitude: -4.48 };
    expect(areOnePlace([brest, { ...brest }])).toBe(true);
    expect(areOnePlace([brest, { latitude: 48.4, longitude: -4.48 }])).toBe(false);
  });
});
