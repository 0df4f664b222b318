import { expect, test } from "vitest";
import { clock, drawnBetween, mountPlanning } from "./planning.ts";

test("hours drawn from left to right or back are the same, whole quarters", () => {
  expect(drawnBetween(120, 239, 600, 28, 60)).toEqual({ start: 40, end: 52 });
  expect(drawnBetween(239, 120, 600, 28, 60)).toEqual({ start: 40, end: 52 });
});

test("a press without a move is one quarter, and the pointer may leave the lane", () => {
  expect(drawnBetween(0, 0, 600, 28, 60)).toEqual({ start: 28, end: 29 });
  expect(drawnBetween(300, 5000, 600, 28, 60)).toEqual({ start: 58, end: 88 });
  expect(drawnBetween(-50, 10, 600, 0, 96)).toEqual({ start: 0, end: 2 });
});

test("the end of the day is midnight", () => {
  expect([clock(0), clock(37), clock(96)]).toEqual(["00:00", "09:15", "00:00"]);
});

test("drawing over a lane fills the form and moves to what is left to say", () => {
  document.body.innerHTML = `
    <div id="lanes" data-first="28" data-quarters="60" data-day="2026-11-24"><ol data-lane="7"><li id="taken"></li></ol></div>
    <form><select name="room"><option value="1"></option><option value="7"></option></select><input name="day"><input name="start">
    <input name="end"><input name="last_day" value="2026-12-01"><input name="note"></form>`;
  const lane = document.querySelector<HTMLElement>("ol")!;
  lane.getBoundingClientRect = () => ({ left: 100, width: 600 }) as DOMRect;
  const form = document.querySelector("form")!;
  const undo = mountPlanning(document.querySelector<HTMLElement>("#lanes")!, form);
  const press = (target: HTMLElement, type: string, clientX: number): boolean =>
    target.dispatchEvent(new MouseEvent(type, { clientX, button: 0, bubbles: true }));
  press(document.querySelector<HTMLElement>("#taken")!, "pointerdown", 150);
  expect(lane.children).toHaveLength(1);
  press(lane, "pointerdown", 220);
  press(document.body, "pointermove", 300);
  expect(lane.lastElementChild!.textContent).toBe("10:00 – 12:15");
  press(document.body, "pointerup", 339);
  expect(Object.fromEntries(new FormData(form))).toMatchObject({ room: "7", day: "2026-11-24", start: "10:00", end: "13:00", last_day: "" });
  expect(document.activeElement).toBe(form.elements.namedItem("note"));
  expect(lane.children).toHaveLength(1);
  undo();
  press(lane, "pointerdown", 220);
  expect(lane.children).toHaveLength(1);
});
