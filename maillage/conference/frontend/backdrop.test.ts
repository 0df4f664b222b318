// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { mountBackdrops } from "./backdrop.ts";

const TILE = `<article class="tile"><img data-backdrop-picture alt="" hidden></article>`;
const texts = { backdrops_hide: "Hide", backdrops_show: "Show" };
let stage: HTMLElement;
let button: HTMLButtonElement;

beforeEach(() => {
  localStorage.clear();
  delete document.documentElement.dataset.line;
  document.body.innerHTML = `<div id="stage"></div><button hidden></button>`;
  stage = document.querySelector("#stage")!;
  button = document.querySelector("button")!;
});

function arrive(party: number): HTMLElement {
  stage.insertAdjacentHTML("beforeend", TILE);
  const tile = stage.lastElementChild as HTMLElement;
  tile.dataset.party = String(party);
  return tile;
}

const picture = (tile: HTMLElement): HTMLImageElement => tile.querySelector("img")!;
const settle = (): Promise<void> => new Promise((next) => setTimeout(next));
const line = async (word: string): Promise<void> => {
  document.documentElement.dataset.line = word;
  await settle();
};

test("a room that has one is framed when it arrives, the others are not", async () => {
  mountBackdrops({ stage, addresses: { 7: "/fond/a" }, button, texts });
  const [room, guest] = [arrive(7), arrive(8)];
  await settle();
  expect(picture(room).getAttribute("src")).toBe("/fond/a");
  expect([room.hasAttribute("data-backdrop"), guest.hasAttribute("data-backdrop")]).toEqual([true, false]);
  expect([button.hidden, button.textContent]).toEqual([false, "Hide"]);
});

test("one press hides all, and it is kept on this screen", async () => {
  mountBackdrops({ stage, addresses: { 7: "/fond/a" }, button, texts });
  const room = arrive(7);
  await settle();
  button.click();
  expect([picture(room).hidden, room.hasAttribute("data-backdrop"), button.textContent]).toEqual([true, false, "Show"]);
  expect(localStorage.getItem("maillage.backdrops")).toBe("off");
});

test("a weak line gives it up first, and never fetches it", async () => {
  await line("others_small");
  mountBackdrops({ stage, addresses: { 7: "/fond/a" }, button: null, texts });
  const room = arrive(7);
  await settle();
  expect([picture(room).getAttribute("src"), room.hasAttribute("data-backdrop")]).toEqual([null, false]);
  await line("good");
  expect([picture(room).getAttribute("src"), room.hasAttribute("data-backdrop")]).toEqual(["/fond/a", true]);
  await line("others_small");
  expect([picture(room).hidden, room.hasAttribute("data-backdrop")]).toEqual([true, false]);
});

test("a picture that cannot be had leaves the room's whole", async () => {
  mountBackdrops({ stage, addresses: { 7: "/fond/a" }, button, texts });
  const room = arrive(7);
  await settle();
  picture(room).dispatchEvent(new Event("error"));
  expect(room.hasAttribute("data-backdrop")).toBe(false);
});
