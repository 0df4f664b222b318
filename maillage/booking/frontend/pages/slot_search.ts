/** The sentence: suggestions under its towns, and the answer brought into view when it would appear below the screen. */
import { mountCommuneFields } from "../../../territory/frontend/commune_field.ts";
import { showResults } from "../results.ts";

mountCommuneFields();
document.addEventListener("htmx:after:swap", () => {
  mountCommuneFields();
  const list = document.querySelector<HTMLElement>("#slot-list");
  if (list) showResults(list);
});
