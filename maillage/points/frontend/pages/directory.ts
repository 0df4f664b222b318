/** The directory: suggestions of towns, and the map follows the list. */
import { mountCommuneFields } from "../../../territory/frontend/commune_field.ts";
import { mountPointsMap } from "../canvas.ts";

const map = mountPointsMap();

function follow(): void {
  const slugs = document.querySelector<HTMLElement>("#point-list")?.dataset["slugs"];
  map?.show(slugs === undefined ? null : new Set(slugs.split(" ").filter(Boolean)));
}

mountCommuneFields();
follow();
document.addEventListener("htmx:after:swap", follow);
window.addEventListener("popstate", follow);
