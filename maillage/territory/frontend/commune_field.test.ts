import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { mountCommuneField, mountCommuneFields, moved } from "./commune_field.ts";

const ANSWER = `<ul data-summary="2 communes">
  <li role="option" data-value="Callac (22160)" data-insee="22025">Callac</li>
  <li role="option" data-value="Cancale (35260)" data-insee="35049">Cancale</li></ul>`;

let input: HTMLInputElement;
let unmount: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = `<form><label for="place">Commune</label><input id="place" data-communes="/communes"></form>`;
  input = document.querySelector("input")!;
  vi.stubGlobal("fetch", vi.fn(async () => new Response(ANSWER)));
  unmount = mountCommuneField(input);
  input.focus();
});
afterEach(() => {
  unmount();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function type(text: string): Promise<void> {
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await vi.advanceTimersByTimeAsync(200);
}
const press = (key: string): boolean => input.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const list = (): HTMLElement => document.querySelector<HTMLElement>("[role=listbox]")!;

describe("the keyboard among suggestions", () => {
  it("goes down to the last one, back to the field, and up from it to the last", () => {
    expect([moved(-1, 1, 2), moved(0, 1, 2), moved(1, 1, 2), moved(-1, -1, 2), moved(0, -1, 2)]).toEqual([0, 1, -1, 1, -1]);
    expect(moved(-1, 1, 0)).toBe(-1);
  });
});

describe("a commune field", () => {
  it("asks once for what was typed in one go, from two characters on", async () => {
    await type("c");
    expect(fetch).not.toHaveBeenCalled();
    await type("côté d'");
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(vi.mocked(fetch).mock.calls[0]![0]).toBe("/communes?q=c%C3%B4t%C3%A9%20d'");
  });

  it("opens a named list, tells how many, and points with the arrows", async () => {
    await type("ca");
    expect(list().hidden).toBe(false);
    expect(list().getAttribute("aria-label")).toBe("Commune");
    expect(input.getAttribute("aria-expanded")).toBe("true");
    expect(document.querySelector("[role=status]")!.textContent).toBe("2 communes");
    press("ArrowDown");
    const pointed = document.getElementById(input.getAttribute("aria-activedescendant")!)!;
    expect(pointed.dataset["insee"]).toBe("22025");
    expect(pointed.getAttribute("aria-selected")).toBe("true");
  });

  it("writes the chosen commune as the server reads it and tells the form", async () => {
    const changed = vi.fn();
    document.querySelector("form")!.addEventListener("change", changed);
    await type("ca");
    press("ArrowDown");
    press("ArrowDown");
    expect(press("Enter")).toBe(false); // it does not send the form
    expect(input.value).toBe("Cancale (35260)");
    expect(list().hidden).toBe(true);
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it("lets Enter send the form when nothing is pointed at", async () => {
    await type("ca");
    expect(press("Enter")).toBe(true);
    expect(input.value).toBe("ca");
  });

  it("closes on Escape and keeps what was typed", async () => {
    await type("ca");
    press("Escape");
    expect(list().hidden).toBe(true);
    expect(input.value).toBe("ca");
  });

  it("takes a click", async () => {
    await type("ca");
    list().querySelector<HTMLElement>("li")!.click();
    expect(input.value).toBe("Callac (22160)");
  });

  it("stays a plain field when the network is away", async () => {
    vi.mocked(fetch).mockRejectedValueOnce(new TypeError("offline"));
    await type("ca");
    expect(list().hidden).toBe(true);
    expect(input.value).toBe("ca");
  });

  it("leaves the page as it found it", () => {
    unmount();
    expect(document.querySelector("[role=listbox]")).toBeNull();
    expect(input.hasAttribute("role")).toBe(false);
    expect(input.parentElement!.tagName).toBe("FORM");
  });

  it("is mounted once, however often the page is looked over", () => {
    mountCommuneFields();
    expect(document.querySelectorAll("[role=listbox]")).toHaveLength(1);
  });
});
