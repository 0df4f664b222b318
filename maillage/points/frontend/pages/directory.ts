/** The directory: suggestions of towns, and the map follows the list. */
import { mountCommuneFields } from "../../../territory/frontend/commune_field.ts";
import { mountPointsMap } from "../canvas.ts";

const map = mountPointsMap();

function follow(): void {
  const { slugs, near } = document.querySelector<HTMLElement>("#point-list")?.dataset ?? {};
  map?.show(setOf(slugs), setOf(near));
}

function setOf(words: string | undefined): ReadonlySet<string> | null {
  return words === undefined ? null : new Set(words.split(" ").filter(Boolean));
}

mountCommuneFields();
follow();
document.addEventListener("htmx:after:swap", follow);
window.addEventListener("popstate", follow);
