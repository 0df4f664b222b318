import { expect, test } from "vitest";
import { mountCallers } from "./callers.ts";

test("a known caller fills in who they are and leaves the rest", () => {
  document.body.innerHTML = `<form><input name="caller" value="Je"><input name="reach"><select name="category">
    <option value="">?</option><option value="craft">craft</option></select><input name="other" value="Rennes">
    <div><button type="button" data-caller="Jeanne Riou" data-reach="0612345678" data-category="craft">J</button></div></form>`;
  const form = document.querySelector("form")!;
  mountCallers(form);
  form.querySelector("button")!.click();
  expect(Object.fromEntries(new FormData(form))).toEqual({
    caller: "Jeanne Riou", reach: "0612345678", category: "craft", other: "Rennes",
  });
  expect(form.querySelector("button")).toBeNull();
  expect(document.activeElement).toBe(form.elements.namedItem("other"));
});
