import { expect, test, vi } from "vitest";
import { showResults } from "./results.ts";

function listWithHeadingAt(top: number): { list: HTMLElement; scrolled: ReturnType<typeof vi.fn> } {
  const list = document.createElement("section");
  const heading = document.createElement("h2");
  const scrolled = vi.fn();
  heading.getBoundingClientRect = () => ({ top }) as DOMRect;
  heading.scrollIntoView = scrolled;
  list.append(heading);
  return { list, scrolled };
}

test("an answer below the screen is brought into view", () => {
  const { list, scrolled } = listWithHeadingAt(window.innerHeight + 200);
  showResults(list);
  expect(scrolled).toHaveBeenCalledOnce();
});

test("an answer in view stays where it is", () => {
  const { list, scrolled } = listWithHeadingAt(80);
  showResults(list);
  expect(scrolled).not.toHaveBeenCalled();
});

test("an empty list does nothing", () => {
  expect(() => showResults(document.createElement("section"))).not.toThrow();
});
