/** The desk by keyboard: from meeting to meeting, to the filter, to the screens, to the call that waits. The board itself is swapped by htmx. */

import { readBlock, type Texts } from "../../../conference/frontend/texts.ts";
import { DeskLine } from "../desk_line";
import { neighbour } from "../rows";

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-row]")];
const line = new DeskLine(document.querySelector<HTMLElement>("#desk-line")!, readBlock<Texts>("line-texts"));
let remembered = "";

function move(step: 1 | -1): void {
  const all = rows();
  const there = neighbour(all.map((row) => row.id), remembered, step);
  const row = all.find((one) => one.id === there);
  if (!row) return;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLElement && target.matches("[data-row]")) remembered = target.id;
});

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, select, textarea, dialog");
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "r") line.answerFirst();
  else if (event.key === "f") document.querySelector<HTMLElement>("#desk-filter")?.focus();
  else if (event.key === "s") document.querySelector<HTMLAnchorElement>("a[href$='/conciergerie/postes']")?.click();
  else return;
  event.preventDefault();
});

/** A swap must not take the focus away from the meeting one is on. */
document.addEventListener("htmx:after:swap", () => {
  if (remembered && document.activeElement === document.body) document.getElementById(remembered)?.focus({ preventScroll: true });
});
