import { expect, test } from "vitest";
import { neighbour } from "./rows";

test.each([
  ["b", 1, "c"],
  ["b", -1, "a"],
  ["c", 1, "c"],
  ["a", -1, "a"],
  ["gone", 1, "a"],
  ["", -1, "a"],
] as const)("from %s by %s one comes to %s", (present, step, there) => {
  expect(neighbour(["a", "b", "c"], present, step)).toBe(there);
});

test("an empty day has no row", () => {
  expect(neighbour([], "a", 1)).toBeUndefined();
});
