// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mountCaptions, staysFor } from "./captions.ts";

let list: HTMLElement;
beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = "<ol hidden></ol>";
  list = document.querySelector("ol")!;
});
afterEach(() => void vi.useRealTimers());

const lines = (): string[] => [...list.children].map((line) => line.textContent ?? "");

test("the last two lines are read, each as long as it takes", () => {
  const show = mountCaptions(list);
  for (const sentence of ["Rennes : un", "Rennes : deux", "Callac : trois"]) show(sentence);
  expect([lines(), list.hidden]).toEqual([["Rennes : deux", "Callac : trois"], false]);
  vi.advanceTimersByTime(staysFor("Callac : trois"));
  expect([lines(), list.hidden]).toEqual([[], true]);
});

test("a long line stays longer, never for good", () => {
  expect(staysFor("a".repeat(100))).toBeGreaterThan(staysFor("a"));
  expect(staysFor("a".repeat(1000))).toBe(30_000);
});

test("other pages have their panel and show none", () => mountCaptions(null)("Rennes : un"));
